import type { EndpointView } from "#common/contracts/endpoint.ts";
import { connectionSettingsSchema } from "../clusters/connection-settings.ts";
import { findCluster } from "../clusters/find-cluster.ts";
import { toClusterViews } from "../clusters/views.ts";
import type { TeamContext } from "../context.ts";

/** A cluster's endpoints by kind and name. */
export async function listEndpoints({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { cluster: string };
}): Promise<EndpointView[]> {
  const cluster = await findCluster(ctx, input.cluster);
  const [view] = await toClusterViews(ctx, [cluster]);
  const byId = new Map(view?.connections.map((connection) => [connection.id, connection]));
  const found = cluster.connections.flatMap((connection): EndpointView[] => {
    const { endpoint } = connectionSettingsSchema.parse(connection.settings);
    const shown = byId.get(connection.id);
    if (!endpoint || !shown) return [];
    const { id, name, hasCredential: hasSecret, test, testedAt, testing } = shown;
    return [{ id, name, endpoint, hasSecret, test, testedAt, testing }];
  });
  return found.toSorted(
    (one, other) =>
      one.endpoint.kind.localeCompare(other.endpoint.kind) || one.name.localeCompare(other.name),
  );
}
