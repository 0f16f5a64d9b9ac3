import type { GraphPicture, PictureEdge, PictureNode } from "#common/picture.ts";
import type { Text } from "#common/text.ts";
import { breaksOf } from "./istio-flow-findings.ts";
import { type Break, type DestinationHop, type Flow, type GatewayHop, keyOf } from "./istio-links.ts";

/** The way of a host's requests, link by link. */

type Mark = PictureNode["verdict"];

/** As many as a person can follow, and as the drawing holds. */
const most = { gateways: 8, virtualServices: 10, destinations: 16 };

const columns: Text[] = [
  { en: "Gateway", "zh-CN": "网关" },
  { en: "VirtualService", "zh-CN": "路由 VirtualService" },
  { en: "Subset", "zh-CN": "子集" },
  { en: "Service", "zh-CN": "服务" },
  { en: "Pods", "zh-CN": "后端 Pod" },
];

const clip = (text: string, length = 110) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);
const idOf = (text: string) => clip(text, 190);

function markOf(breaks: readonly Break[], kinds?: readonly string[]): Mark {
  const own = kinds ? breaks.filter(({ subject }) => kinds.includes(subject.kind)) : breaks;
  if (own.some(({ verdict }) => verdict === "fail")) return "fail";
  return own.length > 0 ? "warn" : "pass";
}

class Drawing {
  readonly nodes = new Map<string, PictureNode>();
  readonly edges = new Map<string, PictureEdge>();

  /** The worse of two views of one box stays. */
  box(node: PictureNode): string {
    const known = this.nodes.get(node.id);
    if (!known || node.verdict === "fail") this.nodes.set(node.id, node);
    return node.id;
  }

  arrow(edge: PictureEdge): void {
    const key = `${edge.from} ${edge.to}`;
    const known = this.edges.get(key);
    if (!known || edge.verdict === "fail") this.edges.set(key, edge);
  }
}

function drawGateway(drawing: Drawing, hop: GatewayHop, to: string): void {
  const ready = hop.pods.filter(({ ready }) => ready).length;
  const detail: Text = hop.at
    ? {
        en: `${ready} of ${hop.pods.length} pods ready`,
        "zh-CN": `${hop.pods.length} 个 Pod，就绪 ${ready} 个`,
      }
    : { en: "every sidecar", "zh-CN": "所有 Sidecar" };
  const gone: Text = { en: "does not exist", "zh-CN": "不存在" };
  const isGone = hop.breaks.some(({ code }) => code === "missing-gateway");
  const from = drawing.box({
    id: idOf(`gateway ${hop.at ? keyOf(hop.at) : "mesh"}`),
    column: 0,
    label: clip(hop.at ? keyOf(hop.at) : "mesh"),
    detail: isGone ? gone : detail,
    verdict: isGone ? "fail" : markOf(hop.breaks, ["Gateway"]),
  });
  drawing.arrow({ from, to, verdict: markOf(hop.breaks) });
}

/** Its part of the requests of its route, where there is a choice; else where the route stands. */
function arrowLabel({ at, destination }: DestinationHop, all: readonly DestinationHop[]): string {
  const siblings = all.filter((other) => other.at === at);
  const sum = siblings.reduce((total, { destination: { weight = 0 } }) => total + weight, 0);
  if (siblings.length < 2 || sum === 0) return clip(at);
  return `${Math.round(((destination.weight ?? 0) / sum) * 100)} %`;
}

function drawDestination(drawing: Drawing, hop: DestinationHop, from: string, label: string): void {
  const { destination, target, rule, breaks, pods } = hop;
  const host = target?.host ?? destination.host;
  const lost = breaks.find(({ code }) => code === "missing-subset" || code === "missing-destination");
  const subset = drawing.box({
    id: idOf(`subset ${host} ${destination.subset ?? ""}`),
    column: 2,
    label: destination.subset ? clip(destination.subset) : { en: "all pods", "zh-CN": "全部 Pod" },
    ...(destination.subset && {
      detail: rule ? clip(keyOf(rule)) : { en: "not defined", "zh-CN": "没有定义" },
    }),
    verdict: lost?.code === "missing-subset" ? "fail" : markOf(breaks, ["DestinationRule"]),
  });
  drawing.arrow({
    from,
    to: subset,
    label,
    verdict: markOf(breaks, ["VirtualService"]),
  });
  const object = target?.kind === "Service" ? target.service : target?.entry;
  const service = drawing.box({
    id: idOf(`service ${host}`),
    column: 3,
    label: clip(object ? keyOf(object) : host),
    detail: target
      ? clip(
          `${target.kind === "ServiceEntry" ? `ServiceEntry ${host}` : "Service"}${destination.port ? ` :${destination.port}` : ""}`,
        )
      : { en: "does not exist", "zh-CN": "不存在" },
    verdict: target ? markOf(breaks, ["Service", "ServiceEntry"]) : "fail",
  });
  drawing.arrow({ from: subset, to: service, verdict: lost ? "fail" : "pass" });
  if (target?.kind !== "Service" || target.service.selector === null) return;
  const ready = pods.filter(({ ready }) => ready).length;
  const isLost = lost?.code === "missing-subset";
  const isUsed = destination.weight !== 0;
  const isEmpty = ready === 0 && !target.service.unready;
  const verdict = isLost || (isEmpty && isUsed) ? "fail" : isEmpty ? undefined : "pass";
  const end = drawing.box({
    id: idOf(`pods ${host} ${destination.subset ?? ""}`),
    column: 4,
    label: isLost
      ? { en: "none is chosen", "zh-CN": "选不到" }
      : pods.length === 0
        ? { en: "no pod", "zh-CN": "没有 Pod" }
        : { en: `${ready} of ${pods.length} ready`, "zh-CN": `${pods.length} 个中就绪 ${ready} 个` },
    ...(verdict && { verdict }),
  });
  drawing.arrow({ from: service, to: end, ...(verdict && { verdict }) });
}

/** A picture of the VirtualServices of one host. */
export function picture(host: string, flows: readonly Flow[]): GraphPicture {
  const drawing = new Drawing();
  let left = most.destinations;
  for (const flow of flows.slice(0, most.virtualServices)) {
    const { virtualService } = flow;
    const id = drawing.box({
      id: idOf(`route ${keyOf(virtualService)}`),
      column: 1,
      label: virtualService.name
        ? clip(keyOf(virtualService))
        : { en: "none: the Service as it is", "zh-CN": "无：直接按 Service 转发" },
      detail: clip(virtualService.hosts.join(", ")),
      verdict: markOf(flow.breaks),
    });
    for (const hop of flow.gateways.slice(0, most.gateways)) drawGateway(drawing, hop, id);
    const worst = flow.destinations.toSorted((a, b) => b.breaks.length - a.breaks.length).slice(0, left);
    left -= worst.length;
    for (const hop of worst) drawDestination(drawing, hop, id, arrowLabel(hop, flow.destinations));
  }
  const broken = new Set(flows.flatMap(breaksOf).map(({ code, subject }) => JSON.stringify([code, subject])))
    .size;
  const nodes = [...drawing.nodes.values()].slice(0, 80);
  const kept = new Set(nodes.map(({ id }) => id));
  return {
    id: `host-${
      host
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, "-")
        .replaceAll(/^-+|-+$/g, "") || "any"
    }`,
    title: { en: `Requests to ${host}`, "zh-CN": `发往 ${host} 的请求` },
    summary: {
      en:
        broken === 0
          ? "Every link holds."
          : broken === 1
            ? "One link is broken."
            : `${broken} links are broken.`,
      "zh-CN": broken === 0 ? "每一环都接得上。" : `有 ${broken} 环断开。`,
    },
    columns,
    nodes,
    edges: [...drawing.edges.values()].filter(({ from, to }) => kept.has(from) && kept.has(to)).slice(0, 160),
  };
}
