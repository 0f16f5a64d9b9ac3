import { parseRange } from "#common/kubernetes/ip-range.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { type Configured, type FrontService, isOn } from "./ingress-nginx.ts";

/** Whether the address that applications see is the client's, and whether a client can choose it. */

/** What is written where nothing is: everybody. */
const defaultRange = "0.0.0.0/0";

/** A range of more than a sixteenth of all addresses: no proxy owns that. */
function isOpen(text: string): boolean {
  const range = parseRange(text);
  return range !== null && range.prefix < 4;
}

const trusts = ({ values }: Configured) =>
  isOn(values["use-forwarded-headers"]) || isOn(values["enable-real-ip"]);

function patch({ place }: Configured, data: Record<string, string | null>, text: Text): RemedyStep {
  return {
    purpose: "fix",
    text,
    command: shellCommand(
      ...["kubectl", "patch", "configmap", place.name, "--namespace", place.namespace],
      ...["--type", "merge", "--patch", JSON.stringify({ data })],
    ),
  };
}

/** Asked from outside; what the application logs must be the caller's own address. */
const verify: RemedyStep = {
  purpose: "verify",
  text: {
    en: "From a machine outside, send an address that is not yours. The controller's log must begin the line with your own.",
    "zh-CN": "从外部机器发一个不属于自己的地址，控制器日志的行首必须仍是你真实的地址。",
  },
  command: `curl --silent --output /dev/null --header 'X-Forwarded-For: 192.0.2.1' "https://$HOST/"`,
};

function spoofable(one: Configured): Finding[] {
  const { values, place, snippet } = one;
  const written = values["proxy-real-ip-cidr"];
  const ranges = (written ?? defaultRange).split(",").map((range) => range.trim());
  const open = trusts(one) && !isOn(values["use-proxy-protocol"]) ? ranges.find(isOpen) : undefined;
  const fromSnippet = snippet?.header ? snippet.ranges.find(isOpen) : undefined;
  if (open === undefined && fromSnippet === undefined) return [];
  const key = isOn(values["use-forwarded-headers"]) ? "use-forwarded-headers" : "enable-real-ip";
  const header = values["forwarded-for-header"] ?? "X-Forwarded-For";
  const where = open === undefined ? "http-snippet: set_real_ip_from" : "proxy-real-ip-cidr";
  const missing = open !== undefined && written === undefined;
  const trusting = open === undefined ? "real_ip_header" : `${key}: true`;
  return [
    {
      verdict: "fail",
      code: "spoofable",
      subject: { kind: "ConfigMap", ...place },
      message: {
        en: `The controller believes ${header} from ${missing ? "everybody, since proxy-real-ip-cidr is not set" : `${open ?? fromSnippet} (${where})`}: any client can choose the address that logs, rate limits and allow lists see.`,
        "zh-CN": `控制器相信${missing ? "任何来源" : `来自 ${open ?? fromSnippet}（${where}）`}的 ${header}${missing ? "（没有设置 proxy-real-ip-cidr）" : ""}：任何客户端都能自己决定日志、限流和白名单看到的地址。`,
      },
      observed: missing
        ? {
            en: `${trusting}, ${where}: not set (${defaultRange})`,
            "zh-CN": `${trusting}，${where} 未设置（${defaultRange}）`,
          }
        : `${trusting}, ${where}: ${open ?? fromSnippet}`,
      expected: { en: "only the ranges of the load balancers in front", "zh-CN": "只填前面负载均衡器的网段" },
      remedy: [
        patch(
          one,
          { "proxy-real-ip-cidr": "10.0.0.0/8" },
          {
            en: "Name the load balancer's own ranges, in place of 10.0.0.0/8. With nothing in front, switch the headers off.",
            "zh-CN": "写上负载均衡器自己的网段，替换 10.0.0.0/8。如果前面没有代理，就关掉对请求头的信任。",
          },
        ),
        verify,
      ],
    },
  ];
}

function appended(one: Configured): Finding[] {
  if (!isOn(one.values["compute-full-forwarded-for"]) || trusts(one)) return [];
  return [
    {
      verdict: "warn",
      code: "client-writes-first",
      subject: { kind: "ConfigMap", ...one.place },
      message: {
        en: "compute-full-forwarded-for is on and use-forwarded-headers is off: the client's own X-Forwarded-For is passed on with its address behind it. An application that takes the first entry takes what the client wrote.",
        "zh-CN":
          "开启了 compute-full-forwarded-for，却没有开启 use-forwarded-headers：客户端自己写的 X-Forwarded-For 会原样传下去，真实地址追加在后面。取第一个值的应用，拿到的是客户端写的内容。",
      },
      observed: "compute-full-forwarded-for: true, use-forwarded-headers: false",
      expected: {
        en: "both, with proxy-real-ip-cidr; or neither",
        "zh-CN": "两个都开并配上 proxy-real-ip-cidr，或都不开",
      },
      remedy: [
        patch(
          one,
          { "compute-full-forwarded-for": "false" },
          {
            en: "Without a trusted proxy in front, let the controller write the header alone.",
            "zh-CN": "前面没有可信的代理时，让控制器独自写这个请求头。",
          },
        ),
        verify,
      ],
    },
  ];
}

function idleSnippet(one: Configured): Finding[] {
  if (!one.snippet?.header || one.snippet.ranges.length > 0 || trusts(one)) return [];
  return [
    {
      verdict: "warn",
      code: "snippet-without-ranges",
      subject: { kind: "ConfigMap", ...one.place },
      message: {
        en: "The http-snippet names a real_ip_header and no set_real_ip_from: nginx believes the header from nobody, so it has no effect.",
        "zh-CN":
          "http-snippet 里写了 real_ip_header，却没有 set_real_ip_from：nginx 不相信任何来源的这个头，所以不起作用。",
      },
      observed: {
        en: "real_ip_header without set_real_ip_from",
        "zh-CN": "有 real_ip_header，没有 set_real_ip_from",
      },
      expected: {
        en: "use-forwarded-headers with proxy-real-ip-cidr",
        "zh-CN": "use-forwarded-headers 配合 proxy-real-ip-cidr",
      },
      remedy: [
        patch(
          one,
          { "http-snippet": null, "use-forwarded-headers": "true", "proxy-real-ip-cidr": "10.0.0.0/8" },
          {
            en: "Say it with the controller's own keys, with your load balancer's ranges. This drops the whole snippet: keep what else is in it.",
            "zh-CN":
              "改用控制器自己的键，并写上负载均衡器的网段。这条命令会删掉整个 snippet，里面的其他内容请自行保留。",
          },
        ),
        verify,
      ],
    },
  ];
}

/** A Service that hands packets on through other nodes replaces the source address by the node's. */
function replaced(one: Configured, service: FrontService): Finding[] {
  if (service.policy === "Local" || trusts(one) || isOn(one.values["use-proxy-protocol"])) return [];
  const { namespace, name } = service;
  const target = ["service", name, "--namespace", namespace];
  return [
    {
      verdict: "warn",
      code: "source-replaced",
      subject: { kind: "Service", namespace, name },
      message: {
        en: `Service ${namespace}/${name} spreads over all nodes (externalTrafficPolicy: Cluster) and no header is believed: applications see addresses of nodes instead of clients.`,
        "zh-CN": `Service ${namespace}/${name} 会经由任意节点转发（externalTrafficPolicy: Cluster），又不信任任何请求头：应用看到的是节点的地址，而不是客户端的。`,
      },
      observed: `${service.type}, externalTrafficPolicy: ${service.policy}`,
      expected: {
        en: "externalTrafficPolicy: Local, the PROXY protocol, or headers of a trusted balancer",
        "zh-CN": "externalTrafficPolicy: Local、PROXY 协议，或可信负载均衡器的请求头",
      },
      remedy: [
        {
          purpose: "fix",
          text: {
            en: "Keep the source. Only nodes with a controller pod then take traffic; the balancer learns them from the health check port.",
            "zh-CN":
              "保留源地址。之后只有运行着控制器 Pod 的节点才接收流量，负载均衡器通过健康检查端口得知是哪些。",
          },
          command: shellCommand(
            ...["kubectl", "patch", ...target, "--patch", '{"spec":{"externalTrafficPolicy":"Local"}}'],
          ),
        },
        {
          purpose: "fix",
          text: {
            en: "Undo, if the balancer cannot tell the nodes apart.",
            "zh-CN": "如果负载均衡器分不清节点，这样还原。",
          },
          command: shellCommand(
            ...["kubectl", "patch", ...target, "--patch", '{"spec":{"externalTrafficPolicy":"Cluster"}}'],
          ),
        },
        verify,
      ],
    },
  ];
}

export function clientIpFindings(one: Configured, fronts: readonly FrontService[]): Finding[] {
  const outside = one.controller.hostNetwork ? [] : fronts;
  return [
    ...spoofable(one),
    ...appended(one),
    ...idleSnippet(one),
    ...outside.flatMap((service) => replaced(one, service)),
  ];
}
