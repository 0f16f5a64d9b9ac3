import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { createLocalHostConnector } from "#server/connectors/local-host.ts";
import { hears, initScript, parseInits } from "../needs/container-inits.ts";

/** Real first processes of process namespaces, one that hears and one that does not; making some takes root. */

const isRoot = process.geteuid?.() === 0;

async function inits() {
  const connector = createLocalHostConnector();
  const meter = { call() {}, bytes() {}, throttled() {} };
  const request = {
    id: "a",
    type: "command" as const,
    argv: ["sh", "-c", initScript] as [string, ...string[]],
  };
  const answers = await connector.read([request], { signal: AbortSignal.timeout(30_000), meter });
  const answer = answers.get("a");
  if (answer?.type !== "command") throw new Error("not read");
  return parseInits(answer);
}

/** The process below `unshare`, which is PID 1 of its namespace. */
async function firstOf(pid: number): Promise<number> {
  return await vi.waitFor(() => {
    const child = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim());
    expect(child).toBeGreaterThan(0);
    expect(readFileSync(`/proc/${child}/status`, "utf8")).toMatch(/^NSpid:\s+\d+\s+1$/m);
    expect(readFileSync(`/proc/${child}/comm`, "utf8")).not.toMatch(/unshare/);
    return child;
  }, 10_000);
}

test.skipIf(!isRoot)("PID 1 of each process namespace is found, and whether it hears SIGTERM", async () => {
  const trapping = "trap 'exit 0' TERM; while :; do sleep 0.1; done";
  const children = [
    spawn("unshare", ["--pid", "--fork", "--kill-child", "sleep", "60"], { stdio: "ignore" }),
    spawn("unshare", ["--pid", "--fork", "--kill-child", "sh", "-c", trapping], { stdio: "ignore" }),
  ];
  try {
    const [sleeping, trapped] = await Promise.all(children.map(({ pid }) => firstOf(pid ?? 0)));
    const caught = () => readFileSync(`/proc/${trapped}/status`, "utf8");
    await vi.waitFor(() => expect(caught()).toMatch(/^SigCgt:\s+[0-9a-f]+[4-7c-f][0-9a-f]{3}$/m), 10_000);
    const found = await inits();
    expect(found.visible).toBe(true);
    const of = (pid: number | undefined) => found.inits.find((one) => one.pid === pid);
    expect(of(sleeping)).toMatchObject({ program: "sleep", zombies: 0 });
    const heard = [of(sleeping), of(trapped)].map((one) => (one ? hears(one, 15) : null));
    expect(heard).toEqual([false, true]);
  } finally {
    for (const child of children) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
  }
});
