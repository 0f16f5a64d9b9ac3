import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding } from "#common/result.ts";
import type { HeadlessRule } from "./istio-headless.ts";
import { type Headless, refOf, subjectOf } from "./istio-headless-findings.ts";
import { affectedPods } from "./owners.ts";

/** What follows from a caller choosing the pod by its address. */

export function staleAddresses(at: Headless, ports: readonly number[]): Finding {
  const { service, proxied } = at;
  return {
    verdict: "warn",
    code: "original-destination",
    subject: subjectOf(at),
    affected: affectedPods(proxied),
    message: {
      en: `HTTP on port ${ports.join(", ")} of a headless Service whose pods change address: proxies go on sending to the address of a pod that is gone, and answer 503 until the client looks the name up again.`,
      "zh-CN": `无头服务的端口 ${ports.join("、")} 跑的是 HTTP，而它的 Pod 地址会变：Pod 消失后代理仍会往旧地址发，并一直返回 503，直到客户端重新解析名字。`,
    },
    observed: { en: "cluster type ORIGINAL_DST", "zh-CN": "cluster 类型 ORIGINAL_DST" },
    expected: {
      en: "an ordinary Service (EDS), which every request is balanced over",
      "zh-CN": "普通 Service（EDS），每个请求都做负载均衡",
    },
    remedy: [
      {
        purpose: "fix",
        text: {
          en: "Put an ordinary Service beside it and let HTTP clients use that name; keep the headless one for what needs single pods. The command prints a manifest: give it the headless one's selector.",
          "zh-CN":
            "在旁边再建一个普通 Service，让 HTTP 客户端用那个名字；无头服务只留给确实要访问单个 Pod 的场合。命令只打印清单：把选择器改成与无头服务相同。",
        },
        command: shellCommand(
          ...[
            "kubectl",
            "create",
            "service",
            "clusterip",
            `${service.name}-http`,
            "--namespace",
            service.namespace,
          ],
          ...[...ports.map((port) => `--tcp=${port}:${port}`), "--dry-run=client", "--output", "yaml"],
        ),
      },
      {
        purpose: "verify",
        text: {
          en: "The type of the cluster that callers use is EDS.",
          "zh-CN": "调用方使用的 cluster 类型是 EDS。",
        },
        command: `istioctl proxy-config clusters "$CALLER" --fqdn ${service.name}-http.${service.namespace}.svc.cluster.local`,
      },
    ],
  };
}

export function balancesNothing(at: Headless, rule: HeadlessRule): Finding {
  return {
    verdict: "warn",
    code: "balancing-without-effect",
    subject: subjectOf(at),
    message: {
      en: `DestinationRule ${refOf(rule)} chooses a load balancer, but callers of a headless Service have chosen the pod already: the setting does nothing.`,
      "zh-CN": `DestinationRule ${refOf(rule)} 指定了负载均衡方式，但无头服务的调用方已经自己选定了 Pod：这个设置不起作用。`,
    },
    observed: { en: "loadBalancer for a headless Service", "zh-CN": "给无头服务写了 loadBalancer" },
    expected: {
      en: "an ordinary Service where the proxy shall choose",
      "zh-CN": "要让代理选择就用普通 Service",
    },
    remedy: [
      {
        purpose: "fix",
        text: {
          en: "Take the section out, or let clients use an ordinary Service.",
          "zh-CN": "去掉这一段，或让客户端改用普通 Service。",
        },
        command: shellCommand(
          "kubectl",
          "edit",
          "destinationrules.networking.istio.io",
          rule.name,
          "--namespace",
          rule.namespace,
        ),
      },
    ],
  };
}
