import type { Role } from "#common/role.ts";
import type { Connection } from "#generated/prisma/client.ts";
import { AppError } from "#server/errors.ts";
import { findCluster } from "../clusters/find-cluster.ts";
import type { TeamContext } from "../context.ts";
import { type HostSettings, hostSettingsSchema } from "./settings.ts";

/** A group of hosts of this team; a connection of another kind is none. */
export async function findGroup(
  ctx: TeamContext,
  { cluster, connectionId }: { cluster: string; connectionId: string },
  needed: Role = "viewer",
): Promise<{ connection: Connection; settings: HostSettings }> {
  const { connections } = await findCluster(ctx, cluster, needed);
  const connection = connections.find(({ id, kind }) => id === connectionId && kind === "ssh");
  if (!connection) throw new AppError("not-found", "connection-not-found");
  return { connection, settings: hostSettingsSchema.parse(connection.settings) };
}
