import { type ClusterView, type ConnectionView, connectionTestSchema } from "#common/contracts/cluster.ts";
import type { Connection } from "#generated/prisma/client.ts";
import type { TeamContext } from "../context.ts";
import { connectionSettingsSchema, defaultBudget } from "./connection-settings.ts";
import type { ClusterRow } from "./find-cluster.ts";
import { roleOn } from "./role-on.ts";

/** A test that nobody reported on for this long is not under way any more. */
const testLastsAtMostMs = 60_000;

const storedTest = connectionTestSchema.nullable();

export async function toClusterViews(ctx: TeamContext, clusters: ClusterRow[]): Promise<ClusterView[]> {
  const ids = clusters.flatMap((cluster) => cluster.connections.map((connection) => connection.id));
  const credentials = await ctx.db.credential.findMany({
    where: { teamId: ctx.team.id, connectionId: { in: ids } },
    select: { connectionId: true },
  });
  const withCredential = new Set(credentials.map((credential) => credential.connectionId));
  return clusters.map(({ id, slug, name, practice, managed, production, createdAt, connections }) => ({
    id,
    slug,
    name,
    practice,
    managed,
    production,
    createdAt,
    role: roleOn(ctx, id),
    connections: connections.map((connection) =>
      toConnectionView(connection, withCredential.has(connection.id), ctx.now()),
    ),
  }));
}

function toConnectionView(connection: Connection, hasCredential: boolean, now: Date): ConnectionView {
  const settings = connectionSettingsSchema.parse(connection.settings);
  return {
    id: connection.id,
    kind: connection.kind,
    name: connection.name,
    address: connection.address,
    hasCredential,
    credentialKind: hasCredential ? settings.credentialKind : "none",
    test: storedTest.parse(connection.lastTest),
    testedAt: connection.lastTestAt,
    budget: connection.kind === "kubernetes" ? (settings.budget ?? defaultBudget) : null,
    testing: isUnderWay(settings.testRequestedAt, connection.lastTestAt, now),
  };
}

function isUnderWay(requestedAt: string | undefined, reportedAt: Date | null, now: Date): boolean {
  if (requestedAt === undefined) return false;
  const requestedMs = Date.parse(requestedAt);
  if (reportedAt && reportedAt.getTime() >= requestedMs) return false;
  return now.getTime() - requestedMs < testLastsAtMostMs;
}
