import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Outcome } from "#server/engine/execution.ts";
import {
  isInstalled,
  mayMakeHosts,
  type NamespacedHost,
  startNamespacedHost,
} from "#testing/host-namespace.ts";
import { check } from "./port-forward-helpers.ts";

/** The real programs, there and taken away; a program of kubelet's name stands in for the kubelet. */

const codesOf = ({ findings }: Outcome) =>
  findings.map(({ code, subject }) => `${code} ${subject.part ?? ""}`.trim()).sort();
const may = mayMakeHosts && isInstalled("socat", "nsenter", "busybox");

describe.skipIf(!may)(
  "programs for port forwarding (as root, with namespaces, socat, util-linux and busybox)",
  () => {
    let host: NamespacedHost;
    beforeAll(async () => {
      host = await startNamespacedHost();
      await host.run(
        "mkdir /run/scratch/bin /run/scratch/work; mount -t overlay -o lowerdir=/usr/bin,upperdir=/run/scratch/bin,workdir=/run/scratch/work overlay /usr/bin; cp /bin/bash /run/kubelet",
      );
    });
    afterAll(() => host?.stop());
    const kubelet = (endpoint: string) =>
      host.run(`[ ! -e /run/kubelet.pid ] || kill $(cat /run/kubelet.pid)
      /run/kubelet -c 'read -r line < <(sleep 3600)' --v=2 --container-runtime-endpoint=${endpoint} >/dev/null 2>&1 & echo $! > /run/kubelet.pid`);

    test("without a kubelet there is nothing to judge", async () => {
      expect((await host.ask(check)).verdict).toBe("skip");
    });

    test("below cri-dockerd both programs are called, and the one taken away is missing", async () => {
      await kubelet("unix:///run/cri-dockerd.sock");
      expect(codesOf(await host.ask(check))).toEqual(["helper-present nsenter", "helper-present socat"]);
      await host.run("mv /usr/bin/socat /run/socat");
      const outcome = await host.ask(check);
      expect(outcome.verdict).toBe("fail");
      expect(codesOf(outcome)).toEqual(["helper-missing socat", "helper-present nsenter"]);
    });

    test.skipIf(!isInstalled("containerd"))("a containerd of today needs neither (containerd)", async () => {
      await kubelet("unix:///run/containerd/containerd.sock");
      expect(codesOf(await host.ask(check))).toEqual(["none-needed"]);
    });

    test("where every program is one of busybox, the kubelet is found and its absence is a skip", async () => {
      await host.run("mount -t tmpfs tmpfs /usr/local/sbin; busybox --install -s /usr/local/sbin");
      await kubelet("unix:///run/cri-dockerd.sock");
      expect(codesOf(await host.ask(check))).toEqual(["helper-missing socat", "helper-present nsenter"]);
      await host.run("kill $(cat /run/kubelet.pid)");
      expect((await host.ask(check)).verdict).toBe("skip");
    });
  },
);
