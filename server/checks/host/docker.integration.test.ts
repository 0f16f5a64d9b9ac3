import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Outcome } from "#server/engine/execution.ts";
import { type DockerHost, dockerNeeds, mayRunDocker, startDockerHost } from "#testing/docker-engine.ts";
import type { Check } from "../define-check.ts";
import { check as processes } from "./container-processes.ts";
import { check as firstProcesses } from "./pid-1-in-containers.ts";
import { check as ports } from "./published-ports.ts";

/** A real engine of Docker on a host of its own, asked over SSH; nothing of this machine's own Docker is touched. */

const codesOf = ({ findings }: Outcome) =>
  findings.map(({ code, subject }) => `${code} ${subject.part}`).sort();

describe.skipIf(!mayRunDocker)(`Docker's containers (${dockerNeeds})`, () => {
  let host: DockerHost;
  beforeAll(async () => {
    host = await startDockerHost();
    await host.container("web", "--init --publish 8080:80 --restart always");
    await host.container("idle");
  });
  afterAll(() => host?.stop());
  const ask = (check: Check, params?: Record<string, unknown>) => host.ask(check, params);
  const idOf = async (name: string) => (await host.docker("inspect", "--format", "'{{.Id}}'", name)).trim();
  const pidOf = async (name: string) =>
    (await host.docker("inspect", "--format", "'{{.State.Pid}}'", name)).trim();

  test("an init hears the signal to stop, sleep does not", async () => {
    const outcome = await ask(firstProcesses);
    expect(codesOf(outcome)).toEqual(["pid-1-deaf container idle"]);
    expect(outcome.measurements).toContainEqual(
      expect.objectContaining({ name: "withEngineInit", value: 1 }),
    );
    await host.docker("rm", "--force", "idle");
    const loop = "sh -c 'trap \"exit 0\" TERM; while :; do sleep 1 & wait; done'";
    await host.container("idle", "", loop);
    await host.container("told", "--stop-signal SIGKILL");
    expect(codesOf(await ask(firstProcesses))).toEqual(["pid-1-hears containers"]);
  });

  test("ended processes that PID 1 does not collect are counted", async () => {
    await host.container("parent", "", "sh -c 'for i in 1 2 3 4; do (sleep 0.1 &); done; exec sleep 3600'");
    await host.run("until [ $(grep -l '^State:.Z' /proc/[0-9]*/status | wc -l) -ge 4 ]; do sleep 0.05; done");
    const outcome = await ask(firstProcesses, { maxZombies: 3 });
    expect(codesOf(outcome)).toEqual(["pid-1-deaf container parent", "zombies-not-reaped container parent"]);
    await host.docker("rm", "--force", "parent");
  });

  test("published ports agree until a file is edited below the running engine", async () => {
    const before = await ask(ports);
    expect(codesOf(before)).toEqual(["as-configured docker"]);
    expect(before.findings[0]?.observed).toBe("3 containers, 2 published places");
    const file = `/var/lib/docker/containers/${await idOf("web")}/hostconfig.json`;
    await host.run(`sed -i.kept 's/"8080"/"8081"/' ${file}`);
    expect(codesOf(await ask(ports))).toEqual(["edited-not-read web"]);
    await host.run(`mv ${file}.kept ${file}`);
  });

  test("a proxy that has gone is a port where nothing listens", async () => {
    await host.container("second", "--publish 8090:80");
    await host.run("pkill -f '[d]ocker-proxy .*-host-port 8090 '");
    expect(codesOf(await ask(ports))).toEqual(["not-listening second"]);
    await host.docker("rm", "--force", "second");
  });

  test("two containers that start by themselves and want one port", async () => {
    await host.docker(
      "create",
      "--name",
      "rival",
      "--publish",
      "8080:80",
      "--restart",
      "always",
      "weekbook/busybox:test",
    );
    expect(codesOf(await ask(ports))).toEqual(["port-claimed-twice rival"]);
    await host.docker("rm", "rival");
  });

  test("every container's process is there, and each can be asked for", async () => {
    const outcome = await ask(processes);
    expect(codesOf(outcome)).toEqual(["processes-live containers"]);
    expect(outcome.measurements).toContainEqual(expect.objectContaining({ name: "containers", value: 3 }));
    const id = await idOf("web");
    const asked = await ask(processes, { container: id.slice(0, 12) });
    expect(asked.findings[0]).toMatchObject({ code: "process-lives", observed: await pidOf("web") });
  });

  test("a record without its process, and a process without its record", async () => {
    const [web, told] = [await idOf("web"), await idOf("told")];
    const [webPid, toldPid] = [await pidOf("web"), await pidOf("told")];
    // A containerd that stands still notices nothing of what is done to its containers.
    await host.run("kill -STOP $(cat /run/docker/containerd/containerd.pid) $(cat /run/docker.pid)");
    await host.run(`pkill -KILL -f 'containerd-shim.* -id (${web}|${told})'; kill -KILL ${webPid}
      while [ -e /proc/${webPid} ]; do sleep 0.05; done`);
    await host.run(`rm -r /run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby/${told}`);
    const outcome = await ask(processes);
    expect(codesOf(outcome)).toEqual([
      `process-gone container ${web.slice(0, 12)}`,
      `process-without-runtime container ${told.slice(0, 12)}`,
      "processes-live containers",
    ]);
    await host.run(`kill -KILL ${toldPid}`);
  });

  test("an engine that stands still is silent, and one that could not read a file has lost a container", async () => {
    expect(codesOf(await ask(ports))).toEqual(["engine-silent docker"]);
    await host.crash();
    await host.run(
      `cd /var/lib/docker/containers; cd $(grep -l /idle */config.v2.json | cut -d / -f 1) && sed -i 's/}$//' hostconfig.json`,
    );
    await host.start();
    expect(codesOf(await ask(ports))).toEqual(["not-loaded idle"]);
  });
});
