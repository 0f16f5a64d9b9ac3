import type { Finding, Subject } from "#common/result.ts";
import { type Break, type BreakCode, type Flow, subjectOf } from "./istio-links.ts";
import { steps, type Wording } from "./istio-wording.ts";
import { destinationWords } from "./istio-words-destinations.ts";
import { gatewayWords } from "./istio-words-gateways.ts";
import { compare } from "./owners.ts";

const wordings: Record<BreakCode, Wording> = { ...gatewayWords, ...destinationWords };

export function breaksOf({ gateways, destinations, breaks }: Flow): Break[] {
  return [...breaks, ...[...gateways, ...destinations].flatMap((hop) => hop.breaks)];
}

/** One finding per object to mend and code, however many routes lead through it; those routes are what it affects. */
export function findingsOf(flows: readonly Flow[], others: readonly Break[]): Finding[] {
  const groups = new Map<string, { found: Break; routes: Map<string, Subject> }>();
  const add = (found: Break, route?: Subject) => {
    const key = JSON.stringify([found.code, found.subject]);
    const group = groups.get(key) ?? { found, routes: new Map() };
    if (group.found.verdict === "warn" && found.verdict === "fail") group.found = found;
    if (route && route.name + route.namespace !== found.subject.name + found.subject.namespace)
      group.routes.set(`${route.namespace}/${route.name}`, route);
    groups.set(key, group);
  };
  for (const flow of flows)
    for (const found of breaksOf(flow)) add(found, subjectOf("VirtualService", flow.virtualService));
  for (const found of others) add(found);
  return [...groups].sort(([a], [b]) => compare(a, b)).map(([, group]) => finding(group.found, group.routes));
}

function finding({ code, verdict, subject, words }: Break, routes: ReadonlyMap<string, Subject>): Finding {
  const wording = wordings[code];
  const sample = [...routes].sort(([a], [b]) => compare(a, b)).map(([, route]) => route);
  return {
    verdict,
    code,
    subject,
    ...(sample.length > 0 && { affected: { count: sample.length, sample: sample.slice(0, 50) } }),
    message: wording.message(words, subject),
    observed: wording.observed(words),
    expected: wording.expected(words),
    remedy: steps(subject, wording.fix(words, subject)),
  };
}

/** A host that somebody asked for and that leads nowhere at all. */
export function nothingFor(host: string): Finding {
  return {
    verdict: "fail",
    code: "no-route",
    subject: { kind: "endpoint", name: host },
    message: {
      en: `No VirtualService and no Service answers to ${host}: through a gateway it gets 404, from a sidecar it leaves the mesh.`,
      "zh-CN": `没有 VirtualService 或 Service 对应 ${host}：经网关访问得到 404，从 Sidecar 访问则直接离开网格。`,
    },
    observed: { en: "no route", "zh-CN": "没有路由" },
    expected: { en: "a VirtualService with this host", "zh-CN": "包含这个 host 的 VirtualService" },
    remedy: [
      {
        purpose: "inspect",
        text: {
          en: "Look for a host that was written differently, or bound elsewhere.",
          "zh-CN": "看看是不是域名写法不同，或者绑定在别处。",
        },
        command:
          "kubectl get virtualservices.networking.istio.io --all-namespaces --output custom-columns=NAMESPACE:.metadata.namespace,NAME:.metadata.name,HOSTS:.spec.hosts,GATEWAYS:.spec.gateways",
      },
    ],
  };
}
