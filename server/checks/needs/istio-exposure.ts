import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep, Words } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import type { ApiGateway, ApiRoute } from "./istio-api-routes.ts";
import { type Flow, keyOf } from "./istio-links.ts";
import type { MeshPod, MeshService } from "./istio-registry.ts";
import { declaresProtocol, type MeshWorkload } from "./istio-workloads.ts";
import type { Unread } from "./need.ts";

/** The six steps that put a workload behind a gateway of the mesh, each as an assertion about what is there. */

export type Exposure = {
  workload: MeshWorkload;
  pods: MeshPod[];
  services: MeshService[];
  /** VirtualServices that lead to one of these Services */
  flows: Flow[];
  /** null: its namespace could not be read, and is what would say so */
  isAmbient: boolean | null;
  /** null: not read */
  apiRoutes: ApiRoute[] | null;
  apiGateways: readonly ApiGateway[] | Unread;
};

export type Said = {
  verdict: "pass" | "warn" | "fail" | "unknown";
  message: Text;
  observed: Words;
  expected: Words;
  remedy?: RemedyStep[];
};

export function proxyStep({ workload, pods, isAmbient }: Exposure): Said {
  const proxied = pods.filter((pod) => pod.proxied).length;
  const isIn = isAmbient || proxied === pods.length;
  const mayBeAmbient = isAmbient === null && proxied === 0;
  const counted = `${proxied} of ${pods.length} pods`;
  return {
    verdict: isIn ? "pass" : mayBeAmbient ? "unknown" : "warn",
    message: isAmbient
      ? {
          en: `Step 1: the pods of ${keyOf(workload)} are in the mesh through their node (ambient).`,
          "zh-CN": `第 1 步：${keyOf(workload)} 的 Pod 以 ambient 方式由节点接入网格。`,
        }
      : {
          en: `Step 1: ${counted} of ${keyOf(workload)} carry the proxy${isIn ? "." : mayBeAmbient ? "; whether their namespace is in ambient mode was not read." : ": to the others the gateway talks without mTLS, and policies of the mesh do not hold there."}`,
          "zh-CN": `第 1 步：${keyOf(workload)} 的 ${pods.length} 个 Pod 中有 ${proxied} 个带代理${isIn ? "。" : mayBeAmbient ? "；命名空间是否为 ambient 没有读到。" : "：对其余的 Pod，网关以明文访问，网格策略不起作用。"}`,
        },
    observed: isAmbient
      ? "ambient"
      : {
          en: `${counted} with istio-proxy`,
          "zh-CN": `${pods.length} 个 Pod 中有 ${proxied} 个带 istio-proxy`,
        },
    expected: {
      en: "istio-proxy in every pod, or ambient mode",
      "zh-CN": "每个 Pod 都有 istio-proxy，或使用 ambient 模式",
    },
    ...(!isIn && {
      remedy: [
        {
          purpose: "fix",
          text: {
            en: "Ask for injection in the namespace, then start the pods again: only new ones get the proxy. With revisions the label is istio.io/rev.",
            "zh-CN":
              "给命名空间加上注入标签，再重启 Pod：只有新建的 Pod 才会带上代理。使用修订版时标签是 istio.io/rev。",
          },
          command: `${shellCommand("kubectl", "label", "namespace", workload.namespace, "istio-injection=enabled")} && ${shellCommand("kubectl", "rollout", "restart", `${workload.kind.toLowerCase()}/${workload.name}`, "--namespace", workload.namespace)}`,
        },
      ],
    }),
  };
}

/** Ports that a Service names in the containers and that none of them has. */
export function lostPorts({ workload, services }: Exposure): string[] {
  return services.flatMap(({ name, ports }) =>
    ports.flatMap(({ target }) =>
      target !== undefined && !workload.ports.includes(target) ? `${name}: ${target}` : [],
    ),
  );
}

export function serviceStep(exposure: Exposure): Said {
  const { workload, services } = exposure;
  const lost = lostPorts(exposure);
  const unnamed = services.flatMap(({ name, ports }) =>
    ports.filter((port) => !declaresProtocol(port)).map(({ port }) => `${name}:${port}`),
  );
  const names = services.map(({ name }) => name);
  const labels = Object.entries(workload.labels).map(([key, value]) => `${key}=${value}`);
  const expected = {
    en: "a Service whose selector and target ports are those of the pods, with a protocol",
    "zh-CN": "selector 与目标端口都与 Pod 相符、并声明协议的 Service",
  };
  if (services.length === 0)
    return {
      verdict: "fail",
      message: {
        en: `Step 2: no Service in ${workload.namespace} selects the pods of ${workload.name} (${labels.join(", ")}).`,
        "zh-CN": `第 2 步：${workload.namespace} 里没有 Service 选中 ${workload.name} 的 Pod（${labels.join("、")}）。`,
      },
      observed: { en: "no Service", "zh-CN": "没有 Service" },
      expected,
    };
  if (lost.length > 0)
    return {
      verdict: "fail",
      message: {
        en: `Step 2: a Service sends to a port by a name that no container of ${keyOf(workload)} has (${lost.join(", ")}): it has no endpoint there.`,
        "zh-CN": `第 2 步：Service 按名称引用的端口在 ${keyOf(workload)} 的容器里不存在（${lost.join("、")}）：这个端口没有端点。`,
      },
      observed: lost.join(", "),
      expected,
    };
  return {
    verdict: unnamed.length > 0 ? "warn" : "pass",
    message: {
      en: `Step 2: Service ${names.join(", ")} selects the pods${unnamed.length > 0 ? `, but says no protocol for ${unnamed.join(", ")}: Istio guesses it from the first bytes, and cannot where the server speaks first.` : "."}`,
      "zh-CN": `第 2 步：Service ${names.join("、")} 选中了这些 Pod${unnamed.length > 0 ? `，但 ${unnamed.join("、")} 没有写明协议：Istio 只能靠最初几个字节去猜，服务端先发言的协议猜不出来。` : "。"}`,
    },
    observed:
      unnamed.length > 0
        ? { en: `no protocol: ${unnamed.join(", ")}`, "zh-CN": `没有声明协议：${unnamed.join("、")}` }
        : names.join(", "),
    expected,
  };
}

export function podStep({ workload, pods }: Exposure): Said {
  const ready = pods.filter((pod) => pod.ready).length;
  const wanted = workload.kind === "DaemonSet" ? pods.length : workload.replicas;
  return {
    verdict: ready === 0 ? "fail" : ready < wanted ? "warn" : "pass",
    message: {
      en: `Step 6: ${ready} of ${wanted} pods of ${keyOf(workload)} are ready.`,
      "zh-CN": `第 6 步：${keyOf(workload)} 的 ${wanted} 个 Pod 中有 ${ready} 个就绪。`,
    },
    observed: { en: `${ready} ready`, "zh-CN": `${ready} 个就绪` },
    expected: { en: `${Math.max(wanted, 1)} ready`, "zh-CN": `${Math.max(wanted, 1)} 个就绪` },
  };
}

export function asFinding(code: string, { workload }: Exposure, said: Said): Finding {
  const { kind, namespace, name } = workload;
  return { code, subject: { kind, namespace, name }, ...said };
}
