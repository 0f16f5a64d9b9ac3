import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { HostGroup, HostSecret } from "#common/contracts/host.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { type KeyPair, keyMaker, type Sshd, startSshd } from "#testing/sshd.ts";
import type { Check } from "../checks/define-check.ts";
import { checks } from "../checks/registry.gen.ts";
import { createDialler } from "../connectors/dialler.ts";
import { createLocalHostConnector } from "../connectors/local-host.ts";
import { createOpener } from "../crypto/vault.ts";
import type { TeamContext } from "../domain/context.ts";
import { addHostGroup } from "../domain/hosts/add.ts";
import { confirmHostKeys } from "../domain/hosts/confirm-keys.ts";
import { listHostGroups } from "../domain/hosts/list.ts";
import { replaceHostKey } from "../domain/hosts/replace-key.ts";
import { updateHostGroup } from "../domain/hosts/update.ts";
import { execute } from "../engine/execute.ts";
import type { Outcome } from "../engine/execution.ts";
import { createLookAtHosts } from "./look-at-hosts.ts";
import { type Gateway, openTargets } from "./open-targets.ts";
import { createRequestBudgets } from "./request-budget.ts";

const keys = keyMaker();
let instance: TestInstance;
let gateway: Gateway;
let ctx: TeamContext;
let clusterId: string;
let pair: KeyPair;
let sshd: Sshd;

beforeAll(async () => {
  instance = await createTestInstance();
  pair = keys.pair({ passphrase: "canary-passphrase" });
  sshd = await startSshd({ authorized: [pair.publicKey] });
  const { db } = instance;
  gateway = {
    db,
    opener: await createOpener(instance.workerKeys),
    dialler: createDialler({ allowedRanges: ["127.0.0.0/8"], forbidden: [] }),
    budgets: createRequestBudgets(db, () => {}),
    thisMachine: false,
  };
  const team = await instance.team();
  ctx = await instance.member(team, "admin");
  const cluster = await db.cluster.create({ data: { teamId: team.id, slug: "lab", name: "Lab" } });
  clusterId = cluster.id;
});
afterAll(async () => {
  await sshd.stop();
  await instance.close();
  keys[Symbol.dispose]();
});

const group = (more: Partial<HostGroup> = {}): HostGroup => ({
  ...{ name: "lab hosts", hosts: "127.1.0.[1-3]", nodes: null, user: sshd.user, port: sshd.port },
  ...{ jump: null, sudo: false, ...more },
});
const secret = (): HostSecret => ({ privateKey: pair.privateKey, passphrase: "canary-passphrase" });
const view = async () => {
  const [found] = await listHostGroups({ ctx, input: { cluster: "lab" } });
  if (!found) throw new Error("no group");
  return found;
};
const look = async (login: boolean) => {
  const { id: connectionId } = await view();
  const payload = { connectionId, teamId: ctx.team.id, login };
  await createLookAtHosts(gateway)(payload, new AbortController().signal);
  return view();
};

test("a group is scanned without a login, confirmed by fingerprint, then tested", async () => {
  const input = { cluster: "lab", group: group(), secret: secret(), knownHosts: "" };
  const { connectionId } = await addHostGroup({ ctx, input });
  expect(await view()).toMatchObject({ looking: true, hasCredential: true });
  const scanned = await look(false);
  expect(scanned.looking).toBe(false);
  expect(scanned.hosts.map(({ keyState }) => keyState)).toEqual(["waiting", "waiting", "waiting"]);
  expect(sshd.log()).not.toMatch(/publickey/);
  const seen = scanned.hosts.flatMap(({ name, shown }) =>
    shown ? [{ host: name, fingerprint: shown.fingerprint }] : [],
  );
  const other = { host: seen[0]?.host ?? "", fingerprint: "SHA256:other" };
  const where = { cluster: "lab", connectionId };
  await expect(confirmHostKeys({ ctx, input: { ...where, keys: [other] } })).rejects.toThrow(
    "host-key-not-shown",
  );
  await confirmHostKeys({ ctx, input: { ...where, keys: seen } });
  const tested = await look(true);
  expect(tested.hosts.map(({ keyState, ok }) => [keyState, ok])).toEqual(Array(3).fill(["confirmed", true]));
});

test("a changed host key stops that host alone, and says so", async () => {
  const stored = await instance.db.connection.findFirstOrThrow({ where: { clusterId, kind: "ssh" } });
  const settings = stored.settings as { knownHosts: string };
  const [first = "", ...others] = settings.knownHosts.split("\n");
  const changed = `${first.split(" ")[0]} ${keys.pair().publicKey}`;
  const knownHosts = [changed, ...others].join("\n");
  await instance.db.connection.update({
    where: { id: stored.id },
    data: { settings: { ...settings, knownHosts } },
  });
  const tested = await look(true);
  expect(tested.hosts.map(({ keyState, ok }) => [keyState, ok])).toEqual([
    ["changed", false],
    ["confirmed", true],
    ["confirmed", true],
  ]);
  expect(tested.hosts[0]?.reason?.detail).toMatch(/^host-key-changed: ITS HOST KEY HAS CHANGED/);
  await instance.db.connection.update({
    where: { id: stored.id },
    data: { settings: stored.settings as object },
  });
});

test("all host checks say of a host over SSH what they say of this machine", async () => {
  const opened = await openTargets(gateway, { clusterId, teamId: ctx.team.id });
  const remote = opened?.targets.find(({ key }) => key === `ssh:lab hosts/[127.1.0.1]:${sshd.port}`);
  if (remote?.kind !== "host" || !opened) throw new Error("no such target");
  const before = sshd.execs();
  const hostChecks = checks.filter(({ id, effect }) => id.startsWith("host/") && effect !== "active");
  expect(hostChecks.length).toBeGreaterThan(3);
  const wantsRoot = new Set(
    hostChecks.flatMap(({ id, needs, params }) => {
      const wanted = Object.values(needs(params.safeParse({}).data ?? {}));
      return wanted.some((need) => need.type === "host.command" && need.sudo) ? [id] : [];
    }),
  );
  const local = createLocalHostConnector();
  const here = { kind: "host", key: "local", name: local.name, connector: local } as const;
  const said = (outcome: Outcome | undefined) => [outcome?.verdict, outcome?.reason?.code, ...codes(outcome)];
  /** what is said differently; this group allows no sudo, so what wants root may know less there, and says so */
  const differing = async (asked: readonly Check[]) => {
    const [one, other] = [await outcomes(asked, here), await outcomes(asked, remote)];
    const different = asked.filter(({ id }) => {
      if (wantsRoot.has(id) && other.get(id)?.verdict === "unknown") return false;
      return !isDeepStrictEqual(said(one.get(id)), said(other.get(id)));
    });
    return { there: other, different };
  };
  const { there, different } = await differing(hostChecks);
  // One for everything, and one for the second reading of each window.
  expect(sshd.execs() - before).toBe(1);
  // What other tests start and mount comes and goes between the two: those are asked again.
  if (different.length > 0)
    await vi.waitFor(
      async () => expect((await differing(different)).different.map(({ id }) => id)).toEqual([]),
      { timeout: 60_000, interval: 500 },
    );
  expect(opened.secrets).toContain("canary-passphrase");
  expect(JSON.stringify([...there.values()])).not.toContain("canary");
  await opened.close();
});

test("nothing of the key is in the database in the open, in views or in the log", async () => {
  const where = { teamId: ctx.team.id };
  const stored = [
    await instance.db.connection.findMany({ where }),
    await instance.db.credential.findMany({ where }),
    await view(),
    sshd.log(),
  ];
  const all = JSON.stringify(stored);
  const inner = pair.privateKey.split("\n").slice(1, -2);
  for (const line of [...inner, "canary-passphrase"]) expect(all).not.toContain(line);
});

test("a group that leads elsewhere loses its key, unless it comes along", async () => {
  const { id: connectionId } = await view();
  const where = { cluster: "lab", connectionId, knownHosts: "" };
  const renamed = await updateHostGroup({ ctx, input: { ...where, group: group({ sudo: true }) } });
  expect([renamed, (await view()).hasCredential]).toEqual([{ secretDropped: false }, true]);
  for (const change of [{ hosts: "127.1.0.[1-4]" }, { user: "other" }, { port: 2222 }]) {
    const moved = await updateHostGroup({ ctx, input: { ...where, group: group(change) } });
    expect([moved, (await view()).hasCredential]).toEqual([{ secretDropped: true }, false]);
    await updateHostGroup({ ctx, input: { ...where, group: group(), secret: secret() } });
    expect((await view()).hasCredential).toBe(true);
  }
  const opened = await openTargets(gateway, { clusterId, teamId: ctx.team.id });
  await opened?.close();
  await replaceHostKey({ ctx, input: { cluster: "lab", connectionId, secret: secret() } });
});

test("what is wrong with a group is said field by field", async () => {
  const input = { cluster: "lab", group: group({ name: "other" }), secret: secret(), knownHosts: "" };
  const problems = async (change: Partial<typeof input>) =>
    addHostGroup({ ctx, input: { ...input, ...change } }).then(
      () => "taken",
      (error: { fields?: object }) => error.fields,
    );
  expect(await problems({ group: group({ hosts: "a\nn[3-1]", user: "-x" }) })).toEqual({
    "group.hosts": "hosts-backwards-range",
    "group.user": "host-user",
  });
  expect(await problems({ secret: { privateKey: pair.privateKey } })).toEqual({
    "secret.passphrase": "ssh-passphrase-needed",
  });
  expect(await problems({ secret: { ...secret(), passphrase: "wrong" } })).toEqual({
    "secret.passphrase": "ssh-passphrase-wrong",
  });
  expect(await problems({ secret: { privateKey: pair.publicKey } })).toEqual({
    "secret.privateKey": "ssh-public-key",
  });
  expect(await problems({ secret: { ...secret(), certificate: pair.publicKey } })).toEqual({
    "secret.certificate": "ssh-not-a-certificate",
  });
  const authority = "@cert-authority * ssh-ed25519 AAAA";
  expect(await problems({ knownHosts: authority })).toEqual({ knownHosts: "known-hosts-cert-authority" });
});

async function outcomes(asked: readonly Check[], target: Parameters<typeof execute>[0][number]["target"]) {
  const found = new Map<string, Outcome>();
  const questions = asked.map((check) => {
    const params = check.params.parse(
      check.params.safeParse({ windowSeconds: 1 }).success ? { windowSeconds: 1 } : {},
    );
    return { key: check.id, check, params: params as Record<string, unknown>, target };
  });
  await execute(questions, {
    scope: "test",
    signal: AbortSignal.timeout(60_000),
    onEvent: (event) => {
      if (event.type === "outcome") found.set(event.outcome.key, event.outcome);
    },
  });
  return found;
}

function codes(outcome: Outcome | undefined): string[] {
  return [...new Set(outcome?.findings.map(({ code, verdict }) => `${code} ${verdict}`))].sort();
}
