import type { HostGroupView, HostOutcome, HostView } from "#common/contracts/host.ts";
import type { Connection } from "#generated/prisma/client.ts";
import { detailToken } from "#server/connectors/read-error.ts";
import { judgeHostKey } from "#server/connectors/ssh/host-key.ts";
import {
  fingerprint,
  hostName,
  type KnownHosts,
  keyType,
  knownHosts,
  readKnownHosts,
} from "#server/connectors/ssh/known-hosts.ts";
import { findCluster } from "../clusters/find-cluster.ts";
import type { TeamContext } from "../context.ts";
import { addressesOf, hostReportSchema, hostSettingsSchema } from "./settings.ts";

/** A look that nobody reported on for this long is not under way any more. */
const looksAtMostMs = 10 * 60_000;

/** The groups of hosts of a cluster, each host with what is known of its key and how it answered last. */
export async function listHostGroups({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { cluster: string };
}): Promise<HostGroupView[]> {
  const { connections } = await findCluster(ctx, input.cluster);
  const groups = connections.filter(({ kind }) => kind === "ssh");
  const credentials = await ctx.db.credential.findMany({
    where: { teamId: ctx.team.id, connectionId: { in: groups.map(({ id }) => id) } },
    select: { connectionId: true },
  });
  const withCredential = new Set(credentials.map(({ connectionId }) => connectionId));
  return groups.map((connection) => toView(connection, withCredential.has(connection.id), ctx.now()));
}

function toView(connection: Connection, hasCredential: boolean, now: Date): HostGroupView {
  const settings = hostSettingsSchema.parse(connection.settings);
  const { hostGroup: group, testRequestedAt } = settings;
  const report = hostReportSchema.parse(connection.lastTest ?? {});
  const lookUp = knownHosts(readKnownHosts(settings.knownHosts).keys);
  const outcomes = new Map(report.hosts.map((outcome) => [outcome.host, outcome]));
  const listed = addressesOf(group).map((address) => ({ name: hostName(address), at: address }));
  const jump = group.jump ? [{ name: hostName(group.jump), at: group.jump }] : [];
  // Of a group that takes the nodes, those are known that were there when it was looked at last.
  const found = group.nodes ? report.hosts.map(({ host }) => ({ name: host, at: placeOf(host) })) : [];
  const all = new Map([...jump, ...listed, ...found].map((each) => [each.name, each]));
  const jumpName = jump[0]?.name;
  const requestedMs = testRequestedAt ? Date.parse(testRequestedAt) : Number.NEGATIVE_INFINITY;
  const reported = connection.lastTestAt !== null && connection.lastTestAt.getTime() >= requestedMs;
  return {
    id: connection.id,
    group,
    hasCredential,
    hasCertificate: settings.hasCertificate,
    looking: !reported && now.getTime() - requestedMs < looksAtMostMs,
    lookedAt: connection.lastTestAt,
    problem: report.problem ?? null,
    hosts: [...all.values()].map(({ name, at }) => ({
      ...toHostView(name, lookUp(at), outcomes.get(name)),
      isJump: name === jumpName,
    })),
  };
}

function toHostView(
  name: string,
  known: ReturnType<KnownHosts>,
  outcome: HostOutcome | undefined,
): Omit<HostView, "isJump"> {
  const key = outcome?.key ? Buffer.from(outcome.key, "base64") : undefined;
  return {
    name,
    keyState: stateOf(name, known, key),
    known: known.accepted.map((each) => fingerprint(each.key)),
    shown: key ? { type: keyType(key), fingerprint: fingerprint(key) } : null,
    ok: outcome ? outcome.ok : null,
    reason: outcome?.reason ?? null,
  };
}

function stateOf(name: string, known: ReturnType<KnownHosts>, key: Buffer | undefined): HostView["keyState"] {
  if (!key) return known.accepted.length > 0 ? "confirmed" : "unseen";
  const refusal = judgeHostKey(key, known, name);
  const token = refusal ? detailToken(refusal) : "";
  if (token === "host-key-revoked") return "revoked";
  if (token === "host-key-changed") return "changed";
  return token === "host-key-unknown" ? "waiting" : "confirmed";
}

/** The place a host's name was made of. */
function placeOf(name: string): { host: string; port: number } {
  const match = /^\[(.*)\]:(\d+)$/.exec(name);
  return match ? { host: match[1] ?? "", port: Number(match[2]) } : { host: name, port: 22 };
}
