// All host checks on a thousand hosts over SSH, against `ssh … true` on the same hosts with the same parallelism.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { addHostGroup } from "#server/domain/hosts/add.ts";
import { keyMaker, type Sshd, startSshd } from "#testing/sshd.ts";
import { cpuMs, forgetPeak, peakMiB, residentMiB } from "./process.ts";
import { type Row, row } from "./report.ts";
import { createWorld, plainChecks, type World } from "./world.ts";

/** As many hosts as a worker reads at once. */
const parallel = 50;

export async function fanOut(options: {
  rounds: number;
  log: (line: string) => void;
  hosts: number;
}): Promise<Row[]> {
  const { rounds, log, hosts: count } = options;
  const name = `fan-out-${count}`;
  using keys = keyMaker();
  const pair = keys.pair();
  // What the checks count themselves is the same for both.
  const sshd = await startSshd({ authorized: [pair.publicKey], config: ["LogLevel INFO"] });
  const hosts = Array.from({ length: count }, (_, index) => `127.1.${index >> 7}.${(index & 127) + 1}`);
  const world = await createWorld();
  const seen = { wall: [] as number[], cpu: [] as number[], memory: [] as number[], bareMs: [] as number[] };
  try {
    const cluster = await register(world, { hosts, sshd, privateKey: pair.privateKey });
    const [worker] = await world.startWorkers(1);
    const pid = worker?.child.pid ?? 0;
    const idleMiB = residentMiB(pid);
    for (let round = 1; round <= rounds; round += 1) {
      const bare = await bareSsh({ hosts, sshd, identity: pair.path, folder: keys.folder });
      forgetPeak(pid);
      const cpuBefore = cpuMs(pid);
      const began = performance.now();
      const run = await world.ended(await world.start([cluster], plainChecks("host")));
      const oursMs = performance.now() - began;
      await assertAllRead(world, run.id, count);
      seen.wall.push(oursMs / bare.wallMs);
      seen.cpu.push((cpuMs(pid) - cpuBefore) / count);
      seen.memory.push(peakMiB(pid) - idleMiB);
      seen.bareMs.push(bare.wallMs);
      log(
        `round ${round}: ssh true ${(bare.wallMs / 1000).toFixed(1)} s, ours ${(oursMs / 1000).toFixed(1)} s, +${seen.memory.at(-1)?.toFixed(0)} MiB`,
      );
    }
  } finally {
    await world.close();
    await sshd.stop();
  }
  return [
    row(name, `${plainChecks("host").length} checks on ${count} hosts ÷ ssh true`, "×", seen.wall, {
      most: 1.3,
    }),
    row(name, "CPU of the worker for one host", "ms", seen.cpu),
    row(name, "worker's peak above idle", "MiB", seen.memory),
    row(name, `ssh true on ${count} hosts, ${parallel} at a time`, "ms", seen.bareMs),
  ];
}

async function register(
  { ctx, instance }: World,
  at: { hosts: string[]; sshd: Sshd; privateKey: string },
): Promise<string> {
  const { hosts, sshd, privateKey } = at;
  const slug = "hosts";
  await instance.db.cluster.create({ data: { teamId: ctx.team.id, slug, name: "Hosts" } });
  const knownHosts = hosts.map((host) => `[${host}]:${sshd.port} ${sshd.hostKey}`).join("\n");
  const group = {
    ...{ name: "all", hosts: hosts.join("\n"), nodes: null, jump: null, sudo: false },
    ...{ user: sshd.user, port: sshd.port },
  };
  await addHostGroup({ ctx, input: { cluster: slug, group, secret: { privateKey }, knownHosts } });
  return slug;
}

/** The system's own client, `parallel` at a time, with the host key checked as ours does. */
async function bareSsh(at: {
  hosts: string[];
  sshd: Sshd;
  identity: string;
  folder: string;
}): Promise<{ wallMs: number }> {
  const { hosts, sshd, identity, folder } = at;
  const known = join(folder, "known-hosts");
  writeFileSync(known, hosts.map((host) => `[${host}]:${sshd.port} ${sshd.hostKey}\n`).join(""));
  const settings = ["BatchMode=yes", "StrictHostKeyChecking=yes", `UserKnownHostsFile=${known}`];
  const args = [
    "-F",
    "none",
    "-i",
    identity,
    "-p",
    String(sshd.port),
    ...settings.flatMap((one) => ["-o", one]),
  ];
  const waiting = [...hosts];
  const began = performance.now();
  const lane = async () => {
    for (let host = waiting.shift(); host !== undefined; host = waiting.shift()) {
      const child = spawn("ssh", [...args, `${sshd.user}@${host}`, "true"], { stdio: "ignore" });
      const [code] = await once(child, "exit");
      if (code !== 0) throw new Error(`ssh to ${host} ended with ${code}`);
    }
  };
  await Promise.all(Array.from({ length: parallel }, lane));
  return { wallMs: performance.now() - began };
}

/** Every check was asked of every host, each host with one command, and none was out of reach. */
async function assertAllRead({ instance }: World, runId: string, count: number): Promise<void> {
  const results = await instance.db.result.findMany({
    where: { runId },
    select: { reason: true, cost: true },
  });
  if (results.length !== count * plainChecks("host").length) throw new Error(`${results.length} results`);
  const out = results.find(({ reason }) => ["unreachable", "timed-out"].includes(Object(reason).code));
  if (out) throw new Error(`not every host was read: ${JSON.stringify(out.reason)}`);
  const twice = results.find(({ cost }) => Object(cost).calls > 1);
  if (twice) throw new Error(`a host was given more than one command: ${JSON.stringify(twice.cost)}`);
}
