import { z } from "zod";
import { shellCommand, shellWord } from "#common/kubernetes/shell.ts";
import type { Finding } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import {
  type CachedResult,
  knownSandboxes,
  parseCachedResult,
  parseCniConfig,
  parseReservation,
  type Reservation,
  sandboxNeeds,
} from "../needs/cni.ts";
import { host, sampled } from "../needs/host.ts";
import { compare } from "../needs/owners.ts";

type Allocation = { network: string; address: string; sandbox: string };

const short = (sandbox: string) => sandbox.slice(0, 13);

/** Files in a network's folder that are named like an address; `lock` and `last_reserved_ip.0` are the plugin's own. */
function allocationsOf(files: { path: string; value: Reservation }[]): Allocation[] {
  return files.flatMap(({ path, value }) => {
    const [network = "", file = ""] = path.split("/").slice(-2);
    const address = file.replaceAll("_", ":");
    return /^(\d+\.\d+\.\d+\.\d+|[0-9a-f]*:[0-9a-f:.]+)$/i.test(address) && value.sandbox !== ""
      ? [{ network, address: address.toLowerCase(), sandbox: value.sandbox }]
      : [];
  });
}

type Group = { machine: string; network: string; items: { address: string; sandbox: string }[] };

function affected({ machine, items }: Group) {
  const sample = items.slice(0, 50).map(({ address }) => ({ kind: "host", name: machine, part: address }));
  return { count: items.length, sample };
}

const evidence = ({ network, items }: Group) =>
  items.slice(0, 10).map(({ address, sandbox }) => ({
    source: `/var/lib/cni/networks/${network}/${address}`,
    excerpt: sandbox,
  }));

function leaked(group: Group): Finding {
  const { machine, network, items } = group;
  const some = items.slice(0, 3).map(({ address, sandbox }) => `${address} (${short(sandbox)})`);
  const [first] = items;
  return {
    verdict: "fail",
    code: "leaked",
    subject: { kind: "host", name: machine, part: network },
    affected: affected(group),
    message: {
      en: `${items.length === 1 ? "1 address is" : `${items.length} addresses are`} reserved in ${network} for sandboxes that no longer exist: ${some.join(", ")}${items.length > 3 ? ", …" : ""}. They are never handed out again, until the range is used up.`,
      "zh-CN": `网络 ${network} 里有 ${items.length} 个地址留给了已不存在的沙箱:${some.join("、")}${items.length > 3 ? " 等" : ""}。它们不会再被分配,直到网段耗尽。`,
    },
    observed: `${items.length} reservations without a sandbox`,
    expected: "0",
    evidence: evidence(group),
    remedy: [
      {
        purpose: "inspect",
        text: {
          en: "Make sure of one of them first: the runtime must not know the sandbox.",
          "zh-CN": "先核实其中一个:运行时里必须查不到这个沙箱。",
        },
        command: `sudo crictl inspectp ${shellWord(first?.sandbox ?? "")} >/dev/null 2>&1 || echo gone`,
      },
      {
        purpose: "fix",
        text: {
          en: "Drain the node, then remove the files of the sandboxes that are gone. This is the first one.",
          "zh-CN": "先腾空节点,再删除已消失沙箱的文件。这里是第一个。",
        },
        command: shellCommand("sudo", "rm", `/var/lib/cni/networks/${network}/${first?.address ?? ""}`),
      },
    ],
  };
}

function unreserved(group: Group): Finding {
  const { machine, network, items } = group;
  const some = items.slice(0, 3).map(({ address, sandbox }) => `${address} (${short(sandbox)})`);
  return {
    verdict: "fail",
    code: "unreserved",
    subject: { kind: "host", name: machine, part: network },
    affected: affected(group),
    message: {
      en: `${items.length === 1 ? "1 sandbox uses an address" : `${items.length} sandboxes use addresses`} that ${network} no longer reserves: ${some.join(", ")}${items.length > 3 ? ", …" : ""}. The next pods on this node get the same ones.`,
      "zh-CN": `有 ${items.length} 个沙箱正在使用网络 ${network} 里已没有预留记录的地址:${some.join("、")}${items.length > 3 ? " 等" : ""}。本节点上的新 Pod 会拿到同样的地址。`,
    },
    observed: `${items.length} addresses in use without a reservation`,
    expected: "0",
    evidence: items.slice(0, 10).map(({ address, sandbox }) => ({
      source: "/var/lib/cni/results",
      excerpt: `${address} ${sandbox}`,
    })),
    remedy: [
      {
        purpose: "fix",
        text: {
          en: "Stop new pods from coming (cordon), then delete the pods that hold these addresses so that each gets a reservation. Do not delete /var/lib/cni/networks to tidy up: that is how this begins.",
          "zh-CN":
            "先停止调度新 Pod(cordon),再删除持有这些地址的 Pod,让它们重新取得预留。不要为了清理而删除 /var/lib/cni/networks:问题正是这么来的。",
        },
        command: shellCommand("kubectl", "cordon", machine),
      },
    ],
  };
}

function unread(machine: string, count: number): Finding {
  return {
    verdict: "unknown",
    code: "sandboxes-unread",
    subject: { kind: "host", name: machine },
    message: {
      en: `${count} addresses are reserved, but which sandboxes exist could not be found out: crictl gave no answer and containerd's folder shows nothing (not installed, or it needs root).`,
      "zh-CN": `有 ${count} 个地址被预留,但查不到现存的沙箱:crictl 没有结果,containerd 的目录也是空的(没有安装,或需要 root)。`,
    },
    remedy: [
      {
        purpose: "inspect",
        text: { en: "List the sandboxes as root.", "zh-CN": "用 root 列出沙箱。" },
        command: "sudo crictl pods -o json",
      },
    ],
  };
}

function byNetwork(
  machine: string,
  items: { network: string; address: string; sandbox: string }[],
  say: (group: Group) => Finding,
): Finding[] {
  const groups = Map.groupBy(items, ({ network }) => network);
  return [...groups]
    .sort(([a], [b]) => compare(a, b))
    .map(([network, found]) =>
      say({ machine, network, items: found.toSorted((a, b) => compare(a.address, b.address)) }),
    );
}

/** Attached sandboxes of which no reservation names this address; only networks that host-local serves. */
function withoutReservation(
  attachments: CachedResult[],
  known: Set<string>,
  held: Allocation[],
  networks: Set<string>,
): Allocation[] {
  const reserved = new Set(held.map(({ address, sandbox }) => `${address} ${sandbox}`));
  return attachments
    .filter((one) => one !== null)
    .filter(({ sandbox, network }) => known.has(sandbox) && networks.has(network))
    .flatMap(({ network, sandbox, addresses }) =>
      addresses.map((address) => ({ network, sandbox, address: address.toLowerCase() })),
    )
    .filter(({ address, sandbox }) => !reserved.has(`${address} ${sandbox}`));
}

/**
 * Subject: the host, part: the network; affected: the addresses.
 * Codes: leaked (fail): reserved for a sandbox that does not exist; unreserved (fail): attached by libcni's cache, its
 * sandbox exists, but no reservation; sandboxes-unread (unknown).
 * The reservations are read twice: what comes or goes in between is a pod starting or ending, and no fault.
 */
export const check = defineCheck({
  id: "host/cni-allocations",
  version: 1,
  title: { en: "Pod address reservations on the node", "zh-CN": "节点上的 Pod 地址预留" },
  why: {
    en: "host-local keeps one small file per address. A file left behind loses an address for good; a file lost while its pod lives hands the address out twice.",
    "zh-CN":
      "host-local 为每个地址保存一个小文件。残留的文件会让一个地址永远用不上;Pod 还在而文件丢了,地址就会被分配两次。",
  },
  remedy: {
    en: "Remove reservations of sandboxes that are gone; recreate the pods that live without one.",
    "zh-CN": "删除沙箱已消失的预留;重建没有预留的 Pod。",
  },
  params: z.object({}),
  needs: {
    machine: host.sysctl("kernel.hostname"),
    lists: host.glob("/etc/cni/net.d/*.conflist", parseCniConfig),
    single: host.glob("/etc/cni/net.d/*.conf", parseCniConfig),
    reservations: sampled(host.glob("/var/lib/cni/networks/*/*", parseReservation), 3_000),
    attachments: host.glob("/var/lib/cni/results/*", parseCachedResult),
    ...sandboxNeeds,
  },
  judge: ({ machine, lists, single, reservations, attachments, ...sandboxes }) => {
    const [before, after] = reservations.map(({ value }) => allocationsOf(value));
    const held = after ?? [];
    // flannel hands over to bridge with host-local, under the name of its own network.
    const hostLocal = [...lists, ...single].flatMap(({ value }) =>
      value?.plugins.some(({ type, ipam }) => ipam === "host-local" || type === "flannel")
        ? [value.name]
        : [],
    );
    if (hostLocal.length === 0 && held.length === 0)
      return { skip: { what: "no network with host-local address management on this machine" } };
    const known = knownSandboxes(sandboxes);
    const measurements = [{ name: "reserved-addresses", value: held.length, unit: "{addresses}" }];
    const networks = new Set([...hostLocal, ...held.map(({ network }) => network)]);
    const attached = attachments.filter(({ value }) => value !== null && networks.has(value.network));
    if (known === null) {
      const open = held.length + attached.length;
      return { findings: open > 0 ? [unread(machine, held.length)] : [], measurements };
    }
    const lasting = new Set(
      before?.map(({ network, address, sandbox }) => `${network} ${address} ${sandbox}`),
    );
    const gone = held.filter(
      ({ network, address, sandbox }) =>
        !known.has(sandbox) && lasting.has(`${network} ${address} ${sandbox}`),
    );
    const either = [...(before ?? []), ...held];
    const bare = withoutReservation(
      attached.map(({ value }) => value),
      known,
      either,
      networks,
    );
    return {
      findings: [...byNetwork(machine, gone, leaked), ...byNetwork(machine, bare, unreserved)],
      measurements,
    };
  },
});
