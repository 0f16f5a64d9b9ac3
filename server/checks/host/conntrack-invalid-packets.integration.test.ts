import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Outcome } from "#server/engine/execution.ts";
import {
  isInstalled,
  mayMakeHosts,
  type NamespacedHost,
  startNamespacedHost,
} from "#testing/host-namespace.ts";
import { check } from "./conntrack-invalid-packets.ts";

/** Packets that really come outside the window of their connection, in a network of their own. */

const codesOf = ({ findings }: Outcome) => findings.map(({ code }) => code).sort();
const may = mayMakeHosts && isInstalled("iptables", "nft", "conntrack", "busybox");

/** Gives every packet with data a sequence number from nowhere before connection tracking sees it. */
const forge = `nft -f - <<'END'
table ip forge {
  chain out {
    type filter hook output priority -300
    tcp dport 9000 meta length > 100 tcp sequence set 1
  }
}
END`;
const talk = `busybox httpd -f -p 127.0.0.1:9000 -h /run >/dev/null 2>&1 &
while [ -e /run/talking ]; do
  timeout 1 bash -c 'exec 3<>/dev/tcp/127.0.0.1/9000; printf "%0200d" 1 >&3; read -t 0.1 -u 3'
done >/dev/null 2>&1 &`;

describe.skipIf(!may)(
  "INVALID packets (as root, with namespaces, iptables, nftables, conntrack and busybox)",
  () => {
    let host: NamespacedHost;
    beforeAll(async () => {
      host = await startNamespacedHost();
      await host.run("iptables -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT");
    });
    afterAll(() => host?.stop());
    const ask = (params: Record<string, unknown> = {}) => host.ask(check, { windowSeconds: 1, ...params });

    test("there are none while nobody talks, and there is room in the table", async () => {
      expect(codesOf(await ask())).toEqual(["invalid-still", "table-has-room"]);
    });

    test("packets outside the window are counted, and nothing is done about them", async () => {
      await host.run(`${forge}
        touch /run/talking; ${talk}`);
      await host.run("until conntrack -S | grep -q ' invalid=[1-9]'; do sleep 0.05; done");
      const outcome = await ask();
      expect(outcome.verdict).toBe("fail");
      expect(codesOf(outcome)).toEqual(["invalid-unmitigated", "table-has-room"]);
      expect(outcome.measurements.find(({ name }) => name === "invalid")?.value).toBeGreaterThan(0);
    });

    test("either of the two remedies that the finding names is one", async () => {
      const sysctl = "/proc/sys/net/netfilter/nf_conntrack_tcp_be_liberal";
      await host.run(`echo 1 > ${sysctl}`);
      expect(codesOf(await ask())).toEqual(["invalid-still", "table-has-room"]);
      await host.run(`echo 0 > ${sysctl}; iptables -I INPUT 1 -m conntrack --ctstate INVALID -j DROP`);
      const dropped = await ask();
      expect(codesOf(dropped)).toEqual(["invalid-dropped", "table-has-room"]);
      expect(dropped.findings[0]?.message.en).toContain("filter INPUT");
      await host.run(
        "iptables -D INPUT 1; nft 'add chain ip forge in { type filter hook input priority 0; }; add rule ip forge in ct state invalid drop'",
      );
      const byNft = await ask();
      expect(codesOf(byNft)).toEqual(["invalid-dropped", "table-has-room"]);
      expect(byNft.findings[0]?.message.en).toContain("ip forge in");
      await host.run("rm /run/talking");
    });

    test("a table that fills is seen before it is full", async ({ skip }) => {
      const most = Number(await host.run("cat /proc/sys/net/netfilter/nf_conntrack_max"));
      const one = Math.ceil(most / 100) + 1;
      skip(one >= 20_000, "1 % of the table has to be small");
      await host.run(
        `bash -c 'for a in 1 2; do for ((p = 10000; p < 10000 + ${one} / 2 + 1; p++)); do echo x > /dev/udp/127.0.0.$a/$p; done; done 2>/dev/null; :'`,
      );
      expect((await ask({ warnPercent: 1 })).findings.map(({ code }) => code)).toContain("table-filling");
      expect((await ask({ warnPercent: 1, failPercent: 1 })).verdict).toBe("fail");
    });
  },
);
