import type { Picture, PictureEdge, PictureNode } from "#common/picture.ts";
import type { Measurement } from "#common/result.ts";
import { type MeshId, type MeshUse, meshNames } from "./mesh-proxies.ts";
import { compare } from "./owners.ts";

export type Total = { proxies: number; cpu: number; memory: number; appCpu: number; appMemory: number };
export type Mesh = {
  id: MeshId;
  /** of the control plane, newest text first; empty where it runs elsewhere */
  control: string[];
  controlNamespaces: string[];
  versions: string[];
  byNamespace: Map<string, Total>;
  total: Total;
};

const nothing = (): Total => ({ proxies: 0, cpu: 0, memory: 0, appCpu: 0, appMemory: 0 });

function add(total: Total, more: Total): void {
  total.proxies += more.proxies;
  total.cpu += more.cpu;
  total.memory += more.memory;
  total.appCpu += more.appCpu;
  total.appMemory += more.appMemory;
}

const unique = (values: readonly string[]) => [...new Set(values)].sort((a, b) => compare(b, a));

/** What each mesh comes to. A pod's application counts once, however many proxies it has. */
export function summarise(pods: readonly MeshUse[]): Mesh[] {
  const ids = Object.keys(meshNames) as MeshId[];
  return ids.flatMap((id): Mesh[] => {
    const own = pods.filter(({ proxies }) => proxies.some(({ mesh }) => mesh === id));
    const control = pods.filter((pod) => pod.control?.mesh === id);
    if (own.length === 0 && control.length === 0) return [];
    const byNamespace = new Map<string, Total>();
    const total = nothing();
    for (const { namespace, proxies, apps } of own) {
      const mine = proxies.filter(({ mesh }) => mesh === id);
      const sum = (name: "cpu" | "memory") => mine.reduce((sofar, one) => sofar + (one[name] ?? 0), 0);
      const more = {
        proxies: mine.length,
        cpu: sum("cpu"),
        memory: sum("memory"),
        appCpu: apps.cpu,
        appMemory: apps.memory,
      };
      const known = byNamespace.get(namespace) ?? nothing();
      add(known, more);
      add(total, more);
      byNamespace.set(namespace, known);
    }
    return [
      {
        id,
        control: unique(control.flatMap((pod) => pod.control?.version ?? [])),
        controlNamespaces: unique(control.map(({ namespace }) => namespace)),
        versions: unique(
          own.flatMap(({ proxies }) => proxies.filter(({ mesh }) => mesh === id).map((one) => one.version)),
        ),
        byNamespace,
        total,
      },
    ];
  });
}

export function measure({ id, total }: Mesh): Measurement[] {
  const subject = meshNames[id];
  const share = total.cpu + total.appCpu > 0 ? (total.cpu / (total.cpu + total.appCpu)) * 100 : 0;
  return [
    { name: "proxies", subject, value: total.proxies, unit: "{proxies}" },
    { name: "proxy-cpu-requested", subject, value: total.cpu / 1000, unit: "{cores}" },
    { name: "proxy-memory-requested", subject, value: total.memory, unit: "By" },
    { name: "proxy-share-of-cpu-requests", subject, value: Number(share.toFixed(1)), unit: "%" },
  ];
}

const cores = (thousandths: number) => Number((thousandths / 1000).toFixed(2));
const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20);

function sizes({ proxies, cpu, memory }: Total) {
  return {
    en: `${proxies} ${proxies === 1 ? "proxy" : "proxies"}, ${cores(cpu)} cores, ${mebibytes(memory)} MiB`,
    "zh-CN": `${proxies} 个代理，${cores(cpu)} 核，${mebibytes(memory)} MiB`,
  };
}

const mostNamespaces = 8;

/** Control planes to the left, meshes in the middle, the namespaces that carry most of each to the right. */
export function pictureOf(meshes: readonly Mesh[], doubled: ReadonlySet<string>): Picture {
  const nodes: PictureNode[] = [];
  const edges: PictureEdge[] = [];
  for (const { id, control, controlNamespaces, versions, byNamespace, total } of meshes) {
    if (control.length > 0) {
      nodes.push({
        id: `control/${id}`,
        column: 0,
        label: controlNamespaces.join(", "),
        detail: control.slice(0, 4).join(", "),
      });
      edges.push({ from: `control/${id}`, to: `mesh/${id}` });
    }
    const known = versions.slice(0, 4).join(", ");
    nodes.push({
      id: `mesh/${id}`,
      column: 1,
      label: known ? `${meshNames[id]} ${known}` : meshNames[id],
      detail: sizes(total),
    });
    const sorted = [...byNamespace].sort(([a, x], [b, y]) => y.proxies - x.proxies || compare(a, b));
    const rest = nothing();
    for (const [, one] of sorted.slice(mostNamespaces)) add(rest, one);
    for (const [namespace, one] of sorted.slice(0, mostNamespaces)) {
      const at = `${id}/${namespace}`;
      nodes.push({
        id: at,
        column: 2,
        label: namespace,
        detail: sizes(one),
        ...(doubled.has(namespace) && { verdict: "warn" as const }),
      });
      edges.push({ from: `mesh/${id}`, to: at });
    }
    if (rest.proxies === 0) continue;
    const others = sorted.length - mostNamespaces;
    nodes.push({
      id: `${id}//`,
      column: 2,
      label: { en: `${others} more namespaces`, "zh-CN": `另外 ${others} 个命名空间` },
      detail: sizes(rest),
    });
    edges.push({ from: `mesh/${id}`, to: `${id}//` });
  }
  const words = (locale: "en" | "zh-CN") =>
    meshes
      .map(({ id, total }) => `${meshNames[id]}${locale === "en" ? ": " : "："}${sizes(total)[locale]}`)
      .join(locale === "en" ? "; " : "；");
  return {
    id: "meshes",
    title: {
      en: "Meshes of this cluster, and what their proxies request",
      "zh-CN": "集群里的服务网格，以及代理请求的资源",
    },
    summary: { en: `${words("en")}.`, "zh-CN": `统计：${words("zh-CN")}。` },
    columns: [
      { en: "Control plane", "zh-CN": "控制面" },
      { en: "Mesh", "zh-CN": "网格" },
      { en: "Namespaces", "zh-CN": "命名空间" },
    ],
    nodes,
    edges,
  };
}
