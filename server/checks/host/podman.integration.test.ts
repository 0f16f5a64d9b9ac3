import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Outcome } from "#server/engine/execution.ts";
import { busyboxImage, imageName } from "#testing/busybox-image.ts";
import { isInstalled, type NamespacedHost, startNamespacedHost } from "#testing/host-namespace.ts";
import {
  addUser,
  mayMakeUserNamespaces,
  mayRunPodman,
  podman,
  podmanNeeds,
  podmanOf,
} from "#testing/podman.ts";
import { check as processes } from "./container-processes.ts";
import { check as firstProcesses } from "./pid-1-in-containers.ts";
import { check as rootless } from "./rootless-containers.ts";

/** Real containers of Podman, root's and an ordinary user's, on a host of their own. */

const codesOf = ({ findings }: Outcome) =>
  findings.map(({ code, subject }) => `${code} ${subject.part}`).sort();
const trapping = "sh -c 'trap \"exit 0\" TERM; while :; do sleep 1 & wait; done'";

describe.skipIf(!mayRunPodman)(`Podman's containers (${podmanNeeds})`, () => {
  let host: NamespacedHost;
  let image: string;
  beforeAll(async () => {
    host = await startNamespacedHost();
    image = busyboxImage(host.folder);
    await host.run(`${podman} load --input ${image}`);
  });
  afterAll(() => host?.stop());
  const start = async (runtime: string, name: string, command: string) =>
    (
      await host.run(
        `${podman} --runtime ${runtime} run --detach --network none --name ${name} ${imageName} ${command}`,
      )
    ).trim();
  const pidOf = async (name: string) =>
    (await host.run(`${podman} inspect --format '{{.State.Pid}}' ${name}`)).trim();

  test("runc's and crun's, one that hears and one that does not", async () => {
    await start("runc", "hears", trapping);
    await start("crun", "idle", "sleep 3600");
    const outcomes = await Promise.all([processes, firstProcesses].map((check) => host.ask(check)));
    expect(outcomes.map(codesOf)).toEqual([["processes-live containers"], ["pid-1-deaf container idle"]]);
    expect(outcomes[0]?.measurements[0]?.value).toBe(2);
  });

  test("one that ended is in order until it is asked for, one whose record was cleaned away is a stray", async () => {
    const ended = await start("crun", "ended", "true");
    await host.run(`${podman} wait ended`);
    const stray = await start("crun", "stray", "sleep 3600");
    expect(codesOf(await host.ask(processes))).toEqual(["processes-live containers"]);
    expect(codesOf(await host.ask(processes, { container: ended.slice(0, 12) }))).toEqual([
      `process-gone container ${ended.slice(0, 12)}`,
    ]);
    await host.run(`rm -r /run/containers/storage/overlay-containers/${stray}`);
    expect(codesOf(await host.ask(processes))).toEqual([
      `process-without-runtime container ${stray.slice(0, 12)}`,
      "processes-live containers",
    ]);
    await host.run(`kill -KILL ${await pidOf("stray")}`);
  });

  test("one whose conmon and process were killed, which Podman shows as running", async () => {
    const lost = await start("crun", "lost", "sleep 3600");
    await host.run(`pkill -KILL -f '[c]onmon .* -n lost '; p=${await pidOf("lost")}; kill -KILL $p
      while [ -e /proc/$p ]; do sleep 0.05; done`);
    expect(await host.run(`${podman} ps --format '{{.Names}} {{.Status}}'`)).toMatch(/^lost Up /m);
    const outcome = await host.ask(processes);
    expect(codesOf(outcome)).toEqual([
      `process-gone container ${lost.slice(0, 12)}`,
      "processes-live containers",
    ]);
    expect(outcome.findings[0]?.remedy?.at(-1)?.command).toBe(`sudo podman rm --force ${lost}`);
  });
});

describe.skipIf(!mayRunPodman || !mayMakeUserNamespaces || !isInstalled("newuidmap", "useradd"))(
  `containers of an ordinary user (${podmanNeeds}, uidmap, user namespaces for everybody)`,
  () => {
    let host: NamespacedHost;
    beforeAll(async () => {
      host = await startNamespacedHost();
      await host.run(
        `: > /etc/subuid; : > /etc/subgid; ${addUser("alice")}; cp ${busyboxImage(host.folder)} /run/alice/image.tar`,
      );
    });
    afterAll(() => host?.stop());
    const run = () =>
      host.run(`${podmanOf("alice")} run --rm --network none ${imageName} cat /proc/self/uid_map`);
    /** Without what only says which versions this machine has. */
    const judged = async (params: Record<string, unknown> = {}, behind = "") =>
      codesOf(await host.ask(rootless, params, behind)).filter(
        (code) => !/^(cgroup|runtime) |^cgroup-v\d /.test(code),
      );

    test("a host that allows them runs one, and its process is found without a control group of its own", async () => {
      expect(await judged()).toEqual([
        "mapping-tools newuidmap, newgidmap",
        "namespaces-allowed user.max_user_namespaces",
        "ranges-given alice",
      ]);
      await host.run(`${podmanOf("alice")} load --input /run/alice/image.tar`);
      expect((await run()).split("\n").map((line) => line.trim().split(/ +/).at(-1))).toContain("65536");
      const id = (await host.run(`${podmanOf("alice")} run --detach --network none ${imageName}`)).trim();
      const outcomes = await Promise.all([processes, firstProcesses].map((check) => host.ask(check)));
      const name = `container ${id.slice(0, 12)}`;
      expect(outcomes.map(codesOf)).toEqual([["processes-live containers"], [`pid-1-deaf ${name}`]]);
    });

    test("a host where no user namespace may be made", async () => {
      const holder = (
        await host.run(
          "unshare --user sleep 3600 >/dev/null 2>&1 & p=$!; while [ $(readlink /proc/$p/ns/user) = $(readlink /proc/self/ns/user) ]; do :; done; for m in uid_map gid_map; do echo 0 0 4294967295 > /proc/$p/$m; done; nsenter -t $p -U -- sh -c 'echo 0 > /proc/sys/user/max_user_namespaces'; echo $p",
        )
      ).trim();
      const behind = `nsenter -t ${holder} -U --`;
      expect(await judged({}, behind)).toContain("namespaces-none user.max_user_namespaces");
      await expect(host.run(`${behind} unshare --user true`)).rejects.toThrow(/No space left/);
    });

    test("a range for one kind of id only, ranges that overlap, and a program that lost its bit", async () => {
      await host.run(
        "sed -i s/alice/mallory/ /etc/subgid; echo bob:100100:65536 >> /etc/subuid; echo bob:300000:1000 >> /etc/subgid",
      );
      await host.run(
        "cp /usr/bin/newuidmap /run/newuidmap; chmod 755 /run/newuidmap; mount --bind /run/newuidmap /usr/bin/newuidmap",
      );
      const codes = await judged();
      expect(codes).toEqual([
        "mapping-tool-powerless newuidmap",
        "namespaces-allowed user.max_user_namespaces",
        "range-short bob",
        "ranges-of-one-file alice",
        "ranges-of-one-file mallory",
        "ranges-overlap /etc/subuid alice bob",
      ]);
      // What keeps the user's namespace alive would spare the next container the mapping.
      await host.run("pkill -KILL -u alice; while pgrep -u alice >/dev/null; do sleep 0.05; done");
      await expect(run()).rejects.toThrow(/no subgid ranges found/);
    });
  },
);
