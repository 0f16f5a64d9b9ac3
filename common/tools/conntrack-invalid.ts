import type { CommandStep } from "./command-step.ts";

export const invalidFixes = ["drop", "liberal"] as const;
export const ruleTools = ["iptables", "nft"] as const;
export const invalidPaths = ["input", "both"] as const;

export type InvalidInput = {
  fix: (typeof invalidFixes)[number];
  rules: (typeof ruleTools)[number];
  /** replies to containers behind this host's address arrive at INPUT; routed pods pass FORWARD */
  path: (typeof invalidPaths)[number];
  /** how many packets a second are logged while one looks */
  logPerSecond: number;
};

const table = "drop_invalid";
const logTable = "log_invalid";
const lines = (...all: string[]) => all.join("\n");

/** Look, mend, keep, verify, and each undone. */
export function invalidSteps(input: InvalidInput): CommandStep[] {
  const { fix } = input;
  const way = input.rules === "iptables" ? iptablesWay(input) : nftWay(input);
  return [
    { id: "look", code: way.look },
    { id: "stopLooking", code: way.stopLooking },
    { id: fix, code: fix === "drop" ? way.drop : liberal.fix },
    { id: `${fix}Keep`, code: fix === "drop" ? way.keep : liberal.keep },
    { id: "verify", code: "sudo conntrack -S | grep -o 'invalid=[0-9]*'; nstat -az TcpOutRsts" },
    { id: `${fix}Undo`, code: fix === "drop" ? way.undo : liberal.undo },
  ];
}

const setting = "net.netfilter.nf_conntrack_tcp_be_liberal";
const settingFile = "/etc/sysctl.d/90-conntrack-liberal.conf";
const liberal = {
  fix: `sudo sysctl -w ${setting}=1`,
  // The parameter exists only once the module is loaded: without it the file is passed over at start.
  keep: lines(
    `echo '${setting} = 1' | sudo tee ${settingFile}`,
    "echo nf_conntrack | sudo tee /etc/modules-load.d/nf_conntrack.conf",
  ),
  undo: lines(`sudo rm -f ${settingFile}`, `sudo sysctl -w ${setting}=0`),
};

function iptablesWay({ path, logPerSecond }: InvalidInput) {
  const chains = path === "both" ? ["INPUT", "FORWARD"] : ["INPUT"];
  const match = "-m conntrack --ctstate INVALID";
  const log = `${match} -m limit --limit ${logPerSecond}/sec -j LOG --log-prefix 'invalid: '`;
  const each = (line: (chain: string) => string) =>
    lines(...chains.map((chain) => `sudo iptables ${line(chain)}`));
  return {
    look: lines(
      each((chain) => `-I ${chain} 1 ${log}`),
      "sudo journalctl --dmesg --follow --grep 'invalid: '",
    ),
    stopLooking: each((chain) => `-D ${chain} ${log}`),
    drop: each((chain) => `-I ${chain} 1 ${match} -j DROP`),
    keep: "sudo netfilter-persistent save",
    undo: lines(
      each((chain) => `-D ${chain} ${match} -j DROP`),
      "sudo netfilter-persistent save",
    ),
  };
}

/** A table of its own before the filter hook: whoever writes the other rules does not see it, and it goes in one go. */
function nftWay({ path, logPerSecond }: InvalidInput) {
  const hooks = path === "both" ? ["input", "forward"] : ["input"];
  const make = (name: string, rule: string) =>
    lines(
      `sudo nft add table inet ${name}`,
      ...hooks.flatMap((hook) => [
        `sudo nft 'add chain inet ${name} ${hook} { type filter hook ${hook} priority -5; }'`,
        `sudo nft add rule inet ${name} ${hook} ct state invalid ${rule}`,
      ]),
    );
  const file = `/etc/nftables.d/${table}.nft`;
  return {
    look: lines(
      make(`${logTable}`, `limit rate ${logPerSecond}/second log prefix '"invalid: "'`),
      "sudo journalctl --dmesg --follow --grep 'invalid: '",
    ),
    stopLooking: `sudo nft delete table inet ${logTable}`,
    drop: make(table, "counter drop"),
    keep: lines(
      "sudo mkdir -p /etc/nftables.d",
      `sudo nft list table inet ${table} | sudo tee ${file}`,
      `grep -q 'nftables.d/' /etc/nftables.conf || echo 'include "/etc/nftables.d/*.nft"' | sudo tee -a /etc/nftables.conf`,
    ),
    undo: lines(`sudo rm -f ${file}`, `sudo nft delete table inet ${table}`),
  };
}
