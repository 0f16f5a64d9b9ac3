import type { Picture, PictureEdge, PictureNode } from "#common/picture.ts";
import type { Text } from "#common/text.ts";
import type { Verdict } from "#common/verdict.ts";

/** The certificates of a control plane by their usual numbers, each with what is known of it. */
export const useNames = {
  1: { en: "etcd members among themselves", "zh-CN": "etcd 成员之间" },
  2: { en: "etcd serves", "zh-CN": "etcd 对外服务" },
  3: { en: "API server calls etcd", "zh-CN": "API 服务器访问 etcd" },
  4: { en: "API server serves", "zh-CN": "API 服务器对外服务" },
  5: { en: "controller manager calls the API server", "zh-CN": "controller-manager 访问 API 服务器" },
  6: { en: "scheduler calls the API server", "zh-CN": "scheduler 访问 API 服务器" },
  7: { en: "kube-proxy calls the API server", "zh-CN": "kube-proxy 访问 API 服务器" },
  8: { en: "kubelet calls the API server", "zh-CN": "kubelet 访问 API 服务器" },
  9: { en: "administrator calls the API server", "zh-CN": "管理员访问 API 服务器" },
  10: { en: "kubelet serves", "zh-CN": "kubelet 对外服务" },
  11: { en: "API server calls the kubelet", "zh-CN": "API 服务器访问 kubelet" },
  12: { en: "ServiceAccount tokens", "zh-CN": "ServiceAccount 令牌" },
} as const satisfies Record<number, Text>;
export type UseNumber = keyof typeof useNames;

export type Seen = { verdict: Exclude<Verdict, "skip">; said: Text };
export type CertificateUses = Record<UseNumber, Seen>;
type Authorities = { cluster?: Seen; frontProxy?: Seen; called?: Seen };

const numbers = Object.keys(useNames).map(Number) as UseNumber[];

export function notVisible(en: string, zh: string): Seen {
  return { verdict: "unknown", said: { en, "zh-CN": zh } };
}

/** Components as boxes, each use as an arrow from who calls to who serves; a serving certificate marks the box. */
export function certificateMap(uses: CertificateUses, authorities: Authorities, title: Text): Picture {
  const clients: [UseNumber, string, Text | string][] = [
    [9, "admin", { en: "administrator", "zh-CN": "管理员" }],
    [5, "controller-manager", "kube-controller-manager"],
    [6, "scheduler", "kube-scheduler"],
    [7, "kube-proxy", "kube-proxy"],
    [12, "pods", "Pods"],
  ];
  const box = (id: string, column: number, label: Text | string, use?: UseNumber): PictureNode => ({
    id,
    column,
    label,
    ...(use && { detail: numbered(use, uses[use].said), verdict: uses[use].verdict }),
  });
  const authority = (id: string, label: Text, column: number, seen: Seen | undefined): PictureNode[] =>
    seen ? [{ id, column, label, detail: seen.said, verdict: seen.verdict }] : [];
  const nodes: PictureNode[] = [
    ...clients.map(([, id, label]) => box(id, 0, label)),
    box("api-server", 1, "kube-apiserver", 4),
    ...authority("cluster-ca", { en: "cluster CA", "zh-CN": "集群 CA" }, 1, authorities.cluster),
    ...authority(
      "front-proxy-ca",
      { en: "front proxy CA", "zh-CN": "前端代理的 CA" },
      1,
      authorities.frontProxy,
    ),
    box("etcd", 2, "etcd", 2),
    box("kubelet", 2, "kubelet", 10),
    ...authority(
      "called",
      { en: "webhooks and aggregated APIs", "zh-CN": "webhook 与聚合 API" },
      2,
      authorities.called,
    ),
    box("etcd-peer", 3, { en: "other etcd members", "zh-CN": "其他 etcd 成员" }),
  ];
  const arrow = (use: UseNumber, from: string, to: string): PictureEdge => ({
    from,
    to,
    label: `${use}`,
    detail: uses[use].said,
    verdict: uses[use].verdict,
  });
  const edges: PictureEdge[] = [
    ...clients.map(([use, id]) => arrow(use, id, "api-server")),
    arrow(3, "api-server", "etcd"),
    arrow(11, "api-server", "kubelet"),
    arrow(8, "kubelet", "api-server"),
    arrow(1, "etcd", "etcd-peer"),
    ...(authorities.called
      ? [{ from: "api-server", to: "called", verdict: authorities.called.verdict }]
      : []),
  ];
  const columns = [
    { en: "Clients", "zh-CN": "客户端" },
    { en: "API server", "zh-CN": "API 服务器" },
    { en: "Servers it calls", "zh-CN": "它调用的服务" },
    { en: "Peers", "zh-CN": "对等成员" },
  ];
  return { id: "certificate-map", title, summary: summary(uses), columns, nodes, edges };
}

function numbered(use: UseNumber, said: Text): Text {
  return { en: `${use}: ${said.en}`, "zh-CN": `${use}：${said["zh-CN"]}` };
}

function summary(uses: CertificateUses): Text {
  const having = (...verdicts: string[]) => numbers.filter((use) => verdicts.includes(uses[use].verdict));
  const [bad, good, hidden] = [having("warn", "fail"), having("pass"), having("unknown")];
  const names = (list: UseNumber[], language: "en" | "zh-CN") =>
    list.map((use) => `${use} ${useNames[use][language]}`).join(language === "en" ? ", " : "、");
  return {
    en: `Of twelve uses ${good.length} are in order, ${bad.length} are not${bad.length > 0 ? ` (${names(bad, "en")})` : ""}, and ${hidden.length} are not visible from here.`,
    "zh-CN": `十二处用途中，${good.length} 处正常，${bad.length} 处有问题${bad.length > 0 ? `（${names(bad, "zh-CN")}）` : ""}，${hidden.length} 处从这里看不到。`,
  };
}
