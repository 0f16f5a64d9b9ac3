import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createLocalHostConnector } from "#server/connectors/local-host.ts";
import { execute } from "#server/engine/execute.ts";
import type { Outcome } from "#server/engine/execution.ts";
import type { Check } from "../define-check.ts";
import { check as cpuThrottling, parseCpuStat } from "./cpu-throttling.ts";
import { check as mdArrays } from "./md-arrays.ts";
import { check as acceptQueues } from "./tcp-accept-queues.ts";

/** The checks as they run on "This machine", against what its kernel says when it is asked directly. */

let listener: Server;
beforeAll(async () => {
  listener = createServer().listen({ port: 0, host: "127.0.0.1", backlog: 37 });
  await once(listener, "listening");
});
afterAll(() => void listener.close());

async function ask(...asked: [Check, Record<string, unknown>][]): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const connector = createLocalHostConnector();
  await execute(
    asked.map(([check, params]) => ({
      key: check.id,
      check,
      params: check.params.parse(params) as Record<string, unknown>,
      target: { kind: "host", key: "this-machine", name: connector.name, connector },
    })),
    {
      scope: "test",
      signal: new AbortController().signal,
      onEvent: (event) => {
        if (event.type === "outcome") outcomes.set(event.outcome.key, event.outcome);
      },
    },
  );
  return outcomes;
}

const sysctl = (name: string) => readFileSync(`/proc/sys/${name.replaceAll(".", "/")}`, "utf8").trim();

test("listen queues show the values of this kernel, a listener's maximum among them", async () => {
  const outcome = (await ask([acceptQueues, { windowSeconds: 1 }])).get(acceptQueues.id);
  const observed = new Map(
    outcome?.findings.map((one) => [one.subject.part ?? one.subject.name, one.observed]),
  );
  for (const name of [
    "core.somaxconn",
    "ipv4.tcp_max_syn_backlog",
    "ipv4.tcp_abort_on_overflow",
    "ipv4.tcp_syncookies",
  ])
    expect(observed.get(`net.${name}`)).toBe(`net.${name} = ${sysctl(`net.${name}`)}`);
  const { port } = listener.address() as AddressInfo;
  const maximum = Math.min(37, Number(sysctl("net.core.somaxconn")));
  const withoutSs = outcome?.findings.some((one) => one.code === "maximum-not-visible");
  expect(observed.get(`127.0.0.1:${port}`)).toBe(withoutSs ? "0" : `0 of ${maximum} (0 %)`);
  const counters = readFileSync("/proc/net/netstat", "utf8").match(/^TcpExt: .*$/gm) ?? [];
  const index = counters[0]?.split(" ").indexOf("ListenOverflows") ?? -1;
  expect(observed.get("ListenOverflows")).toContain(`${counters[1]?.split(" ")[index]} since boot`);
});

test("CPU throttling reads every cgroup of this machine that has a quota counter", async () => {
  const outcome = (await ask([cpuThrottling, { windowSeconds: 1, minPeriods: 1 }])).get(cpuThrottling.id);
  const groups = new Set(
    statFiles("/sys/fs/cgroup", 8).map((path) => path.replace(/^\/sys\/fs\/cgroup\/(cpu[^/]*)?/, "")),
  );
  if (groups.size === 0)
    expect(outcome).toMatchObject({ verdict: "skip", reason: { code: "not-applicable" } });
  else
    expect(outcome?.findings.find((one) => one.code === "cgroups-read")?.message.en).toContain(
      `${groups.size} cgroups read`,
    );
  expect(outcome?.cost.calls).toBeGreaterThan(0);
});

test("software RAID is skipped where the kernel has none, judged where it has some", async () => {
  const outcome = (await ask([mdArrays, {}])).get(mdArrays.id);
  const text = existsSync("/proc/mdstat") ? readFileSync("/proc/mdstat", "utf8") : "";
  const names = [...text.matchAll(/^(md\S*) :/gm)].map((match) => `/dev/${match[1]}`);
  expect([...new Set(outcome?.findings.map((one) => one.subject.name))].sort()).toEqual(names.sort());
  if (names.length === 0) expect(outcome?.verdict).toBe("skip");
});

/** Every cpu.stat with bandwidth counters, found by walking, not by patterns. */
function statFiles(folder: string, depth: number): string[] {
  if (depth < 0) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return statFiles(path, depth - 1);
    if (entry.name !== "cpu.stat" || folder === "/sys/fs/cgroup") return [];
    return parseCpuStat(readFileSync(path, "utf8")) ? [path] : [];
  });
}
