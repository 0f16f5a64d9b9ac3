import { afterAll, beforeAll, expect, test } from "vitest";
import { createOpener } from "#server/crypto/vault.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeKubeconfig } from "#testing/kubeconfig.ts";
import { removeCluster } from "../clusters/remove.ts";
import { replaceCredential } from "../clusters/replace-credential.ts";
import type { DomainContext } from "../context.ts";
import { acceptInvitation } from "../invitations/accept.ts";
import { readInvitation } from "../invitations/read.ts";
import { ensureFirstTeam } from "./ensure-first-team.ts";
import { ensurePracticeCluster } from "./ensure-practice-cluster.ts";
import { ensureThisMachine } from "./ensure-this-machine.ts";

let instance: TestInstance;
let ctx: DomainContext;

beforeAll(async () => {
  instance = await createTestInstance();
  ctx = instance.contextOf({ type: "system", name: "launcher" });
});
afterAll(() => instance.close());

const account = { name: "Ada", email: "ada@example.com", password: "twelve or more" };

test("an empty instance gets one team and, at each start, a new link in place of the one before", async () => {
  const [first, twin] = await Promise.all([ensureFirstTeam({ ctx }), ensureFirstTeam({ ctx })]);
  expect(first.team).toEqual(twin.team);
  const { team, token } = await ensureFirstTeam({ ctx });
  expect(team).toEqual(first.team);
  expect(await instance.db.team.count()).toBe(1);
  expect(await instance.db.invitation.count()).toBe(1);
  for (const old of [first.token, twin.token]) {
    await expect(readInvitation({ ctx, input: { token: old ?? "" } })).rejects.toThrow("invitation-gone");
  }
  expect(await readInvitation({ ctx, input: { token: token ?? "" } })).toMatchObject({
    role: "owner",
    firstAccount: true,
  });
  const inSixDays = { ...ctx, now: () => new Date(Date.now() + 6 * 86_400_000) };
  await readInvitation({ ctx: inSixDays, input: { token: token ?? "" } });

  await acceptInvitation({
    ctx: instance.contextOf({ type: "nobody" }),
    input: { token: token ?? "", ...account },
  });
  expect(await ensureFirstTeam({ ctx })).toEqual({ team, token: null });
  expect(await instance.db.membership.findMany({ select: { role: true } })).toEqual([{ role: "owner" }]);
});

test("the practice cluster is registered once and given each start's address and credential", async () => {
  const start = async (port: number, token: string) =>
    ensurePracticeCluster({
      ctx,
      input: { kubeconfig: await makeKubeconfig({ server: `https://127.0.0.1:${port}`, token }) },
    });
  expect(await start(7001, "first-token")).toEqual({ slug: "practice" });
  expect(await start(7002, "second-token")).toEqual({ slug: "practice" });
  const [cluster, ...more] = await instance.db.cluster.findMany({ include: { connections: true } });
  expect(more).toEqual([]);
  expect(cluster).toMatchObject({
    practice: true,
    managed: true,
    connections: [{ address: "https://127.0.0.1:7002" }],
  });
  const { id: connectionId = "", teamId = "" } = cluster?.connections[0] ?? {};
  const record = await instance.db.credential.findUniqueOrThrow({ where: { connectionId } });
  const opener = await createOpener(instance.workerKeys);
  const fields = record.fields as Record<string, string>;
  expect(await opener.open({ connectionId, teamId }, { ...record, fields })).toEqual({
    token: "second-token",
  });
});

test("this machine is registered once", async () => {
  const input = { hostName: "laptop" };
  expect(await ensureThisMachine({ ctx, input })).toEqual({ slug: "this-machine" });
  expect(await ensureThisMachine({ ctx, input })).toEqual({ slug: "this-machine" });
  expect(await instance.db.connection.count({ where: { kind: "local_host" } })).toBe(1);
});

test("what a person removed does not come back at the next start", async () => {
  const team = await instance.db.team.findFirstOrThrow();
  const owner = await instance.member(team, "owner");
  const source = { type: "token", server: "https://10.0.0.1:6443", token: "somebody-elses-token" } as const;
  await expect(
    replaceCredential({ ctx: owner, input: { cluster: "practice", source } }),
  ).rejects.toMatchObject({
    code: "conflict",
    message: "practice-cluster-managed",
  });
  for (const cluster of ["practice", "this-machine"]) await removeCluster({ ctx: owner, input: { cluster } });
  const kubeconfig = await makeKubeconfig({ server: "https://127.0.0.1:7003", token: "third-token" });
  expect(await ensurePracticeCluster({ ctx, input: { kubeconfig } })).toBeNull();
  expect(await ensureThisMachine({ ctx, input: { hostName: "laptop" } })).toBeNull();
  expect(await instance.db.cluster.count({ where: { removedAt: null } })).toBe(0);
});
