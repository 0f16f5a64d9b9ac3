import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { runOnThisMachine } from "#testing/host-run.ts";
import { check } from "./high-concurrency-sysctls.ts";

/** A real nginx in a network namespace of its own, whose settings differ from the host's; making one takes root. */

const folder = mkdtempSync(join(tmpdir(), "weekbook-proxy-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const isRoot = process.geteuid?.() === 0;

test.skipIf(!isRoot)("nginx is judged by the settings of its own network, not by the host's", async () => {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(" ");
  const pidFile = join(folder, "pid");
  const configuration = `daemon off; worker_processes 1; pid ${pidFile}; error_log stderr;
    worker_rlimit_nofile 4096; events { worker_connections 64; }
    http { access_log off; ${temporary} server { listen 127.0.0.1:8080; } }`;
  writeFileSync(join(folder, "nginx.conf"), configuration);
  const script = `echo 511 > /proc/sys/net/core/somaxconn; exec /usr/sbin/nginx -e stderr -p ${folder} -c ${folder}/nginx.conf`;
  const child = spawn("unshare", ["--net", "sh", "-c", script], { stdio: "ignore" });
  try {
    await vi.waitFor(() => expect(readFileSync(pidFile, "utf8").trim()).toBe(String(child.pid)), 10_000);
    const worker = await vi.waitFor(() => {
      const [first] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").split(" ");
      expect(first).toMatch(/^\d+$/);
      return first;
    }, 10_000);
    const outcome = await runOnThisMachine(check);
    const mine = outcome.findings.filter(({ subject }) => subject.part?.includes(`(${child.pid})`));
    const found = mine.map(({ code, observed }) => `${code} ${observed}`).sort();
    const range = readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "utf8").trim();
    expect(found).toContain("somaxconn-low 511");
    if (range === "32768\t60999") expect(found).toContain("port-range-narrow 32768 60999");
    const limits = readFileSync(`/proc/${worker}/limits`, "utf8");
    expect(limits).toMatch(/^Max open files +4096 /m);
    const ample = await runOnThisMachine(check, { minSomaxconn: 500, minNofile: 1024 });
    const still = ample.findings.filter(({ subject }) => subject.part?.includes(`(${child.pid})`));
    expect(still.map(({ code }) => code)).not.toEqual(expect.arrayContaining(["somaxconn-low"]));
  } finally {
    child.kill();
    await once(child, "exit");
  }
});

test("the host's own settings are those that its kernel tells", async () => {
  const outcome = await runOnThisMachine(check);
  const measured = new Map(outcome.measurements.map(({ name, value }) => [name, value]));
  const at = (path: string) => readFileSync(`/proc/sys/${path}`, "utf8").trim();
  expect(measured.get("somaxconn")).toBe(Number(at("net/core/somaxconn")));
  const [from = 0, to = 0] = at("net/ipv4/ip_local_port_range").split(/\s+/).map(Number);
  expect(measured.get("sourcePorts")).toBe(to - from + 1);
});
