import ssh2 from "ssh2";
import { apiScopes } from "#common/contracts/api-key.ts";
import { channelDraftSchema } from "#common/contracts/channel.ts";
import { scheduleDraftSchema } from "#common/contracts/schedule.ts";
import type { Role } from "#common/role.ts";
import { roles } from "#common/role.ts";
import { checks } from "#server/checks/registry.gen.ts";
import { createApiKey } from "#server/domain/api-keys/create.ts";
import { createChannel } from "#server/domain/channels/create.ts";
import { connectCluster } from "#server/domain/clusters/connect.ts";
import { getCluster } from "#server/domain/clusters/get.ts";
import { addComment } from "#server/domain/comments/add.ts";
import { addEndpoint } from "#server/domain/endpoints/add.ts";
import { addHostGroup } from "#server/domain/hosts/add.ts";
import { importNotes } from "#server/domain/notes/import.ts";
import { setParams } from "#server/domain/params/set.ts";
import { makeResetLink } from "#server/domain/password-resets/make.ts";
import { saveView } from "#server/domain/saved-views/save.ts";
import { createSchedule } from "#server/domain/schedules/create.ts";
import { startSession } from "#server/domain/sessions/start.ts";
import { createShare } from "#server/domain/shares/create.ts";
import { getTeam } from "#server/domain/team/get.ts";
import { invite } from "#server/domain/team/invite.ts";
import { createTeamRunbook } from "#server/domain/team-runbooks/create.ts";
import { getTeamRunbook } from "#server/domain/team-runbooks/get.ts";
import type { Person, TestInstance } from "./instance.ts";
import { makeKubeconfig } from "./kubeconfig.ts";
import { makeFindings, makeLife, makeResult, makeRun } from "./run-rows.ts";

/** Says nothing of the team: whoever sends it gets it back. */
const runbookText = `---
title: Notes
summary: What was written down.
---

\`\`\`check
id: uptime
title: It is up
why: Nothing else works otherwise.
remedy: Start it.
host:
  command: [uptime]
expect: output.exitCode == 0
\`\`\`
`;

export type TeamWorld = Awaited<ReturnType<typeof createTeamWorld>>;

const server = "https://10.20.30.40:6443";

const endpoint = {
  ...{ kind: "mysql" as const, address: "10.20.30.40:3306", tls: "verified" as const },
  username: "reader",
};

const hostKey = ssh2.utils.generateKeyPairSync("ed25519");
const hostGroup = {
  ...{ name: "Hosts", hosts: "10.20.30.[41-43]", nodes: null, user: "weekbook", port: 22 },
  ...{ jump: null, sudo: false },
};

const notes = {
  name: "notes.txt",
  entries: [{ week: null, title: "Entry", sections: [{ title: null, depth: 0, markdown: "Some text." }] }],
};

/** a parameter of a check, and a value it accepts */
const [kept = { check: "", values: {} }] = checks.flatMap((check) => {
  if (check.target !== "kubernetes" || check.effect !== "read") return [];
  const defaults = Object.entries(check.params.safeParse({}).data ?? {});
  return defaults.slice(0, 1).map(([name, value]) => ({ check: check.id, values: { [name]: value } }));
});

/** A team with something of everything, a person of each role in it, and a stranger who owns another team. */
export async function createTeamWorld(instance: TestInstance, token: string) {
  const { db } = instance;
  const team = await instance.team();
  const strangersTeam = await instance.team();
  const contexts = {} as Record<Role, Awaited<ReturnType<TestInstance["member"]>>>;
  for (const role of roles) contexts[role] = await instance.member(team, role);
  const stranger = await instance.member(strangersTeam, "owner");
  const bystander = await instance.member(team, "viewer");
  const { owner } = contexts;
  const source = { type: "token" as const, server, token };
  const name = `Cluster of ${team.slug}`;
  const { slug } = await connectCluster({ ctx: owner, input: { name, production: true, source } });
  const cluster = await getCluster({ ctx: owner, input: { cluster: slug } });
  const other = await connectCluster({
    ctx: owner,
    input: { name: `Other ${name}`, production: false, source },
  });
  const { connectionId: endpointId } = await addEndpoint({
    ctx: owner,
    input: { cluster: slug, name: `Database of ${team.slug}`, endpoint, secret: token },
  });
  const hostSecret = { privateKey: hostKey.private };
  const { connectionId: hostGroupId } = await addHostGroup({
    ctx: owner,
    input: { cluster: slug, group: hostGroup, secret: hostSecret, knownHosts: "" },
  });
  const place = { db, teamId: team.id, clusterId: cluster.id };
  const earlier = await makeRun(place);
  const run = await makeRun(place, { status: "running", verdict: null, endedAt: null });
  const result = await makeResult(place, run.id);
  await makeFindings(db, { runId: run.id, resultId: result.id }, [{ fingerprint: `of-${team.slug}` }]);
  const bystanderId = personOf(bystander).userId;
  const reset = await makeResetLink({ ctx: owner, input: { userId: bystanderId } });
  const life = await makeLife(place, `life-${team.slug}`);
  const mutedLife = await makeLife(place, `muted-${team.slug}`, {
    ...{ state: "muted", mutedAt: new Date(), mutedUntil: new Date(Date.now() + 3_600_000) },
  });
  const resolvedLife = await makeLife(place, `gone-${team.slug}`, { state: "resolved" });
  const { commentId } = await addComment({
    ctx: owner,
    input: { runId: run.id, text: `Said in ${team.slug}`, mentions: [] },
  });
  const invitation = await invite({ ctx: owner, input: { role: "viewer" } });
  const [open] = (await getTeam({ ctx: owner })).invitations;

  const runbook = (await createTeamRunbook({ ctx: owner, input: { text: runbookText } })).slug;
  const { importId } = await importNotes({ ctx: owner, input: notes });
  const { slug: draft } = await instance.db.teamRunbook.findFirstOrThrow({ where: { importId } });
  const { approvals } = await getTeamRunbook({ ctx: owner, input: { slug: runbook } });
  const schedule = {
    ...{ name: `Nightly of ${team.slug}`, cron: "0 3 * * *", timeZone: "UTC", runbook: null },
    ...{ checks: [{ id: kept.check }], clusters: [slug] },
  };
  const { scheduleId } = await createSchedule({ ctx: owner, input: scheduleDraftSchema.parse(schedule) });
  const keyName = `Key of ${team.slug}`;
  const apiKey = await createApiKey({
    ctx: owner,
    input: { name: keyName, scopes: [...apiScopes], days: 30 },
  });
  const { viewId } = await saveView({
    ctx: owner,
    input: { name: `View of ${team.slug}`, shared: true, query: "verdict=fail" },
  });
  const webhookUrl = `https://hooks.example.com/${token}`;
  const channel = channelDraftSchema.parse({
    ...{ name: `Channel of ${team.slug}`, locale: "en", clusters: [slug], transitions: ["opened"] },
  });
  const { channelId } = await createChannel({
    ctx: owner,
    input: { ...channel, kind: "webhook", address: webhookUrl },
    mail: true,
  });
  const { id: deliveryId } = await db.delivery.create({
    data: { teamId: team.id, channelId, kind: "changes", state: "given_up", dueAt: new Date() },
  });
  const { sessionId } = await startSession({
    ctx: owner,
    input: { cluster: slug, runbook: "duplicate-pod-ip", title: `Walk of ${team.slug}`, locale: "en" },
  });
  const share = await createShare({
    ctx: owner,
    input: { runId: earlier.id, withRunId: null, days: 7, hideNames: false, note: `For ${team.slug}` },
  });
  await setParams({ ctx: owner, input: { ...kept, cluster: slug } });
  await setParams({ ctx: owner, input: { ...kept, cluster: null } });
  const people = Object.fromEntries(roles.map((role) => [role, personOf(contexts[role])])) as Record<
    Role,
    Person
  >;
  return {
    team: team.slug,
    strangersTeam: strangersTeam.slug,
    people,
    stranger: personOf(stranger),
    bystanderId,
    resetToken: reset.token,
    cluster: slug,
    clusterId: cluster.id,
    otherCluster: other.slug,
    connectionId: cluster.connections[0]?.id,
    hostGroupId,
    hostGroup,
    hostSecret,
    endpointId,
    endpoint,
    source,
    kubeconfig: await makeKubeconfig({ server, token }),
    runId: run.id,
    earlierRunId: earlier.id,
    resultId: result.id,
    findingId: `${result.id}.0`,
    lifeId: life.id,
    mutedLifeId: mutedLife.id,
    resolvedLifeId: resolvedLife.id,
    commentId,
    invitationId: open?.id,
    token: invitation.token,
    runbook,
    runbookText,
    importId,
    draft,
    contentHash: approvals[0]?.contentHash,
    scheduleId,
    sessionId,
    schedule,
    viewId,
    channelId,
    channel,
    webhookUrl,
    deliveryId,
    shareId: share.id,
    shareToken: share.token,
    kept,
    apiKeyId: apiKey.id,
    apiSecret: apiKey.secret,
    /** what tells that something of this team was shown */
    marks: [
      team.id,
      team.name,
      schedule.name,
      keyName,
      apiKey.id,
      scheduleId,
      viewId,
      channelId,
      channel.name,
      deliveryId,
      share.id,
      share.token,
      cluster.id,
      name,
      run.id,
      result.id,
      life.id,
      mutedLife.id,
      commentId,
      personOf(owner).userId,
      token,
    ],
    /** all of this team's rows */
    async snapshot(): Promise<string> {
      const where = { teamId: team.id };
      const all = await Promise.all([
        db.team.findUnique({ where: { id: team.id } }),
        db.membership.findMany({ where, orderBy: { userId: "asc" } }),
        db.clusterRole.findMany({ where, orderBy: [{ userId: "asc" }, { clusterId: "asc" }] }),
        db.invitation.findMany({ where, orderBy: { id: "asc" } }),
        db.cluster.findMany({ where, orderBy: { id: "asc" } }),
        db.connection.findMany({ where, orderBy: { id: "asc" } }),
        db.credential.findMany({ where, orderBy: { connectionId: "asc" } }),
        db.run.findMany({ where, orderBy: { id: "asc" } }),
        db.result.findMany({ where, orderBy: { id: "asc" } }),
        db.teamRunbook.findMany({ where, orderBy: { id: "asc" } }),
        db.runbookVersion.findMany({ where, orderBy: [{ runbookId: "asc" }, { number: "asc" }] }),
        db.notesImport.findMany({ where, orderBy: { id: "asc" } }),
        db.checkApproval.findMany({ where, orderBy: [{ runbookId: "asc" }, { checkId: "asc" }] }),
        db.checkParams.findMany({ where, orderBy: { id: "asc" } }),
        db.schedule.findMany({ where, orderBy: { id: "asc" } }),
        db.savedView.findMany({ where, orderBy: { id: "asc" } }),
        db.channel.findMany({ where, orderBy: { id: "asc" } }),
        db.channelSecret.findMany({ where, orderBy: { id: "asc" } }),
        db.delivery
          .findMany({ where, orderBy: { id: "asc" } })
          .then((rows) => rows.map(({ noticeIds, ...row }) => ({ ...row, notices: noticeIds.map(String) }))),
        db.shareLink.findMany({ where, orderBy: { id: "asc" } }),
        db.apiKey.findMany({ where, omit: { lastUsedAt: true, requests: true, windowStart: true } }),
        db.findingState.findMany({ where, orderBy: { id: "asc" } }),
        db.comment.findMany({ where, orderBy: { id: "asc" } }),
        db.inboxMark.findMany({ where, orderBy: { userId: "asc" } }),
        db.runbookSession.findMany({
          where,
          include: { ticks: true, notes: true, runs: true, presences: true },
        }),
        db.auditEvent.findMany({ where, select: { hash: true }, orderBy: { sequence: "asc" } }),
      ]);
      return JSON.stringify(all);
    },
  };
}

function personOf(ctx: { actor: { type: string } }): Person {
  if (ctx.actor.type !== "user") throw new Error("a member is a user");
  return ctx.actor as Person;
}
