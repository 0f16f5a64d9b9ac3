import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, Subject } from "#common/result.ts";
import { isProxy, pickProxyPod } from "./istio-proxies.ts";
import type { KubernetesSingleValues } from "./kubernetes-requests.ts";
import { affectedPods, compare, type OwnedPod, pickOwner } from "./owners.ts";

/** Whether proxies have taken what istiod sent them: its own list of what was sent and what was acknowledged. */

export type ProxyState = { namespace: string; pod: string; behind: string[] };
export type IstiodAnswer = { namespace: string; pod: string; status: number; proxies: ProxyState[] };
/** `istiod`: a part of the control plane; else a pod with a proxy that should be connected */
export type SyncPod = OwnedPod & { istiod: boolean };

const services: Record<string, string> = {
  cluster: "CDS",
  listener: "LDS",
  route: "RDS",
  endpoint: "EDS",
  extensionconfig: "ECDS",
};

/** Nothing sent means nothing to acknowledge: a gateway without routes is never sent any. */
function stateOf(entry: unknown): ProxyState {
  const fields = typeof entry === "object" && entry !== null ? (entry as Record<string, unknown>) : {};
  const [, pod, namespace] = /^(.+)\.([^.]+)$/.exec(String(fields.proxy ?? "")) ?? [];
  // Read as nobody, such an answer would make every proxy look unconnected.
  if (pod === undefined || namespace === undefined) throw new Error("an entry of syncz names no proxy");
  const behind = Object.entries(services).filter(([name]) => {
    const sent = fields[`${name}_sent`];
    return typeof sent === "string" && sent !== "" && sent !== fields[`${name}_acked`];
  });
  return { namespace, pod, behind: behind.map(([, short]) => short) };
}

function statesOf(text: string): ProxyState[] {
  const list: unknown = JSON.parse(text);
  // Without a single proxy it is null, as Go writes an empty list.
  if (list !== null && !Array.isArray(list)) throw new Error("syncz is no list");
  return (list ?? []).map(stateOf);
}

export function parseSync(answers: KubernetesSingleValues["kubernetes.pods-proxy"]): IstiodAnswer[] {
  return answers.map(({ namespace, pod, status, text }) => ({
    namespace,
    pod,
    status,
    proxies: status === 200 ? statesOf(text) : [],
  }));
}

/** ztunnels and waypoints speak to istiod in a way of their own, and pods that start have not spoken yet. */
export function pickSyncPod(pod: Pod): SyncPod | undefined {
  const { spec, status, metadata } = pod;
  if (pickProxyPod(pod)?.istiod) return { ...pickOwner(metadata), istiod: true };
  const ready = status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True");
  const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  const proxy = containers.find(isProxy);
  if (!proxy || !ready || metadata?.deletionTimestamp !== undefined) return undefined;
  if (/\/ztunnel\b/.test(proxy.image ?? "") || proxy.args?.includes("waypoint")) return undefined;
  return { ...pickOwner(metadata), istiod: false };
}

type Owners = (pod: OwnedPod) => Subject;
type Group = { owner: Subject; pods: SyncPod[]; behind: Set<string> };

function grouped(pods: readonly { pod: SyncPod; behind: string[] }[], ownerOf: Owners): Group[] {
  const groups = new Map<string, Group>();
  for (const { pod, behind } of pods) {
    const owner = ownerOf(pod);
    const key = `${owner.namespace}/${owner.kind}/${owner.name}`;
    const group = groups.get(key) ?? { owner, pods: [], behind: new Set() };
    group.pods.push(pod);
    for (const one of behind) group.behind.add(one);
    groups.set(key, group);
  }
  return [...groups].sort(([a], [b]) => compare(a, b)).map(([, group]) => group);
}

function stale({ owner, pods, behind }: Group): Finding {
  const kinds = [...behind].sort(compare).join(", ");
  const name = pods[0]?.name ?? "";
  const place = `${name}.${owner.namespace}`;
  return {
    verdict: "fail",
    code: "proxy-stale",
    subject: owner,
    affected: affectedPods(pods),
    message: {
      en: `${pods.length === 1 ? "A proxy has" : `${pods.length} proxies have`} not acknowledged what istiod sent (${kinds}): ${pods.length === 1 ? "it works" : "they work"} with an older configuration.`,
      "zh-CN": `${pods.length} 个代理没有确认 istiod 下发的内容（${kinds}）：它们仍在使用旧配置。`,
    },
    observed: {
      en: `sent and not acknowledged, twice: ${kinds}`,
      "zh-CN": `两次读取都已下发而未确认：${kinds}`,
    },
    expected: "SYNCED",
    remedy: [
      {
        purpose: "inspect",
        text: {
          en: "What differs, and what the proxy said when it refused.",
          "zh-CN": "看看差在哪里，以及代理拒绝时说了什么。",
        },
        command: `${shellCommand("istioctl", "proxy-status", place)} && ${shellCommand("kubectl", "logs", name, "--namespace", owner.namespace ?? "", "--container", "istio-proxy")} | grep -iE 'warning|rejected' | tail`,
      },
      {
        purpose: "fix",
        text: {
          en: "A rejected update names the object that is wrong; mend it. Without a rejection the connection hangs: restart that pod.",
          "zh-CN": "被拒绝的更新会指出出错的对象，改好它。如果没有拒绝，就是连接卡住了：重启这个 Pod。",
        },
      },
    ],
  };
}

function unconnected({ owner, pods }: Group): Finding {
  return {
    verdict: "fail",
    code: "proxy-not-connected",
    subject: owner,
    affected: affectedPods(pods),
    message: {
      en: `${pods.length === 1 ? "A ready pod has a proxy" : `${pods.length} ready pods have proxies`} that no istiod knows: no change and no new endpoint reaches ${pods.length === 1 ? "it" : "them"}.`,
      "zh-CN": `${pods.length} 个就绪的 Pod 带有代理，但没有任何 istiod 认识：配置变更和新端点都到不了它们。`,
    },
    observed: { en: "absent from every istiod's list", "zh-CN": "不在任何 istiod 的列表里" },
    expected: { en: "connected to one istiod", "zh-CN": "与一个 istiod 相连" },
    remedy: [
      {
        purpose: "inspect",
        text: {
          en: "The proxy says why it cannot connect: name, network policy, token or certificate.",
          "zh-CN": "代理日志会说明连不上的原因：名字解析、网络策略、令牌或证书。",
        },
        command: shellCommand(
          ...["kubectl", "logs", pods[0]?.name ?? "", "--namespace", owner.namespace ?? ""],
          ...["--container", "istio-proxy", "--tail", "50"],
        ),
      },
    ],
  };
}

function refused(answers: readonly IstiodAnswer[]): Finding {
  const namespace = answers.map((one) => one.namespace).sort(compare)[0] ?? "";
  const codes = [...new Set(answers.map(({ status }) => status))].join(", ");
  return {
    verdict: "unknown",
    code: "istiod-refuses",
    subject: { kind: "Service", namespace, name: "istiod" },
    message: {
      en: `istiod answered ${codes} to /debug/syncz: since 1.27 it wants a token there. Whether proxies are in sync is not known.`,
      "zh-CN": `istiod 对 /debug/syncz 返回 ${codes}：1.27 起这里需要令牌。无法判断代理是否同步。`,
    },
    observed: codes,
    remedy: [
      {
        purpose: "inspect",
        text: { en: "istioctl signs in for this.", "zh-CN": "istioctl 会自己带上凭据。" },
        command: "istioctl proxy-status",
      },
    ],
  };
}

/** What nobody told of is not known, however sound the configuration is. */
function notRead(
  proxies: number,
  { answered, istiods }: { answered: number; istiods: readonly SyncPod[] },
): Finding {
  const namespace = istiods.map((one) => one.namespace).sort(compare)[0] ?? "istio-system";
  const counted =
    istiods.length === 0
      ? { en: "no istiod runs in this cluster", "zh-CN": "这个集群里没有运行 istiod" }
      : {
          en: `${answered} of ${istiods.length} istiods could be asked`,
          "zh-CN": `${istiods.length} 个 istiod 中只问到了 ${answered} 个`,
        };
  return {
    verdict: "unknown",
    code: "sync-not-read",
    subject: { kind: "Service", namespace, name: "istiod" },
    message: {
      en: `Whether ${proxies === 1 ? "1 proxy works" : `${proxies} proxies work`} with the newest configuration is not known: ${counted.en}.`,
      "zh-CN": `无法判断 ${proxies} 个代理用的是不是最新配置：${counted["zh-CN"]}。`,
    },
    observed: counted,
    expected: { en: "every istiod answers", "zh-CN": "每个 istiod 都应答" },
    remedy: [
      {
        purpose: "inspect",
        text: {
          en: "istioctl asks for it with your own rights. For this check it takes the right to pods/proxy in istiod's namespace, which is a strong one.",
          "zh-CN":
            "istioctl 用你自己的权限去问。这个检查则需要 istiod 所在命名空间的 pods/proxy 权限，这项权限很大。",
        },
        command: "istioctl proxy-status",
      },
    ],
  };
}

export type SyncView = {
  /** none: they could not be taken */
  samples: readonly IstiodAnswer[][];
  pods: readonly SyncPod[];
  ownerOf: Owners;
};

/** A push under way looks stale for a moment: what counts is being behind twice. */
export function syncFindings({ samples, pods, ownerOf }: SyncView): Finding[] {
  const [first = [], last = first] = samples;
  const proxies = pods.filter(({ istiod }) => !istiod);
  const istiods = pods.filter(({ istiod }) => istiod);
  if (last.length === 0) return proxies.length > 0 ? [notRead(proxies.length, { answered: 0, istiods })] : [];
  if (last.every(({ status }) => status !== 200)) return [refused(last)];
  const keyOf = (one: { namespace: string; pod: string }) => `${one.namespace}/${one.pod}`;
  const before = new Map(first.flatMap(({ proxies }) => proxies.map((one) => [keyOf(one), one.behind])));
  const now = new Map(last.flatMap(({ proxies }) => proxies.map((one) => [keyOf(one), one.behind])));
  const keyed = proxies.map((pod) => ({ pod, key: `${pod.namespace}/${pod.name}` }));
  const late = keyed.flatMap(({ pod, key }) => {
    const behind = (now.get(key) ?? []).filter((one) => before.get(key)?.includes(one));
    return behind.length > 0 ? [{ pod, behind }] : [];
  });
  // One istiod that did not answer may be the one that knows the rest.
  const answered = last.filter(({ status }) => status === 200).length;
  const heard = answered >= istiods.length && answered === last.length;
  const missing = keyed.filter(({ key }) => !now.has(key) && !before.has(key));
  const absent = heard ? missing : [];
  return [
    ...grouped(late, ownerOf).map(stale),
    ...grouped(
      absent.map(({ pod }) => ({ pod, behind: [] })),
      ownerOf,
    ).map(unconnected),
    ...(missing.length > absent.length ? [notRead(missing.length, { answered, istiods })] : []),
  ];
}
