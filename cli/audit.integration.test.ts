import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recordAudit } from "#server/domain/audit/record.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";

let instance: TestInstance;

beforeAll(async () => {
  instance = await createTestInstance();
});
afterAll(() => instance.close());

async function verify(...options: string[]) {
  const args = [path.join(process.cwd(), "cli/weekbook.mjs"), "audit", "verify", ...options];
  const env = { ...process.env, DATABASE_URL: instance.url, LANG: "C" };
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "exit");
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await exited;
  return { code, stdout, stderr };
}

test("says that every chain is whole, and, after somebody tampered, names the first broken link", async () => {
  const ctx = await instance.member(await instance.team("Harbor"), "owner");
  for (const name of ["one", "two", "three"]) {
    const subject = { kind: "cluster", id: name, name } as const;
    await ctx.db.$transaction((tx) => recordAudit(tx, ctx, { action: "cluster.connected", subject }));
  }
  expect(await verify()).toEqual({ code: 0, stdout: "Harbor: whole, 3 events\n", stderr: "" });
  await instance.pool.query(
    `ALTER TABLE audit_event DISABLE TRIGGER USER;
     UPDATE audit_event SET "subjectName" = 'other' WHERE "sequence" = 2;
     ALTER TABLE audit_event ENABLE TRIGGER USER`,
  );
  const broken = await verify();
  expect(broken).toMatchObject({
    code: 2,
    stdout: "Harbor: BROKEN at event 2: it is not what was written\n",
  });
  const { stdout } = await verify("--json");
  expect(JSON.parse(stdout)).toEqual({
    chains: [{ teamId: ctx.team.id, events: 1, broken: { sequence: 2, problem: "hash" } }],
  });
});
