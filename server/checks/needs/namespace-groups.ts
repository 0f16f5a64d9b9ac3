import type { Picture, PictureEdge, PictureNode } from "#common/picture.ts";
import type { Text } from "#common/text.ts";
import { containerIdOf, unitOf } from "./cgroup-names.ts";
import { groupTitle } from "./container-labels.ts";
import {
  type ContainedProcess,
  type NamespaceKind,
  type NamespaceMap,
  namespaceKinds,
} from "./namespace-map.ts";

/** Processes that see the same: one container, one unit, or one program that went its own way. */
export type NamespaceGroup = {
  title: Text;
  container: boolean;
  processes: ContainedProcess[];
  spaces: ContainedProcess["spaces"];
  own: NamespaceKind[];
};

export function namespaceGroups({ contained, host, labels }: NamespaceMap): NamespaceGroup[] {
  const groups = Map.groupBy(contained, (one) => {
    const spaces = namespaceKinds.map((kind) => one.spaces[kind] ?? "").join(" ");
    return `${spaces}\t${containerIdOf(one.group) ?? unitOf(one.group) ?? ""}`;
  });
  const all = [...groups.values()].flatMap((processes) => {
    const [first] = processes.toSorted((a, b) => a.pid - b.pid);
    if (!first) return [];
    const container = containerIdOf(first.group) !== null;
    const own = namespaceKinds.filter((kind) => first.spaces[kind] && first.spaces[kind] !== host[kind]);
    const name = `${first.name} (${first.pid})`;
    const unit = unitOf(first.group);
    const title = container ? groupTitle(first.group, labels) : { en: unit ?? name, "zh-CN": unit ?? name };
    return [{ title, container, processes, spaces: first.spaces, own }];
  });
  return all.toSorted((a, b) => b.own.length - a.own.length || (a.title.en < b.title.en ? -1 : 1));
}

/** "container web of pod a/b: its own mnt net pid; the host's user". */
export function groupLine({ title, own, spaces, processes }: NamespaceGroup): string {
  const shared = namespaceKinds.filter((kind) => spaces[kind] && !own.includes(kind));
  return `${title.en} (${processes.length}): own ${own.map((kind) => `${kind}:${spaces[kind]}`).join(" ")}; the host's ${shared.join(" ") || "none"}`;
}

const drawn = ["net", "pid", "ipc", "uts", "user"] as const;
const most = 14;

/** Who is in which namespace. A mount namespace and a cgroup namespace are each container's own and left out. */
export function namespacePicture(
  groups: readonly NamespaceGroup[],
  host: ContainedProcess["spaces"],
): Picture[] {
  const shown = groups.filter(({ own }) => drawn.some((kind) => own.includes(kind))).slice(0, most);
  if (shown.length === 0) return [];
  const nodes: PictureNode[] = shown.map((group, index) => ({
    id: `group-${index}`,
    column: 0,
    label: shortened(group.title),
    detail: { en: `${group.processes.length} processes`, "zh-CN": `${group.processes.length} 个进程` },
    ...(group.container && group.spaces.pid === host.pid && { verdict: "warn" as const }),
  }));
  const edges: PictureEdge[] = [];
  const spaces = new Map<string, PictureNode>();
  for (const [index, group] of shown.entries())
    for (const kind of drawn) {
      const id = group.spaces[kind];
      // That everybody shares the host's users is no news.
      if (!id || (id === host[kind] && (kind === "user" || kind === "uts"))) continue;
      spaces.set(`${kind}-${id}`, spaceNode(kind, id, id === host[kind]));
      edges.push({ from: `group-${index}`, to: `${kind}-${id}` });
    }
  const kept = [...spaces.values()].slice(0, 80 - nodes.length);
  const ids = new Set(kept.map(({ id }) => id));
  return [
    {
      id: "namespaces",
      title: { en: "Who sees what", "zh-CN": "谁看到什么" },
      summary: {
        en: `${shown.length} of ${groups.length} groups of processes with namespaces of their own, and those that they share.`,
        "zh-CN": `有独立命名空间的 ${groups.length} 组进程中的 ${shown.length} 组，以及它们共用的命名空间。`,
      },
      columns: [
        { en: "Processes", "zh-CN": "进程" },
        { en: "Namespaces", "zh-CN": "命名空间" },
      ],
      nodes: [...nodes, ...kept],
      edges: edges.filter(({ to }) => ids.has(to)).slice(0, 160),
    },
  ];
}

function spaceNode(kind: NamespaceKind, id: string, isHost: boolean): PictureNode {
  const label: PictureNode["label"] = isHost
    ? { en: `${kind} of the host`, "zh-CN": `主机的 ${kind}` }
    : kind;
  return { id: `${kind}-${id}`, column: 1, label, detail: id };
}

/** A bare name is no sentence of any language. */
function shortened(title: Text): PictureNode["label"] {
  const cut = (text: string) => (text.length > 80 ? `${text.slice(0, 79)}…` : text);
  if (title.en === title["zh-CN"]) return cut(title.en);
  return { en: cut(title.en), "zh-CN": cut(title["zh-CN"]) };
}
