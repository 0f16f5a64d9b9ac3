import type { Finding, Subject } from "#common/result.ts";
import { groupLine, type NamespaceGroup } from "./namespace-groups.ts";
import {
  type KeptNamespace,
  type NamespaceKind,
  type NamespaceMap,
  namespaceKinds,
} from "./namespace-map.ts";

type Ids = Partial<Record<NamespaceKind, Set<string>>>;

export function idsOf(map: NamespaceMap, kept: readonly KeptNamespace[]): Ids {
  return Object.fromEntries(
    namespaceKinds.map((kind) => {
      const held = kept.filter((one) => one.kind === kind).map(({ id }) => id);
      const all = [map.host, ...map.contained.map(({ spaces }) => spaces)].flatMap(
        (spaces) => spaces[kind] ?? [],
      );
      return [kind, new Set([...all, ...held])];
    }),
  );
}

export function readFinding(
  machine: string,
  map: NamespaceMap,
  groups: readonly NamespaceGroup[],
  ids: Ids,
): Finding {
  const counts = namespaceKinds
    .flatMap((kind) => (ids[kind]?.size ? [`${kind} ${ids[kind]?.size}`] : []))
    .join(", ");
  const containers = groups.filter(({ container }) => container).length;
  return {
    verdict: "pass",
    code: "namespaces-read",
    subject: { kind: "host", name: machine, part: "namespaces" },
    message: {
      en: `${map.processes} processes looked at, ${map.contained.length} of them with namespaces of their own, ${containers} containers among those.`,
      "zh-CN": `查看了 ${map.processes} 个进程，其中 ${map.contained.length} 个有独立的命名空间，包括 ${containers} 个容器。`,
    },
    observed: counts,
    ...(groups.length > 0 && {
      evidence: [{ source: "/proc/*/ns", excerpt: groups.slice(0, 30).map(groupLine).join("\n") }],
    }),
  };
}

export function sharing(machine: string, group: NamespaceGroup, { host: spaces }: NamespaceMap): Finding[] {
  const subject: Subject = { kind: "host", name: machine, part: group.title.en };
  const [first] = group.processes;
  const findings: Finding[] = [];
  if (group.spaces.pid === spaces.pid) {
    const mighty = group.processes.some((one) => one.mighty);
    findings.push({
      verdict: mighty ? "fail" : "warn",
      code: "container-sees-host-processes",
      subject,
      message: mighty
        ? {
            en: `${group.title.en} sees every process of the host and has the capabilities to enter them: whoever is in it is root on the host with one nsenter.`,
            "zh-CN": `${group.title["zh-CN"]} 能看到主机的所有进程，又有进入它们的能力：谁控制了它，一条 nsenter 就成了主机上的 root。`,
          }
        : {
            en: `${group.title.en} sees every process of the host, with its arguments, and may signal those of its own user.`,
            "zh-CN": `${group.title["zh-CN"]} 能看到主机所有进程及其参数，并能给同一用户的进程发信号。`,
          },
      observed: `pid:${group.spaces.pid}, as the host`,
      expected: "a process namespace of its own",
      remedy: [
        {
          purpose: "inspect",
          text: { en: "Compare with the host's", "zh-CN": "与主机的比较" },
          command: `sudo readlink /proc/${first?.pid ?? 1}/ns/pid /proc/1/ns/pid`,
        },
        {
          purpose: "fix",
          text: {
            en: "Leave out hostPID: true, or --pid host, where nothing needs it",
            "zh-CN": "没有必要就去掉 hostPID: true 或 --pid host",
          },
        },
      ],
    });
  }
  if (group.spaces.ipc === spaces.ipc)
    findings.push({
      verdict: "warn",
      code: "container-shares-host-ipc",
      subject,
      message: {
        en: `${group.title.en} shares the host's shared memory and semaphores.`,
        "zh-CN": `${group.title["zh-CN"]} 与主机共用共享内存和信号量。`,
      },
      observed: `ipc:${group.spaces.ipc}, as the host`,
      expected: "an IPC namespace of its own",
    });
  return findings;
}

/** The network plugin keeps a pod's network by a mount; without any process in it the pod is gone and its address is not. */
export function leftBehind(machine: string, kept: readonly KeptNamespace[], map: NamespaceMap): Finding[] {
  const used = new Set(
    [map.host, ...map.contained.map(({ spaces }) => spaces)].flatMap(({ net }) => net ?? []),
  );
  const empty = kept.filter(
    ({ kind, id, path }) => kind === "net" && /\/cni-[^/]+$/.test(path) && !used.has(id),
  );
  const [first] = empty;
  if (!first) return [];
  return [
    {
      verdict: "warn",
      code: "namespaces-left-behind",
      subject: { kind: "host", name: machine, part: "/run/netns" },
      message: {
        en: `${empty.length} networks of pods are kept below /run/netns and no process is in them: the pods are gone, their addresses may still be taken.`,
        "zh-CN": `/run/netns 下留着 ${empty.length} 个 Pod 网络，里面已没有进程：Pod 不在了，地址可能还占着。`,
      },
      observed: String(empty.length),
      expected: "0",
      evidence: [
        {
          source: "/proc/self/mountinfo",
          excerpt: empty
            .slice(0, 20)
            .map(({ path, id }) => `${path} net:[${id}]`)
            .join("\n"),
        },
      ],
      remedy: [
        {
          purpose: "inspect",
          text: {
            en: "Who would be in it; then let the runtime remove its sandbox",
            "zh-CN": "看里面有谁，再让运行时清理对应的沙箱",
          },
          command: `sudo ip netns pids ${first.path.split("/").at(-1)}; sudo crictl pods --state NotReady`,
        },
      ],
    },
  ];
}

type Fill = { kind: string; count: number; most: number; warnPercent: number };

export function nearlyGone(machine: string, { kind, count, most, warnPercent }: Fill): Finding[] {
  const percent = most > 0 ? Math.round((count / most) * 100) : 0;
  if (percent < warnPercent) return [];
  return [
    {
      verdict: percent >= 95 ? "fail" : "warn",
      code: "namespaces-nearly-gone",
      subject: { kind: "host", name: machine, part: `user.max_${kind}_namespaces` },
      message: {
        en: `${count} of ${most} ${kind} namespaces are in use (${percent} %): beyond that no container starts ("no space left on device").`,
        "zh-CN": `${kind} 命名空间已用 ${count} 个，上限 ${most}（${percent}%）：用完后容器无法启动（“no space left on device”）。`,
      },
      observed: `${percent} %`,
      expected: `below ${warnPercent} %`,
    },
  ];
}

export function inPart(machine: string, map: NamespaceMap): Finding {
  const { processes, hidden } = map;
  return unreadFinding(
    machine,
    "processes-in-part",
    `Only ${processes} processes of this user's own could be looked at, ${hidden} could not; as root all are, with the sudoers lines of the host's page.`,
    `只能查看当前用户自己的 ${processes} 个进程，另有 ${hidden} 个看不到；按主机页面的 sudoers 配置，以 root 可查看全部。`,
  );
}

export function unreadFinding(machine: string, code: string, en: string, zh: string): Finding {
  return {
    verdict: "unknown",
    code,
    subject: { kind: "host", name: machine, part: "/proc" },
    message: { en, "zh-CN": zh },
  };
}
