import { shellCommand, shellWord } from "#common/kubernetes/shell.ts";
import type { Finding } from "#common/result.ts";
import { compare } from "./owners.ts";

const short = (sandbox: string) => sandbox.slice(0, 13);

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

export function leaked(group: Group): Finding {
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
      "zh-CN": `网络 ${network} 里有 ${items.length} 个地址留给了已不存在的沙箱：${some.join("、")}${items.length > 3 ? " 等" : ""}。它们不会再被分配，直到网段耗尽。`,
    },
    observed: `${items.length} reservations without a sandbox`,
    expected: "0",
    evidence: evidence(group),
    remedy: [
      {
        purpose: "inspect",
        text: {
          en: "Make sure of one of them first: the runtime must not know the sandbox.",
          "zh-CN": "先核实其中一个：运行时里必须查不到这个沙箱。",
        },
        command: `sudo crictl inspectp ${shellWord(first?.sandbox ?? "")} >/dev/null 2>&1 || echo gone`,
      },
      {
        purpose: "fix",
        text: {
          en: "Drain the node, then remove the files of the sandboxes that are gone. This is the first one.",
          "zh-CN": "先腾空节点，再删除已消失沙箱的文件。这里是第一个。",
        },
        command: shellCommand("sudo", "rm", `/var/lib/cni/networks/${network}/${first?.address ?? ""}`),
      },
    ],
  };
}

export function unreserved(group: Group): Finding {
  const { machine, network, items } = group;
  const some = items.slice(0, 3).map(({ address, sandbox }) => `${address} (${short(sandbox)})`);
  return {
    verdict: "fail",
    code: "unreserved",
    subject: { kind: "host", name: machine, part: network },
    affected: affected(group),
    message: {
      en: `${items.length === 1 ? "1 sandbox uses an address" : `${items.length} sandboxes use addresses`} that ${network} no longer reserves: ${some.join(", ")}${items.length > 3 ? ", …" : ""}. The next pods on this node get the same ones.`,
      "zh-CN": `有 ${items.length} 个沙箱正在使用网络 ${network} 里已没有预留记录的地址：${some.join("、")}${items.length > 3 ? " 等" : ""}。本节点上的新 Pod 会拿到同样的地址。`,
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
            "先停止调度新 Pod(cordon)，再删除持有这些地址的 Pod，让它们重新取得预留。不要为了清理而删除 /var/lib/cni/networks：问题正是这么来的。",
        },
        command: shellCommand("kubectl", "cordon", machine),
      },
    ],
  };
}

export function sandboxesUnread(machine: string, count: number): Finding {
  return {
    verdict: "unknown",
    code: "sandboxes-unread",
    subject: { kind: "host", name: machine },
    message: {
      en: `${count} addresses are reserved, but which sandboxes exist could not be found out: crictl gave no answer and containerd's folder shows nothing (not installed, or it needs root).`,
      "zh-CN": `有 ${count} 个地址被预留，但查不到现存的沙箱：crictl 没有结果，containerd 的目录也是空的（没有安装，或需要 root）。`,
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

/** Whether host-local serves this machine stands in files that are no CNI configuration. */
export function configUnclear(machine: string, paths: string[]): Finding {
  return {
    verdict: "unknown",
    code: "config-unclear",
    subject: { kind: "host", name: machine },
    message: {
      en: `Whether addresses are managed by host-local could not be found out: ${paths.join(", ")} is no CNI configuration.`,
      "zh-CN": `无法判断地址是否由 host-local 管理：${paths.join("、")} 不是有效的 CNI 配置。`,
    },
    observed: paths.join(", "),
  };
}

export function byNetwork(
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
