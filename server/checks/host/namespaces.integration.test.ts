import { spawn } from "node:child_process";
import { once } from "node:events";
import { readlinkSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { runOnThisMachine } from "#testing/host-run.ts";
import { check } from "./namespaces.ts";

/** A real process in namespaces of its own, found among all others of this machine; making some takes root. */

const isRoot = process.geteuid?.() === 0;
const idOf = (pid: number, kind: string) => /\d+/.exec(readlinkSync(`/proc/${pid}/ns/${kind}`))?.[0];

test.skipIf(!isRoot)("a process with its own network and host name is found with their numbers", async () => {
  const child = spawn("unshare", ["--net", "--uts", "sleep", "60"], { stdio: "ignore" });
  const pid = child.pid ?? 0;
  try {
    await vi.waitFor(() => expect(idOf(pid, "uts")).not.toBe(idOf(process.pid, "uts")), 10_000);
    const outcome = await runOnThisMachine(check);
    const [read] = outcome.findings.filter(({ code }) => code === "namespaces-read");
    const line = read?.evidence?.[0]?.excerpt.split("\n").find((one) => one.startsWith(`sleep (${pid})`));
    expect(line).toContain(`own net:${idOf(pid, "net")} uts:${idOf(pid, "uts")}`);
    expect(line).toMatch(/the host's mnt pid ipc/);
    expect(
      outcome.pictures.flatMap((one) => ("nodes" in one ? one.nodes.map(({ id }) => id) : [])),
    ).toContain(`net-${idOf(pid, "net")}`);
  } finally {
    child.kill();
    await once(child, "exit");
  }
});

test("every process that may be looked at is counted", async () => {
  const outcome = await runOnThisMachine(check);
  expect(["pass", "warn", "fail", "unknown"]).toContain(outcome.verdict);
  const net = outcome.measurements.find(({ name }) => name === "netNamespaces");
  expect(net?.value).toBeGreaterThanOrEqual(1);
});
