import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ruleFindings } from "./host-port-rules.ts";
import { mergeNatRules, parseIptablesSave, parseNftRuleset } from "./nat-rules.ts";

const output = (stdout: string, exitCode = 0) => ({ stdout, exitCode });
const recorded = readFileSync(
  join(import.meta.dirname, "../../../testing/recordings/iptables-save-nat.txt"),
  "utf8",
);

test("a node with kube-proxy and one host port, as recorded: Services come first", () => {
  expect(parseIptablesSave(output(recorded))).toEqual({
    jumps: ["KUBE-SERVICES", "CNI-HOSTPORT-DNAT"],
    portmap: true,
    ports: ["8080/TCP"],
  });
});

test("UDP, SCTP and a port bound to one address", () => {
  const rules = [
    ":CNI-HOSTPORT-DNAT - [0:0]",
    "-A CNI-DN-a -p udp -m udp --dport 53 -j DNAT --to-destination 10.1.0.2:53",
    "-A CNI-DN-b -d 192.0.2.1/32 -p tcp -m tcp --dport 443 -j DNAT --to-destination 10.1.0.3:8443",
    "-A CNI-DN-c -p sctp -m sctp --dport 9 -j DNAT --to-destination 10.1.0.4:9",
    "-A CNI-DN-b -s 127.0.0.1/32 -p tcp -m tcp --dport 443 -j CNI-HOSTPORT-SETMARK",
    "-A KUBE-NODEPORTS -p tcp -m tcp --dport 30080 -j KUBE-EXT-X",
  ];
  expect(parseIptablesSave(output(rules.join("\n")))?.ports).toEqual(["53/UDP", "443/TCP", "9/SCTP"]);
});

test("no rules are rules that were read; an error is not", () => {
  expect(parseIptablesSave(output(""))).toEqual({ jumps: [], portmap: false, ports: [] });
  expect(parseIptablesSave(output("", 4))).toBeNull();
  expect(parseNftRuleset(output("", 1))).toBeNull();
});

test("the nft flavour of iptables, and portmap's own table", () => {
  const iptables = `table ip nat {
	chain PREROUTING {
		type nat hook prerouting priority dstnat; policy accept;
		 counter packets 1 bytes 60 jump KUBE-SERVICES
		fib daddr type local counter packets 1 bytes 60 jump CNI-HOSTPORT-DNAT
	}
	chain CNI-HOSTPORT-DNAT {
		meta l4proto tcp tcp dport 8080 counter packets 0 bytes 0 jump CNI-DN-1
	}
	chain CNI-DN-1 {
		meta l4proto tcp tcp dport 8080 counter packets 0 bytes 0 dnat to 10.244.0.6:80
	}
	chain DOCKER {
		tcp dport 9000 dnat to 172.17.0.2:9000
	}
}`;
  expect(parseNftRuleset(output(iptables))).toEqual({
    jumps: ["KUBE-SERVICES", "CNI-HOSTPORT-DNAT"],
    portmap: true,
    ports: ["8080/TCP"],
  });
  const own = `table inet cni_hostport {
	chain hostports {
		udp dport 5353 dnat ip to 10.244.0.9:53 comment "x"
	}
}
table ip other {
	chain hostports {
		tcp dport 1 dnat to 10.0.0.1:1
	}
}`;
  expect(parseNftRuleset(output(own))).toEqual({
    ...{ jumps: [], portmap: true, own: true },
    ports: ["5353/UDP"],
  });
});

test("what either back end forwards is forwarded; nothing read is nothing known", () => {
  const one = parseIptablesSave(output(recorded));
  expect(mergeNatRules([null, null])).toBeNull();
  expect(mergeNatRules([one, { jumps: [], portmap: false, ports: ["1/TCP"] }])).toEqual({
    jumps: ["KUBE-SERVICES", "CNI-HOSTPORT-DNAT"],
    portmap: true,
    ports: ["8080/TCP", "1/TCP"],
  });
});

test("the jump is asked of every back end: Services in the one, portmap in the other", () => {
  const legacy = parseIptablesSave(
    output(":KUBE-SERVICES - [0:0]\n-A PREROUTING -m comment -j KUBE-SERVICES"),
  );
  const nft = parseIptablesSave(
    output(":CNI-HOSTPORT-DNAT - [0:0]\n-A PREROUTING -m addrtype -j CNI-HOSTPORT-DNAT"),
  );
  for (const all of [
    [legacy, nft],
    [nft, legacy],
  ])
    expect(mergeNatRules(all)).toEqual({ jumps: ["CNI-HOSTPORT-DNAT"], portmap: true, ports: [] });
});

const tableOf = (family: string, hasJump: boolean) => `table ${family} nat {
	chain PREROUTING {
		type nat hook prerouting priority dstnat; policy accept;
${hasJump ? "\t\tfib daddr type local counter packets 0 bytes 0 jump CNI-HOSTPORT-DNAT" : ""}
	}
	chain CNI-HOSTPORT-DNAT {
		meta l4proto tcp tcp dport 8080 counter packets 0 bytes 0 jump CNI-DN-1
	}
	chain CNI-DN-1 {
		meta l4proto tcp tcp dport 8080 counter packets 0 bytes 0 dnat to ${family === "ip" ? "10.0.0.6:80" : "[fd00::6]:80"}
	}
}
`;

test.each([
  [true, true, []],
  [false, true, ["over IPv4."]],
  [true, false, ["over IPv6."]],
  [false, false, ["over IPv4."]],
])("a jump of IPv4 (%s) and one of IPv6 (%s) do not stand for each other", (ip4, ip6, missing) => {
  const rules = parseNftRuleset(output(tableOf("ip", ip4) + tableOf("ip6", ip6)));
  const findings = rules ? ruleFindings("node-1", ["8080/TCP"], rules) : [];
  expect(findings.map(({ code }) => code)).toEqual(missing.map(() => "jump-missing"));
  for (const [index, text] of missing.entries()) expect(findings[index]?.message.en).toContain(text);
});

test("where pods have IPv6 alone its rules are enough", () => {
  const rules = parseNftRuleset(output(tableOf("ip6", true)));
  expect(rules && ruleFindings("node-1", ["8080/TCP"], rules)).toEqual([]);
});
