import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Outcome } from "#server/engine/execution.ts";
import { imageName } from "#testing/busybox-image.ts";
import {
  type ContainerdHost,
  containerdNeeds,
  mayRunContainerd,
  networkFile,
  type Pod,
  podNetwork,
  startContainerdHost,
} from "#testing/containerd.ts";
import { podman, podmanKnowsCni } from "#testing/podman.ts";
import { check as allocations } from "./cni-allocations.ts";
import { check as processes } from "./container-processes.ts";
import { check as chains } from "./host-port-chains.ts";

/** A real containerd whose pods are made as the kubelet has them made, with the real plugins for their network. */

const codesOf = ({ findings }: Outcome) =>
  findings.map(({ code, subject }) => `${code} ${subject.part ?? ""}`.trim());

describe.skipIf(!mayRunContainerd)(`a node with containerd (${containerdNeeds})`, () => {
  let host: ContainerdHost;
  let [web, db]: Pod[] = [];
  beforeAll(async () => {
    host = await startContainerdHost();
    web = await host.pod("web", 8080);
    db = await host.pod("db");
  });
  afterAll(() => host?.stop());

  test("every pod has its processes, its reservation and its host port", async () => {
    const outcomes = await Promise.all([processes, allocations, chains].map((check) => host.ask(check)));
    expect(outcomes.map(({ verdict }) => verdict)).toEqual(["pass", "pass", "pass"]);
    expect(outcomes.flatMap(codesOf)).toEqual(["processes-live containers"]);
    expect(
      outcomes.flatMap(({ measurements }) => measurements.map(({ name, value }) => `${name} ${value}`)),
    ).toEqual([
      ...["containers 4", "withoutProcess 0"],
      ...["reserved-addresses 2", "host-ports-asked-for 1"],
    ]);
  });

  test("a reservation of a sandbox that never came to be, and one that somebody deleted", async () => {
    const nobody = randomBytes(32).toString("hex");
    const ipam = '{"cniVersion":"0.4.0","name":"pods","ipam":{"type":"host-local","subnet":"10.99.0.0/24"}}';
    const plugin = (command: string) =>
      host.run(
        `echo '${ipam}' | CNI_COMMAND=${command} CNI_CONTAINERID=${nobody} CNI_NETNS=/proc/1/ns/net CNI_IFNAME=eth0 CNI_PATH=/usr/lib/cni /usr/lib/cni/host-local`,
      );
    const given = /10\.99\.0\.\d+/.exec(await plugin("ADD"))?.[0];
    const folder = "/var/lib/cni/networks/pods";
    const lost = (await host.run(`grep -l ${db?.sandbox} ${folder}/*`)).trim();
    await host.run(`mv ${lost} /run/lost`);
    const outcome = await host.ask(allocations);
    expect(codesOf(outcome)).toEqual(["leaked pods", "unreserved pods"]);
    expect(outcome.findings.map(({ affected }) => affected?.sample.map(({ part }) => part))).toEqual([
      [given],
      [lost.split("/").at(-1)],
    ]);
    await plugin("DEL");
    await host.run(`mv /run/lost ${lost}`);
  });

  test.skipIf(!podmanKnowsCni)(
    "a container of Podman in the same network is no stranger (podman before version 5)",
    async () => {
      await host.run(`${podman} load --input ${host.folder}/busybox.tar >&2 &&
      ${podman} --network-backend cni run --detach --name beside --network pods --publish 9090:80 ${imageName} sleep 3600`);
      const outcomes = await Promise.all([processes, allocations, chains].map((check) => host.ask(check)));
      expect(outcomes.flatMap(codesOf)).toEqual(["processes-live containers"]);
      expect(outcomes[2]?.measurements[0]?.value).toBe(2);
      await host.run(`${podman} rm --force --time 0 beside`);
    },
  );

  test("rules that somebody flushed are missing", async () => {
    await host.run(
      "iptables-save -t nat > /run/rules; iptables -t nat -F CNI-DN-$(iptables -t nat -S | grep -oE -m 1 'CNI-DN-[0-9a-f]+' | cut -c 8-)",
    );
    expect(codesOf(await host.ask(chains))).toEqual(["mapping-missing 8080/TCP"]);
    await host.run("iptables-restore < /run/rules; iptables -t nat -F PREROUTING");
    expect(codesOf(await host.ask(chains))).toEqual(["jump-missing"]);
    await host.run("iptables -t nat -F; iptables -t nat -X");
    expect(codesOf(await host.ask(chains))).toEqual(["chains-missing"]);
    await host.run("iptables-restore < /run/rules");
    expect((await host.ask(chains)).verdict).toBe("pass");
  });

  test("a configuration without portmap ignores what pods ask for", async () => {
    const without = podNetwork.replace(/,\{"type":"portmap".*\}\]/, "]");
    await host.run(`echo '${without}' > ${networkFile}`);
    expect(codesOf(await host.ask(chains))).toEqual([`portmap-missing ${networkFile}`]);
    await host.run(`echo '${podNetwork.slice(0, 40)}' > ${networkFile}`);
    expect(codesOf(await host.ask(chains))).toEqual([`config-malformed ${networkFile}`]);
    await host.run(`echo '${podNetwork}' > ${networkFile}`);
  });

  test("a pod whose shim was killed while containerd stood still has no process any more", async () => {
    const id = web?.container ?? "";
    await host.run(`kill -STOP $(pidof containerd); p=$(cat /run/containerd/*/k8s.io/${id}/init.pid)
      pkill -KILL -f '[c]ontainerd-shim.* -id ${web?.sandbox}'; kill -KILL $p; while [ -e /proc/$p ]; do sleep 0.05; done`);
    const outcome = await host.ask(processes, { container: `containerd://${id}` });
    expect(codesOf(outcome)).toEqual([`process-gone container ${id.slice(0, 12)}`]);
  });
});
