import { shellCommand } from "#common/kubernetes/shell.ts";
import type { RemedyStep } from "#common/result.ts";
import { apiStep } from "./istio-api-routes.ts";
import type { Exposure, Said } from "./istio-exposure.ts";
import { fullHost } from "./istio-hosts.ts";
import { type Break, keyOf } from "./istio-links.ts";
import type { Registry } from "./istio-registry.ts";

/** Steps 3 to 5: what leads from outside to the Service. */

const orNone = (list: readonly string[]) => list.join(", ") || "none";

/** The worst of what is broken; nothing broken is a pass. */
function worst(breaks: readonly Break[]): Said["verdict"] {
  if (breaks.some(({ verdict }) => verdict === "fail")) return "fail";
  return breaks.length > 0 ? "warn" : "pass";
}

function listOf(breaks: readonly Break[]): string {
  return [...new Set(breaks.map(({ code, subject }) => `${code} (${subject.kind} ${subject.name})`))].join(
    ", ",
  );
}

export function gatewayStep({ flows, ...byApi }: Exposure): Said {
  const hops = flows.flatMap(({ gateways }) => gateways.filter(({ at }) => at !== null));
  const broken = hops.flatMap(({ breaks }) => breaks);
  const names = [...new Set(hops.map(({ at }) => (at ? keyOf(at) : "")))];
  const expected = {
    en: "a Gateway with a ready pod, bound to the route",
    "zh-CN": "有就绪 Pod 且绑定到路由的 Gateway",
  };
  const said = hops.length === 0 && apiStep(3, byApi, expected);
  if (said) return said;
  if (hops.length === 0)
    return {
      verdict: "fail",
      message: {
        en: "Step 3: no route to this workload is bound to a Gateway, so it cannot be reached from outside.",
        "zh-CN": "第 3 步：通往该工作负载的路由没有绑定任何 Gateway，外部无法访问。",
      },
      observed: { en: "no Gateway", "zh-CN": "没有 Gateway" },
      expected,
    };
  const verdict = worst(broken);
  return {
    verdict,
    message: {
      en: `Step 3: ${verdict === "pass" ? `Gateway ${names.join(", ")} is there and listens.` : `the way in through ${names.join(", ")} is broken: ${listOf(broken)}.`}`,
      "zh-CN": `第 3 步：${verdict === "pass" ? `Gateway ${names.join("、")} 存在并在监听。` : `经 ${names.join("、")} 的入口不通：${listOf(broken)}。`}`,
    },
    observed: broken.length > 0 ? listOf(broken) : orNone(names),
    expected,
  };
}

export function routeStep({ workload, flows, ...byApi }: Exposure): Said {
  const outside = flows.filter(({ gateways }) => gateways.some(({ at }) => at !== null));
  const broken = outside.flatMap((flow) => [
    ...flow.breaks,
    ...flow.destinations.flatMap(({ breaks }) =>
      breaks.filter(({ subject }) => subject.kind === "VirtualService"),
    ),
  ]);
  const hosts = [...new Set(outside.flatMap(({ virtualService }) => virtualService.hosts))];
  const names = outside.map(({ virtualService }) => keyOf(virtualService));
  const expected = {
    en: "a VirtualService from a Gateway to the Service",
    "zh-CN": "从 Gateway 通到该 Service 的 VirtualService",
  };
  const said = outside.length === 0 && apiStep(4, byApi, expected);
  if (said) return said;
  if (outside.length === 0)
    return {
      verdict: "fail",
      message: {
        en: `Step 4: no VirtualService leads from a Gateway to a Service of ${keyOf(workload)}.`,
        "zh-CN": `第 4 步：没有 VirtualService 把 Gateway 的请求送到 ${keyOf(workload)} 的 Service。`,
      },
      observed: { en: "no VirtualService", "zh-CN": "没有 VirtualService" },
      expected,
    };
  const verdict = worst(broken);
  return {
    verdict,
    message: {
      en: `Step 4: VirtualService ${names.join(", ")} leads here for ${hosts.join(", ")}${verdict === "pass" ? "." : `, with broken links: ${listOf(broken)}.`}`,
      "zh-CN": `第 4 步：VirtualService ${names.join("、")} 把 ${hosts.join("、")} 的请求送到这里${verdict === "pass" ? "。" : `，但有断链：${listOf(broken)}。`}`,
    },
    observed: broken.length > 0 ? listOf(broken) : orNone(names),
    expected,
    remedy: [tryIt(hosts[0] ?? "")],
  };
}

/** The seventh step of the note: send a request. */
function tryIt(host: string): RemedyStep {
  const name = host.startsWith("*") ? `test${host.slice(1)}` : host;
  return {
    purpose: "verify",
    text: {
      en: "Send a request to the gateway with this host. On clouds that give names take .hostname instead of .ip.",
      "zh-CN": "用这个域名向网关发一个请求。给出域名的云平台请把 .ip 换成 .hostname。",
    },
    command: `curl --include --max-time 5 ${shellCommand("--header", `Host: ${name}`)} "http://$(kubectl get service istio-ingressgateway --namespace istio-system --output jsonpath='{.status.loadBalancer.ingress[0].ip}')/"`,
  };
}

export function ruleStep({ services, flows }: Exposure, registry: Registry): Said {
  const rules = services.flatMap(({ namespace, name }) =>
    registry.rulesFor(fullHost(name, namespace), registry.root),
  );
  const broken = flows.flatMap(({ destinations }) =>
    destinations.flatMap(({ breaks }) => breaks.filter(({ subject }) => subject.kind === "DestinationRule")),
  );
  const names = [...new Set(rules.map(keyOf))];
  const isThere = names.length > 0;
  return {
    verdict: broken.length > 0 ? worst(broken) : isThere ? "pass" : "warn",
    message: {
      en: `Step 5: ${!isThere ? "no DestinationRule speaks of the Service: the defaults hold, without a pool limit and without ejecting pods that fail." : broken.length > 0 ? `DestinationRule ${names.join(", ")} has subsets without pods: ${listOf(broken)}.` : `DestinationRule ${names.join(", ")} says how to balance.`}`,
      "zh-CN": `第 5 步：${!isThere ? "没有 DestinationRule 涉及该 Service：使用默认值，不限制连接池，也不摘除出错的 Pod。" : broken.length > 0 ? `DestinationRule ${names.join("、")} 的某些子集没有 Pod：${listOf(broken)}。` : `DestinationRule ${names.join("、")} 规定了负载策略。`}`,
    },
    observed: broken.length > 0 ? listOf(broken) : orNone(names),
    expected: {
      en: "a DestinationRule for the Service's host",
      "zh-CN": "该 Service 主机名的 DestinationRule",
    },
  };
}
