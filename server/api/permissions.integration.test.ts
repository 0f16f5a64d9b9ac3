import { randomBytes, randomUUID } from "node:crypto";
import { TRPCError } from "@trpc/server";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Role, roleCovers, roles } from "#common/role.ts";
import { checks } from "#server/checks/registry.gen.ts";
import type { Actor } from "#server/domain/context.ts";
import { loadRunbooks } from "#server/domain/runbooks/load-runbooks.ts";
import { type Changes, watchChanges } from "#testing/changes.ts";
import { createTestInstance, type Person, type TestInstance } from "#testing/instance.ts";
import { createTeamWorld, type TeamWorld } from "#testing/team-world.ts";
import { toApiError } from "./error-shape.ts";
import { appRouter } from "./root.ts";

/** Who may call: anybody, anybody signed in, or members from a role on. */
type Needs = "public" | "signed-in" | Role;
type Row = {
  needs: Needs;
  input?: (world: TeamWorld) => object;
  /** a no for a reason that has nothing to do with permissions */
  may?: string;
  /** what a stranger's own team answers, where the call names nothing of this one */
  own?: string;
  /** of a procedure that changes something: why the audit log says nothing of it */
  unaudited?: string;
};

const library = new Map(checks.map((check) => [check.id, check]));
const [firstCheck] = [...library.values()].filter((check) => check.params.safeParse({}).success);
const [firstRunbook] = (await loadRunbooks()).keys();

const notesText = "# 2021-09-20~26\n\n## Entry\n\ntext\n";

const rows: Record<string, Row> = {
  "session.current": { needs: "public" },
  "invitation.read": { needs: "public", input: ({ token }) => ({ token }) },
  "invitation.accept": {
    needs: "public",
    input: ({ token }) => ({
      token,
      name: "New",
      email: `${randomUUID()}@example.com`,
      password: "twelve or more",
    }),
    may: "conflict",
  },
  "session.methods": { needs: "public" },
  "session.readReset": { needs: "public", input: ({ resetToken: token }) => ({ token }) },
  "session.resetPassword": {
    needs: "public",
    input: ({ resetToken: token }) => ({ token, password: "quite another one" }),
  },
  "profile.security": { needs: "signed-in" },
  "profile.changePassword": {
    needs: "signed-in",
    input: () => ({ current: "not there", password: "quite another one" }),
    may: "conflict",
  },
  "profile.endSession": { needs: "signed-in", input: () => ({ sessionId: null }) },
  "profile.beginTwoFactor": { needs: "signed-in", input: () => ({ password: "no" }), may: "conflict" },
  "profile.confirmTwoFactor": { needs: "signed-in", input: () => ({ code: "123456" }), may: "invalid" },
  "profile.newBackupCodes": { needs: "signed-in", input: () => ({ password: "no" }), may: "conflict" },
  "profile.disableTwoFactor": { needs: "signed-in", input: () => ({ password: "no" }), may: "conflict" },
  "profile.update": { needs: "signed-in", input: () => ({ name: "Renamed", locale: "zh-CN" }) },
  "team.get": { needs: "viewer" },
  "team.create": { needs: "signed-in", input: () => ({ name: "Another" }), may: "forbidden" },
  "team.leave": { needs: "viewer", may: "conflict", own: "conflict" },
  "team.requireTwoFactor": { needs: "owner", input: () => ({ required: false }) },
  "team.resetPassword": { needs: "admin", input: ({ bystanderId: userId }) => ({ userId }) },
  "team.rename": { needs: "owner", input: () => ({ name: "Renamed" }) },
  "team.invite": { needs: "admin", input: () => ({ role: "viewer" }) },
  "team.revokeInvitation": { needs: "admin", input: ({ invitationId }) => ({ invitationId }) },
  "team.setRole": { needs: "admin", input: ({ bystanderId: userId }) => ({ userId, role: "operator" }) },
  "team.removeMember": { needs: "admin", input: ({ bystanderId: userId }) => ({ userId }) },
  "team.clusterRoles": { needs: "viewer" },
  "team.setClusterRole": {
    needs: "admin",
    input: ({ bystanderId: userId, cluster }) => ({ userId, cluster, role: "operator" }),
  },
  "cluster.list": { needs: "viewer" },
  "cluster.get": { needs: "viewer", input: ({ cluster }) => ({ cluster }) },
  "cluster.accessManifest": { needs: "viewer", input: () => ({ checks: ["kubernetes/duplicate-pod-ip"] }) },
  "cluster.inspectKubeconfig": {
    unaudited: "reads a text and keeps nothing",
    needs: "admin",
    input: ({ kubeconfig }) => ({ text: kubeconfig }),
  },
  "cluster.connect": { needs: "admin", input: ({ source }) => ({ name: "Another", source }) },
  "cluster.replaceCredential": { needs: "admin", input: ({ cluster, source }) => ({ cluster, source }) },
  "cluster.update": {
    needs: "admin",
    input: ({ cluster }) => ({ cluster, name: "Other", production: true }),
  },
  "cluster.remove": { needs: "admin", input: ({ cluster }) => ({ cluster }) },
  "cluster.setBudget": {
    needs: "admin",
    input: ({ cluster, connectionId }) => ({
      ...{ cluster, connectionId },
      budget: { ratePerSecond: 50, burst: 50, inFlight: 8 },
    }),
  },
  "cluster.test": {
    unaudited: "asks a connection that is there, and changes none of it",
    needs: "operator",
    input: ({ cluster, connectionId }) => ({ cluster, connectionId }),
  },
  "endpoint.list": { needs: "viewer", input: ({ cluster }) => ({ cluster }) },
  "endpoint.add": {
    needs: "admin",
    input: ({ cluster, endpoint }) => ({ cluster, name: "Another", endpoint }),
  },
  "endpoint.update": {
    needs: "admin",
    input: ({ cluster, endpoint, endpointId: connectionId }) => ({
      ...{ cluster, connectionId, name: "Renamed", endpoint },
    }),
  },
  "endpoint.replaceSecret": {
    needs: "admin",
    input: ({ cluster, endpointId: connectionId }) => ({ cluster, connectionId, secret: "another" }),
  },
  "endpoint.remove": {
    needs: "admin",
    input: ({ cluster, endpointId: connectionId }) => ({ cluster, connectionId }),
  },
  "host.list": { needs: "viewer", input: ({ cluster }) => ({ cluster }) },
  "host.add": {
    needs: "admin",
    input: ({ cluster, hostGroup, hostSecret: secret }) => ({
      ...{ cluster, secret, group: { ...hostGroup, name: "Another" } },
    }),
  },
  "host.update": {
    needs: "admin",
    input: ({ cluster, hostGroupId: connectionId, hostGroup: group }) => ({ cluster, connectionId, group }),
  },
  "host.replaceKey": {
    needs: "admin",
    input: ({ cluster, hostGroupId: connectionId, hostSecret: secret }) => ({
      cluster,
      connectionId,
      secret,
    }),
  },
  "host.remove": {
    needs: "admin",
    input: ({ cluster, hostGroupId: connectionId }) => ({ cluster, connectionId }),
  },
  "host.scanKeys": {
    unaudited: "asks a connection that is there, and changes none of it",
    needs: "operator",
    input: ({ cluster, hostGroupId: connectionId }) => ({ cluster, connectionId }),
  },
  "host.test": {
    unaudited: "asks a connection that is there, and changes none of it",
    needs: "operator",
    input: ({ cluster, hostGroupId: connectionId }) => ({ cluster, connectionId }),
  },
  "host.confirmKeys": {
    needs: "admin",
    input: ({ cluster, hostGroupId: connectionId }) => ({
      ...{ cluster, connectionId, keys: [{ host: "10.20.30.41", fingerprint: "SHA256:none" }] },
    }),
    may: "conflict",
  },
  "host.sudoers": {
    needs: "viewer",
    input: ({ cluster, hostGroupId: connectionId }) => ({ cluster, connectionId }),
  },
  "runbook.list": { needs: "viewer", input: ({ cluster }) => ({ cluster }) },
  "runbook.get": { needs: "viewer", input: ({ cluster }) => ({ slug: firstRunbook, cluster, locale: "en" }) },
  "check.list": { needs: "viewer" },
  "check.expectedCost": {
    needs: "viewer",
    input: ({ cluster }) => ({ cluster, check: "kubernetes/example" }),
  },
  "check.trend": { needs: "viewer", input: ({ cluster }) => ({ cluster, check: "kubernetes/example" }) },
  "teamRunbook.get": { needs: "viewer", input: ({ runbook }) => ({ slug: runbook }) },
  "teamRunbook.compareVersions": { needs: "viewer", input: ({ runbook }) => ({ slug: runbook }) },
  "teamRunbook.validate": {
    unaudited: "reads a text and keeps nothing",
    needs: "operator",
    input: ({ runbookText: text }) => ({ slug: null, text }),
  },
  "teamRunbook.preview": {
    unaudited: "reads a text and keeps nothing",
    needs: "operator",
    input: ({ runbookText: text }) => ({ slug: null, text }),
  },
  "teamRunbook.create": { needs: "operator", input: ({ runbookText: text }) => ({ text }) },
  "teamRunbook.save": {
    needs: "operator",
    input: ({ runbook: slug, runbookText: text }) => ({ slug, text, baseNumber: 1 }),
  },
  "teamRunbook.approve": {
    needs: "admin",
    input: ({ runbook: slug, contentHash }) => ({ slug, checkId: "uptime", contentHash }),
  },
  "notes.read": {
    needs: "operator",
    input: () => ({ text: notesText }),
    unaudited: "keeps nothing",
  },
  "notes.import": {
    needs: "operator",
    input: () => ({
      name: "notes.md",
      entries: [{ week: null, title: "Entry", sections: [{ title: null, depth: 0, markdown: "text" }] }],
    }),
  },
  "notes.imports": { needs: "operator" },
  "notes.publish": { needs: "operator", input: ({ draft }) => ({ slugs: [draft] }) },
  "notes.undo": { needs: "operator", input: ({ importId }) => ({ importId }) },
  "teamRunbook.remove": { needs: "operator", input: ({ runbook: slug }) => ({ slug }) },
  "param.get": { needs: "viewer", input: ({ cluster }) => ({ cluster }) },
  "param.set": { needs: "admin", input: ({ cluster, kept }) => ({ cluster, ...kept }) },
  "param.reset": { needs: "admin", input: ({ cluster, kept: { check } }) => ({ cluster, check }) },
  "run.start": {
    needs: "operator",
    input: ({ cluster }) => ({
      clusters: [cluster],
      runbook: null,
      checks: [{ id: firstCheck?.id }],
      idempotencyKey: randomUUID(),
    }),
  },
  "run.get": { needs: "viewer", input: ({ runId }) => ({ runId }) },
  "run.result": { needs: "viewer", input: ({ runId, resultId }) => ({ runId, resultId }) },
  "run.capture": {
    needs: "operator",
    input: ({ runId, resultId }) => ({ runId, resultId }),
    may: "not-found",
  },
  "run.results": {
    needs: "viewer",
    input: ({ runId, cluster }) => ({ runId, cluster, checkId: "kubernetes/example" }),
  },
  "run.findings": { needs: "viewer", input: ({ runId, resultId }) => ({ runId, resultId }) },
  "run.finding": { needs: "viewer", input: ({ runId, findingId }) => ({ runId, findingId }) },
  "run.follow": { needs: "viewer", input: ({ runId }) => ({ runId }) },
  "run.cancel": { needs: "operator", input: ({ runId }) => ({ runId }) },
  "run.judgeAgain": { needs: "operator", input: ({ earlierRunId: runId }) => ({ runId }), may: "not-found" },
  "run.judgements": { needs: "viewer", input: ({ runId }) => ({ runId }) },
  "run.list": { needs: "viewer", input: ({ cluster }) => ({ filter: { cluster } }) },
  "run.pastResults": { needs: "viewer", input: ({ cluster }) => ({ filter: { cluster, text: "wrong" } }) },
  "savedView.list": { needs: "viewer" },
  "savedView.save": {
    needs: "viewer",
    input: () => ({ name: "Mine", shared: false, query: "verdict=fail" }),
  },
  "savedView.update": {
    needs: "viewer",
    input: ({ viewId }) => ({ viewId, name: "Renamed", shared: true }),
    may: "forbidden",
  },
  "savedView.remove": {
    needs: "viewer",
    input: ({ viewId }) => ({ viewId }),
    may: "forbidden",
  },
  "run.compare": { needs: "viewer", input: ({ runId, earlierRunId }) => ({ runId, with: earlierRunId }) },
  "across.compare": {
    needs: "viewer",
    input: ({ runId, earlierRunId }) => ({ runId, with: earlierRunId }),
  },
  "across.counterparts": { needs: "viewer", input: ({ runId }) => ({ runId }) },
  "across.hosts": { needs: "viewer", input: ({ runId }) => ({ runId }) },
  "measurement.list": {
    needs: "viewer",
    input: ({ cluster }) => ({ cluster, checkId: "kubernetes/example", target: "kubernetes" }),
  },
  "measurement.series": {
    needs: "viewer",
    input: ({ cluster }) => ({
      ...{ cluster, checkId: "kubernetes/example", target: "kubernetes" },
      ...{ name: "pods", subject: null, unit: "{pods}" },
    }),
  },
  "disruption.nodes": { needs: "viewer", input: ({ cluster }) => ({ cluster }) },
  "disruption.simulate": { needs: "viewer", input: ({ cluster }) => ({ cluster, nodes: ["node-1"] }) },
  "disruption.plan": {
    needs: "viewer",
    input: ({ cluster }) => ({
      ...{ cluster, parallel: 2, keepPercent: 50, zoneByZone: false },
      ...{ which: "all", find: "" },
    }),
  },
  "overview.get": { needs: "viewer" },
  "apiKey.list": { needs: "viewer" },
  "apiKey.create": { needs: "admin", input: () => ({ name: "CI", scopes: ["read", "run"], days: 30 }) },
  // Members see and end their own keys only; this one is the owner's.
  "apiKey.revoke": { needs: "viewer", input: ({ apiKeyId: keyId }) => ({ keyId }), may: "not-found" },
  "channel.list": { needs: "viewer" },
  "channel.create": {
    needs: "admin",
    input: ({ channel, webhookUrl: address }) => ({ ...channel, name: "Another", kind: "webhook", address }),
    own: "invalid",
  },
  "channel.update": {
    needs: "admin",
    input: ({ channelId, channel, webhookUrl: address }) => ({
      ...channel,
      channelId,
      name: "Renamed",
      address,
    }),
  },
  "channel.remove": { needs: "admin", input: ({ channelId }) => ({ channelId }) },
  "channel.enable": {
    unaudited: "it is on already",
    needs: "admin",
    input: ({ channelId }) => ({ channelId }),
  },
  "channel.disable": { needs: "admin", input: ({ channelId }) => ({ channelId }) },
  "channel.rotateSecret": { needs: "admin", input: ({ channelId }) => ({ channelId }) },
  "channel.test": { needs: "admin", input: ({ channelId }) => ({ channelId }) },
  "channel.deliveries": { needs: "admin", input: ({ channelId }) => ({ channelId }) },
  "channel.retry": { needs: "admin", input: ({ deliveryId }) => ({ deliveryId }) },
  "finding.list": { needs: "viewer" },
  "finding.counts": { needs: "viewer" },
  "finding.get": { needs: "viewer", input: ({ lifeId: id }) => ({ id }) },
  "finding.earlier": { needs: "viewer", input: ({ lifeId: id }) => ({ id }) },
  "finding.acknowledge": { needs: "operator", input: ({ lifeId }) => ({ ids: [lifeId], note: "Known" }) },
  "finding.mute": {
    needs: "operator",
    input: ({ lifeId }) => ({ ids: [lifeId], reason: "Planned", until: new Date(Date.now() + 3_600_000) }),
  },
  "finding.unmute": { needs: "operator", input: ({ mutedLifeId }) => ({ ids: [mutedLifeId] }) },
  "finding.reopen": { needs: "operator", input: ({ resolvedLifeId }) => ({ ids: [resolvedLifeId] }) },
  "finding.settle": { needs: "operator", input: ({ lifeId }) => ({ ids: [lifeId], note: "Gone" }) },
  "comment.list": { needs: "viewer", input: ({ runId }) => ({ runId }) },
  "comment.add": {
    needs: "viewer",
    input: ({ lifeId: findingId }) => ({ findingId, text: "Seen" }),
    unaudited: "it stands below what it speaks of, with its author",
  },
  "comment.edit": {
    needs: "viewer",
    input: ({ commentId }) => ({ commentId, text: "Other" }),
    may: "not-found",
    unaudited: "only its author's own",
  },
  "comment.remove": {
    needs: "viewer",
    input: ({ commentId }) => ({ commentId }),
    may: "not-found",
    unaudited: "only its author's own",
  },
  "comment.follow": { needs: "viewer", input: ({ runId }) => ({ place: { runId } }) },
  "inbox.read": { needs: "viewer" },
  "inbox.markSeen": {
    needs: "viewer",
    input: () => ({ until: new Date() }),
    unaudited: "how far somebody has read",
  },
  "audit.list": { needs: "admin" },
  "runbookSession.list": { needs: "viewer", input: () => ({ open: true }) },
  "runbookSession.get": { needs: "viewer", input: ({ sessionId }) => ({ sessionId }) },
  "runbookSession.follow": { needs: "viewer", input: ({ sessionId }) => ({ sessionId }) },
  "runbookSession.start": {
    needs: "operator",
    input: ({ cluster }) => ({ cluster, runbook: firstRunbook, title: "Monday", locale: "en" }),
  },
  "runbookSession.tick": {
    needs: "operator",
    unaudited: "the session itself keeps who ticked what",
    input: ({ sessionId }) => ({ sessionId, step: 1, done: true }),
  },
  "runbookSession.note": {
    needs: "operator",
    unaudited: "the session itself keeps who wrote what",
    input: ({ sessionId }) => ({ sessionId, text: "Seen" }),
  },
  "runbookSession.run": {
    needs: "operator",
    input: ({ sessionId }) => ({ sessionId, idempotencyKey: randomUUID() }),
  },
  "runbookSession.close": {
    needs: "operator",
    input: ({ sessionId }) => ({ sessionId, found: "All well", openPoints: "" }),
  },
  "runbookSession.reopen": {
    needs: "operator",
    unaudited: "it is open already",
    input: ({ sessionId }) => ({ sessionId }),
  },
  "share.list": { needs: "viewer", input: ({ earlierRunId: runId }) => ({ runId }) },
  "share.create": {
    needs: "operator",
    input: ({ earlierRunId: runId }) => ({ runId, days: 7, hideNames: true, note: "Ticket 1" }),
  },
  // Members end their own links only; this one is the owner's.
  "share.revoke": { needs: "viewer", input: ({ shareId }) => ({ shareId }), may: "forbidden" },
  "signingKey.list": { needs: "viewer" },
  "signingKey.replace": { needs: "signed-in", may: "forbidden" },
  "schedule.list": { needs: "viewer" },
  "schedule.get": { needs: "viewer", input: ({ scheduleId }) => ({ scheduleId }) },
  "schedule.preview": { needs: "viewer", input: () => ({ cron: "0 3 * * *", timeZone: "UTC" }) },
  "schedule.create": { needs: "operator", input: ({ schedule }) => schedule },
  "schedule.update": {
    needs: "operator",
    input: ({ scheduleId, schedule }) => ({ ...schedule, scheduleId, name: "Other" }),
  },
  "schedule.remove": { needs: "operator", input: ({ scheduleId }) => ({ scheduleId }) },
  "schedule.enable": {
    unaudited: "it is on already",
    needs: "operator",
    input: ({ scheduleId }) => ({ scheduleId }),
  },
  "schedule.disable": { needs: "operator", input: ({ scheduleId }) => ({ scheduleId }) },
  "schedule.runNow": {
    needs: "operator",
    input: ({ scheduleId }) => ({ scheduleId, idempotencyKey: randomUUID() }),
  },
};

const procedures = Object.entries(
  appRouter._def.procedures as unknown as Record<string, { _def: Definition }>,
);
type Definition = { type: string; meta?: { role?: Role; onCluster?: boolean } };

let instance: TestInstance;
let changes: Changes;
let world: TeamWorld;
/** the world as it was made, and its team's rows as soon as they were asked for */
let untouched: { state: string; snapshot?: string } | undefined;
const token = `canary-${randomBytes(24).toString("hex")}`;

beforeAll(async () => {
  instance = await createTestInstance();
  changes = await watchChanges(instance.pool);
});
// A world in which nothing was changed is as good as a new one.
beforeEach(async () => {
  if (untouched?.state === (await changes.state())) return;
  world = await createTeamWorld(instance, token);
  untouched = { state: await changes.state() };
});
afterAll(() => instance.close());

async function setOnCluster({ userId }: Person, slug: string, role: Role) {
  const { id: clusterId, teamId } = await instance.db.cluster.findFirstOrThrow({
    where: { slug, team: { slug: world.team } },
  });
  await instance.db.clusterRole.create({ data: { teamId, userId, clusterId, role } });
}

async function snapshotOfUntouched(): Promise<string | undefined> {
  if (untouched) untouched.snapshot ??= await world.snapshot();
  return untouched?.snapshot;
}

type Answer = { ok: true; output: unknown } | { ok: false; code: string; words: string };

/** Calls by path, and of a stream takes the first message. */
async function call(actor: Actor, path: string, input: object): Promise<Answer> {
  try {
    let callable: unknown = instance.callerOf(actor);
    for (const part of path.split(".")) callable = (callable as Record<string, unknown>)[part];
    const output = await (callable as (input: object) => Promise<unknown>)(input);
    if (!path.endsWith(".follow")) return { ok: true, output };
    const stream = (output as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    const first = await stream.next();
    await stream.return?.();
    return { ok: true, output: first.value };
  } catch (error) {
    if (!(error instanceof TRPCError)) throw error;
    return { ok: false, code: toApiError(error).code, words: JSON.stringify(toApiError(error)) };
  }
}

async function expectDenied(actor: Actor, path: string, { input, code }: { input: object; code: string }) {
  const before = await changes.state();
  expect(await call(actor, path, input)).toMatchObject({ ok: false, code });
  expect(await changes.state(), "a denied call changed something").toBe(before);
}

/** What acts on no cluster that is there already. */
const onNone = ["cluster.connect", "cluster.inspectKubeconfig"];

test("what acts on a cluster asks for the role on that cluster", () => {
  const nouns = ["cluster", "endpoint", "finding", "host", "param", "run", "runbookSession", "schedule"];
  const acting = procedures.flatMap(
    ([
      path,
      {
        _def: { meta },
      },
    ]) => {
      const acts = nouns.includes(path.split(".")[0] ?? "") && meta?.role !== "viewer";
      return acts && !onNone.includes(path) ? [[path, meta?.onCluster]] : [];
    },
  );
  expect(acting).toEqual(acting.map(([path]) => [path, true]));
});

function audited(): Promise<number> {
  return instance.db.auditEvent.count();
}

/** What changes something is in the audit log, or its row says why not. */
async function expectAudited(path: string, before: number) {
  const changes = procedures.some(([each, { _def }]) => each === path && _def.type === "mutation");
  const count = (await audited()) - before;
  if (changes && rows[path]?.unaudited === undefined) expect(count, "no audit event").toBeGreaterThan(0);
  else expect(count, "an audit event of what changes nothing").toBe(0);
}

test("only what changes something says why it is not audited", () => {
  const queries = procedures.filter(([, { _def }]) => _def.type !== "mutation").map(([path]) => path);
  expect(queries.filter((path) => rows[path]?.unaudited !== undefined)).toEqual([]);
});

test("every procedure has a row and every row a procedure", () => {
  expect(Object.keys(rows).sort()).toEqual(procedures.map(([path]) => path).sort());
});

for (const [path, { _def: definition }] of procedures) {
  const { needs, input = () => ({}), may, own } = rows[path] ?? { needs: "owner" };
  const isTeams = needs !== "public" && needs !== "signed-in";
  const inputFor = (slug: string) => (isTeams ? { team: slug, ...input(world) } : input(world));

  test(`${path}: declares what the table says`, () => {
    expect(definition.meta?.role).toBe(isTeams ? needs : undefined);
  });

  test(`${path}: nobody`, async () => {
    if (needs !== "public") {
      return expectDenied({ type: "nobody" }, path, { input: inputFor(world.team), code: "unauthenticated" });
    }
    const before = await audited();
    expect(await call({ type: "nobody" }, path, inputFor(world.team))).toMatchObject({ ok: true });
    await expectAudited(path, before);
  });

  for (const role of roles) {
    const allowed = !isTeams || roleCovers(role, needs);
    test(`${path}: ${role} ${allowed ? "may" : "may not"}`, async () => {
      const actor = world.people[role];
      if (!allowed) return expectDenied(actor, path, { input: inputFor(world.team), code: "forbidden" });
      const before = await audited();
      const answer = await call(actor, path, inputFor(world.team));
      if (answer.ok) await expectAudited(path, before);
      expect(answer.ok || answer.code, JSON.stringify(answer)).toBe(answer.ok || may);
      expect(JSON.stringify(answer), "a credential in an answer").not.toContain(token);
    });
  }

  if (!isTeams) continue;

  if (definition.meta?.onCluster) {
    test(`${path}: more or less on a cluster than in the team`, async () => {
      const input = inputFor(world.team);
      // The role in the team would do, the one on this cluster does not.
      await setOnCluster(world.people[needs === "admin" ? "admin" : "operator"], world.cluster, "viewer");
      await expectDenied(world.people[needs === "admin" ? "admin" : "operator"], path, {
        input,
        code: "forbidden",
      });
      const { viewer } = world.people;
      await setOnCluster(viewer, world.otherCluster, "admin");
      await expectDenied(viewer, path, { input, code: "forbidden" });
      await setOnCluster(viewer, world.cluster, needs);
      const answer = await call(viewer, path, input);
      expect(answer.ok || answer.code, JSON.stringify(answer)).toBe(answer.ok || may);
    });
  }

  test(`${path}: an owner of another team, by this team's name`, async () => {
    await expectDenied(world.stranger, path, { input: inputFor(world.team), code: "not-found" });
  });

  test(`${path}: an owner of another team, by his own team's name and this team's ids`, async () => {
    const ours = await snapshotOfUntouched();
    const answer = await call(world.stranger, path, inputFor(world.strangersTeam));
    if (!answer.ok) expect(answer.code).toBe(own ?? "not-found");
    for (const mark of world.marks) expect(JSON.stringify(answer)).not.toContain(mark);
    if ((await changes.state()) === untouched?.state) return;
    expect(await world.snapshot(), "a stranger's call changed this team").toBe(ours);
  });
}

test("no credential came into the audit log", async () => {
  const { rows: events } = await instance.pool.query("SELECT e::text FROM audit_event e");
  expect(events.length).toBeGreaterThan(100);
  const written = JSON.stringify(events);
  expect(written).not.toContain(token);
  expect(written).not.toContain("PRIVATE KEY");
  expect(written).not.toContain("another");
});

test("nothing failed in an unexpected way", () => {
  expect(instance.reported).toEqual([]);
});
