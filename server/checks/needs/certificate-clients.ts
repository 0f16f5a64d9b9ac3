import type { Finding, Subject } from "#common/result.ts";
import { kubeletClientSigner, kubeletServingSigner } from "./certificate-requests.ts";
import type { ExpiryLimits } from "./certificate-summary.ts";
import { compare } from "./owners.ts";

/** What the API server and the kubelets say of the certificates they meet or hold, where one may ask them. */

export const clientMetric = "apiserver_client_certificate_expiration_seconds_bucket{";
/** requests by the remaining life of the certificate they came with: cumulative, by upper bound in seconds */
type Buckets = Record<string, number>;

export function parseClientBuckets({ text }: { text: string }): Buckets {
  const buckets: Buckets = {};
  for (const line of text.split("\n")) {
    const [, bound, count] = /le="([^"]+)"\} ([\d.e+]+)/.exec(line) ?? [];
    if (bound !== undefined && count !== undefined) buckets[bound] = (buckets[bound] ?? 0) + Number(count);
  }
  return buckets;
}

export type ClientsSeen = { requests: number; withinFail: number; withinWarn: number };

/** Between two readings: how many requests came with a certificate, and how many with one that ends soon. */
export function clientsBetween(before: Buckets, after: Buckets, limits: ExpiryLimits): ClientsSeen {
  const risen = (bound: string) => Math.max(0, (after[bound] ?? 0) - (before[bound] ?? 0));
  const within = (days: number) => {
    const bounds = Object.keys(after).filter((bound) => Number(bound) <= days * 86_400);
    const [largest] = bounds.toSorted((a, b) => Number(b) - Number(a));
    return largest === undefined ? 0 : risen(largest);
  };
  return {
    requests: risen("+Inf"),
    withinFail: within(limits.failDays),
    withinWarn: within(limits.warnDays),
  };
}

export function clientsFinding(seen: ClientsSeen, subject: Subject, limits: ExpiryLimits): Finding[] {
  if (seen.withinWarn === 0) return [];
  const [verdict, days, count] =
    seen.withinFail > 0
      ? (["fail", limits.failDays, seen.withinFail] as const)
      : (["warn", limits.warnDays, seen.withinWarn] as const);
  return [
    {
      verdict,
      code: "client-certificate-expires-soon",
      subject,
      message: {
        en: `${count} of ${seen.requests} requests came with a client certificate that ends within ${days} days: the controller manager's, the scheduler's, a kubelet's or an administrator's.`,
        "zh-CN": `${seen.requests} 个请求中有 ${count} 个使用的客户端证书将在 ${days} 天内到期：可能属于 controller-manager、scheduler、某个 kubelet 或管理员。`,
      },
      observed: { en: `${count} requests`, "zh-CN": `${count} 个请求` },
      expected: "0",
      remedy: [
        {
          purpose: "inspect",
          text: {
            en: "On each control plane node, read the ends of the certificates in the kubeconfigs.",
            "zh-CN": "在每个控制面节点上查看各 kubeconfig 中证书的到期时间。",
          },
          command: "sudo kubeadm certs check-expiration",
        },
        {
          purpose: "fix",
          text: {
            en: "Renew them there, then restart the static pods of the control plane one after the other.",
            "zh-CN": "在该节点上续期，然后逐个重启控制面的静态 Pod。",
          },
          command: "sudo kubeadm certs renew all",
        },
      ],
    },
  ];
}

export const kubeletMetrics = [
  "kubelet_certificate_manager_client_ttl_seconds",
  "kubelet_certificate_manager_server_ttl_seconds",
];
/** null where it uses none, or does not say */
export type KubeletLife = { node: string; clientDays: number | null; servingDays: number | null };

export function parseKubeletLives(answers: { node: string; text: string }[]): KubeletLife[] {
  const days = (text: string, name: string) => {
    const value = Number(new RegExp(`^${name} (\\S+)`, "m").exec(text)?.[1]?.replace("+Inf", "Infinity"));
    return Number.isFinite(value) ? Math.floor(value / 86_400) : null;
  };
  return answers.map(({ node, text }) => ({
    node,
    clientDays: days(text, "kubelet_certificate_manager_client_ttl_seconds"),
    servingDays: days(text, "kubelet_certificate_manager_server_ttl_seconds"),
  }));
}

export function kubeletFindings(lives: KubeletLife[], limits: ExpiryLimits): Finding[] {
  return [...lateKubelets(lives, "client", limits), ...lateKubelets(lives, "serving", limits)];
}

/** Kubelets renew by themselves long before the end: one that is late has a rotation that does not work. */
function lateKubelets(lives: KubeletLife[], which: "client" | "serving", limits: ExpiryLimits): Finding[] {
  const left = (life: KubeletLife) => (which === "client" ? life.clientDays : life.servingDays);
  const late = lives.filter((life) => (left(life) ?? Number.POSITIVE_INFINITY) <= limits.warnDays);
  if (late.length === 0) return [];
  late.sort((a, b) => (left(a) ?? 0) - (left(b) ?? 0) || compare(a.node, b.node));
  const least = left(late[0] ?? { node: "", clientDays: 0, servingDays: 0 }) ?? 0;
  const names = late.slice(0, 5).map(({ node }) => node);
  const when =
    least < 0
      ? { en: "has ended already", "zh-CN": "已经到期" }
      : { en: `ends in ${least} days`, "zh-CN": `还有 ${least} 天到期` };
  return [
    {
      verdict: least <= limits.failDays ? "fail" : "warn",
      code: `kubelet-${which}-expires-soon`,
      subject: { kind: "Signer", name: which === "client" ? kubeletClientSigner : kubeletServingSigner },
      affected: {
        count: late.length,
        sample: late.slice(0, 50).map(({ node }) => ({ kind: "Node", name: node })),
      },
      message: {
        en: `The ${which} certificate of ${late.length} kubelets (${names.join(", ")}) was not renewed; the first ${when.en}.`,
        "zh-CN": `${late.length} 个 kubelet（${names.join("、")}）的${which === "client" ? "客户端" : "服务"}证书没有续期，最早的一个${when["zh-CN"]}。`,
      },
      observed: { en: `${least} days`, "zh-CN": `${least} 天` },
      expected: { en: `more than ${limits.warnDays} days`, "zh-CN": `超过 ${limits.warnDays} 天` },
      remedy: [
        {
          purpose: "inspect",
          text: {
            en: "On such a node: does the kubelet rotate, and what does its log say?",
            "zh-CN": "在这些节点上查看：kubelet 是否开启轮换，日志怎么说？",
          },
          command:
            "sudo grep -E 'rotateCertificates|serverTLSBootstrap' /var/lib/kubelet/config.yaml; sudo journalctl --unit kubelet --since '-1h' | grep -i certificate",
        },
        {
          purpose: "inspect",
          text: {
            en: "Requests that wait for approval are the most common reason.",
            "zh-CN": "最常见的原因是请求在等待批准。",
          },
          command: "kubectl get certificatesigningrequests --sort-by .metadata.creationTimestamp",
        },
      ],
    },
  ];
}
