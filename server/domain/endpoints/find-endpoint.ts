import { endpointKinds } from "#common/contracts/endpoint.ts";
import type { Role } from "#common/role.ts";
import type { Connection } from "#generated/prisma/client.ts";
import { AppError } from "#server/errors.ts";
import { findCluster } from "../clusters/find-cluster.ts";
import type { TeamContext } from "../context.ts";

/** An endpoint of a cluster of this team; a connection of another kind is none. */
export async function findEndpoint(
  ctx: TeamContext,
  { cluster, connectionId }: { cluster: string; connectionId: string },
  needed: Role,
): Promise<Connection> {
  const { connections } = await findCluster(ctx, cluster, needed);
  const found = connections.find(({ id }) => id === connectionId);
  if (!found || !isEndpoint(found)) throw new AppError("not-found", "connection-not-found");
  return found;
}

export function isEndpoint({ kind }: { kind: string }): boolean {
  return endpointKinds.some((each) => each === kind);
}
