import type { ObjectMeta } from "kubernetes-types/meta/v1.d.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding } from "#common/result.ts";
import { fullHost, hostsMeet } from "./istio-hosts.ts";
import type { MeshService } from "./istio-registry.ts";
import type { DestinationRule, ServiceEntry } from "./istio-routing.ts";
import { compare } from "./owners.ts";

/** How much every proxy is told: all of the mesh, unless a Sidecar object narrows it. */

export type Scope = {
  namespace: string;
  name: string;
  /** it speaks for its whole namespace, or in the root namespace for all that have none of their own */
  wide: boolean;
  /** "namespace/host" as written; empty where it says nothing about egress */
  hosts: string[];
};

export function pickScope(object: unknown): Scope {
  const { metadata, spec = {} } = object as {
    metadata?: ObjectMeta;
    spec?: { workloadSelector?: { labels?: object }; egress?: { hosts?: string[] }[] };
  };
  return {
    namespace: metadata?.namespace ?? "",
    name: metadata?.name ?? "",
    wide: Object.keys(spec.workloadSelector?.labels ?? {}).length === 0,
    hosts: (spec.egress ?? []).flatMap(({ hosts = [] }) => hosts),
  };
}

export type Registered = {
  services: readonly MeshService[];
  entries: readonly ServiceEntry[];
  rules: readonly DestinationRule[];
};
type Host = { namespace: string; host: string; ports: number };

function hostsOf({ services, entries }: Registered): Host[] {
  return [
    ...services.map(({ namespace, name, ports }) => ({
      namespace,
      host: `${name}.${namespace}.svc.cluster.local`,
      ports: ports.length,
    })),
    ...entries.flatMap(({ namespace, hosts, ports }) =>
      hosts.map((host) => ({ namespace, host, ports: ports.length })),
    ),
  ];
}

/** A cluster per host and port, and one more for each subset. */
export function clusterEstimate(registered: Registered): number {
  const subsets = new Map<string, number>();
  for (const { host, namespace, subsets: own } of registered.rules) {
    const full = fullHost(host, namespace);
    subsets.set(full, Math.max(subsets.get(full) ?? 0, own.length));
  }
  return hostsOf(registered).reduce(
    (sum, { host, ports }) => sum + ports * (1 + (subsets.get(host) ?? 0)),
    0,
  );
}

const isEverything = (host: string) => host === "*/*";
const limits = ({ hosts }: Scope) => hosts.length > 0 && !hosts.some(isEverything);

/** The namespaces whose proxies are told of everything. */
export function unscoped(
  namespaces: readonly string[],
  scopes: readonly Scope[],
  rootNamespace: string,
): string[] {
  const wide = scopes.filter((scope) => scope.wide);
  const root = wide.find(({ namespace }) => namespace === rootNamespace);
  return namespaces.filter((name) => {
    const scope = wide.find(({ namespace }) => namespace === name) ?? root;
    return !scope || !limits(scope);
  });
}

const edit = ({ namespace, name }: Scope) =>
  shellCommand("kubectl", "edit", "sidecars.networking.istio.io", name, "--namespace", namespace);

/** What an egress host of a Sidecar leads to; "~" is nothing on purpose. */
function leadsSomewhere(
  written: string,
  { home, root }: { home: string; root: string },
  known: readonly Host[],
): boolean {
  const slash = written.indexOf("/");
  const from = written.slice(0, slash);
  const namespace = from === "." ? home : from;
  if (slash < 0 || namespace === "~" || written.endsWith("/~")) return true;
  const host = written.slice(slash + 1);
  const own = known.filter((one) => namespace === "*" || one.namespace === namespace);
  // A namespace may import its own before it has any, and the control plane's is imported by habit.
  return from === "." || namespace === root || own.some((one) => hostsMeet(host, one.host));
}

export function scopeFindings(scopes: readonly Scope[], registered: Registered, root: string): Finding[] {
  const known = hostsOf(registered);
  return scopes.flatMap((scope): Finding[] => {
    const subject = { kind: "Sidecar", namespace: scope.namespace, name: scope.name };
    const everything = scope.hosts.some(isEverything);
    const nothing = scope.hosts.filter(
      (host) => !leadsSomewhere(host, { home: scope.namespace, root }, known),
    );
    return [
      ...(everything
        ? [
            {
              verdict: "warn" as const,
              code: "scope-of-everything",
              subject,
              message: {
                en: `Sidecar ${scope.name} imports */*: it looks like a limit, and its proxies are sent the whole mesh all the same.`,
                "zh-CN": `Sidecar ${scope.name} 引入了 */*：看上去是限制，代理却照样收到整个网格的配置。`,
              },
              observed: "egress: */*",
              expected: {
                en: "the namespaces and hosts that are called",
                "zh-CN": "只写会调用的命名空间和主机",
              },
              remedy: [
                {
                  purpose: "fix" as const,
                  text: {
                    en: "Name the own namespace, the control plane and what is called.",
                    "zh-CN": "写明本命名空间、控制面，以及确实要调用的部分。",
                  },
                  command: edit(scope),
                },
              ],
            },
          ]
        : []),
      ...(nothing.length > 0
        ? [
            {
              verdict: "warn" as const,
              code: "scope-names-nothing",
              subject,
              message: {
                en: `Sidecar ${scope.name} imports ${nothing.join(", ")}, where there is nothing. Its proxies may lack what was meant.`,
                "zh-CN": `Sidecar ${scope.name} 引入的 ${nothing.join("、")} 什么也没有，本该引入的内容代理可能就收不到。`,
              },
              observed: nothing.join(", "),
              expected: {
                en: "a namespace with Services, or a host that exists there",
                "zh-CN": "有 Service 的命名空间，或其中存在的主机",
              },
              remedy: [
                {
                  purpose: "fix" as const,
                  text: { en: "Correct the name or take it out.", "zh-CN": "改正名字，或者去掉。" },
                  command: edit(scope),
                },
                {
                  purpose: "verify" as const,
                  text: {
                    en: "A proxy in that namespace knows the clusters it needs.",
                    "zh-CN": "该命名空间的代理拥有所需的 cluster。",
                  },
                  command: `istioctl proxy-config clusters "$POD.${scope.namespace}"`,
                },
              ],
            },
          ]
        : []),
    ];
  });
}

/** One finding for the mesh: one object in the root namespace mends it for everybody. */
export function largeConfiguration(
  { clusters, most }: { clusters: number; most: number },
  namespaces: readonly string[],
  rootNamespace: string,
): Finding[] {
  if (clusters <= most || namespaces.length === 0) return [];
  const names = namespaces.toSorted(compare);
  const scope = {
    apiVersion: "networking.istio.io/v1",
    kind: "Sidecar",
    metadata: { name: "default", namespace: rootNamespace },
    spec: { egress: [{ hosts: ["./*", `${rootNamespace}/*`] }] },
  };
  return [
    {
      verdict: "warn",
      code: "large-configuration",
      subject: { kind: "Namespace", name: rootNamespace, part: "Sidecar" },
      affected: {
        count: names.length,
        sample: names.slice(0, 50).map((name) => ({ kind: "Namespace", name })),
      },
      message: {
        en: `Each proxy of ${names.length === 1 ? "a namespace" : `${names.length} namespaces`} is sent about ${clusters} clusters, since no Sidecar limits what it hears of. Memory, CPU of istiod and the time of a push all grow with it.`,
        "zh-CN": `${names.length} 个命名空间的每个代理都会收到约 ${clusters} 个 cluster，因为没有 Sidecar 限制范围。代理内存、istiod 的 CPU 和推送耗时都随之增长。`,
      },
      observed: { en: `about ${clusters} clusters a proxy`, "zh-CN": `每个代理约 ${clusters} 个 cluster` },
      expected: {
        en: `at most ${most}, or a Sidecar for the mesh`,
        "zh-CN": `不超过 ${most} 个，或全网有一个 Sidecar`,
      },
      remedy: [
        {
          purpose: "fix",
          text: {
            en: "First give the namespaces that call others a Sidecar of their own, then this default for all. What is not imported is unknown to the proxy, and passes or not by the outbound policy.",
            "zh-CN":
              "先给要调用别人的命名空间各写一个 Sidecar，再加上这个全网默认值。没有引入的目标代理不认识，能否放行取决于出站策略。",
          },
          command: `${shellCommand("printf", "%s", JSON.stringify(scope))} | kubectl apply --filename -`,
        },
      ],
    },
  ];
}
