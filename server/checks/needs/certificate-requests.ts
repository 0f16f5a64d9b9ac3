import type { CertificateSigningRequest } from "kubernetes-types/certificates/v1.d.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { summariseBase64 } from "./certificate-summary.ts";
import { compare } from "./owners.ts";

/** Requests for certificates that a signer owes an answer, and when those it gave end. */
export type CertificateRequest = {
  name: string;
  signer: string;
  from: string;
  createdAt: string;
  state: "pending" | "denied" | "failed" | "approved" | "issued";
  /** why it failed, in the signer's words */
  detail?: string;
  notAfter?: string;
};

export const kubeletClientSigner = "kubernetes.io/kube-apiserver-client-kubelet";
export const kubeletServingSigner = "kubernetes.io/kubelet-serving";

export function pickCertificateRequest(request: CertificateSigningRequest): CertificateRequest {
  const { metadata, spec, status } = request;
  const failed = status?.conditions?.find(({ type }) => type === "Failed");
  const has = (type: string) => (status?.conditions ?? []).some((each) => each.type === type);
  const issued = status?.certificate ? summariseBase64(status.certificate).certificates[0] : undefined;
  return {
    name: metadata?.name ?? "",
    signer: spec?.signerName ?? "",
    from: spec?.username ?? "",
    createdAt: metadata?.creationTimestamp ?? "",
    state: failed
      ? "failed"
      : has("Denied")
        ? "denied"
        : issued
          ? "issued"
          : has("Approved")
            ? "approved"
            : "pending",
    ...(failed && { detail: failed.message ?? failed.reason ?? "" }),
    ...(issued && { notAfter: issued.notAfter }),
  };
}

type Trouble = "csr-pending" | "csr-not-issued" | "csr-failed" | "csr-denied";

/** What keeps a request from its certificate; a denial is somebody's decision, except where a kubelet asks. */
function troubleOf(request: CertificateRequest, now: Date, pendingMinutes: number): Trouble | undefined {
  const ageMinutes = (now.getTime() - Date.parse(request.createdAt)) / 60_000;
  if (request.state === "failed") return "csr-failed";
  if (request.state === "denied") return isKubelets(request.signer) ? "csr-denied" : undefined;
  // A request without a time is one that cannot be called late.
  if (!(ageMinutes > pendingMinutes)) return undefined;
  if (request.state === "approved") return "csr-not-issued";
  return request.state === "pending" ? "csr-pending" : undefined;
}

function isKubelets(signer: string): boolean {
  return signer === kubeletClientSigner || signer === kubeletServingSigner;
}

/** One finding per signer and kind of trouble: the signer, or who approves for it, is what has to be looked at. */
export function requestFindings(
  requests: CertificateRequest[],
  now: Date,
  pendingMinutes: number,
): Finding[] {
  const groups = new Map<string, { trouble: Trouble; signer: string; requests: CertificateRequest[] }>();
  for (const request of requests) {
    const trouble = troubleOf(request, now, pendingMinutes);
    if (!trouble) continue;
    const key = `${request.signer} ${trouble}`;
    const group = groups.get(key) ?? { trouble, signer: request.signer, requests: [] };
    group.requests.push(request);
    groups.set(key, group);
  }
  return [...groups.values()].map(finding);
}

function finding(group: { trouble: Trouble; signer: string; requests: CertificateRequest[] }): Finding {
  const { trouble, signer } = group;
  const requests = group.requests.toSorted((a, b) => compare(a.name, b.name));
  const first = requests[0];
  const names = requests.map(({ name }): Subject => ({ kind: "CertificateSigningRequest", name }));
  const serving = trouble === "csr-pending" && signer !== kubeletClientSigner;
  return {
    verdict: serving || trouble === "csr-denied" ? "warn" : "fail",
    code: trouble,
    subject: { kind: "Signer", name: signer },
    affected: { count: names.length, sample: names.slice(0, 50) },
    message: message(trouble, signer, requests),
    observed: counted(trouble, requests.length),
    expected: "0",
    evidence: requests.slice(0, 5).map(({ name, from, createdAt, detail }) => ({
      source: `certificatesigningrequests/${name}`,
      excerpt: {
        en: `asked by ${from} at ${createdAt}${detail ? `: ${detail}` : ""}`,
        "zh-CN": `${from} 于 ${createdAt} 提出${detail ? `：${detail}` : ""}`,
      },
    })),
    remedy: remedy(trouble, first?.name ?? ""),
  };
}

function counted(trouble: Trouble, count: number): Text {
  const words: Record<Trouble, Text> = {
    "csr-pending": { en: `${count} pending`, "zh-CN": `${count} 个待批准` },
    "csr-not-issued": { en: `${count} not issued`, "zh-CN": `${count} 个批准后没有签发` },
    "csr-failed": { en: `${count} failed`, "zh-CN": `${count} 个签发失败` },
    "csr-denied": { en: `${count} denied`, "zh-CN": `${count} 个被拒绝` },
  };
  return words[trouble];
}

function message(trouble: Trouble, signer: string, requests: CertificateRequest[]): Text {
  const one = requests.length === 1;
  const count = {
    en: one ? "1 request" : `${requests.length} requests`,
    "zh-CN": `${requests.length} 个请求`,
  };
  switch (trouble) {
    case "csr-pending":
      return signer === kubeletServingSigner
        ? {
            en: `${count.en} for a kubelet's serving certificate ${one ? "waits" : "wait"} for approval. Nothing approves these by itself: until somebody does, these kubelets serve an old certificate, or none, and logs and exec fail.`,
            "zh-CN": `${count["zh-CN"]}在等待批准 kubelet 的服务证书。这类请求不会自动批准：在有人批准之前，这些 kubelet 只能用旧证书，或者根本没有证书，日志和 exec 会失败。`,
          }
        : {
            en: `${count.en} to the signer ${signer} ${one ? "waits" : "wait"} for approval.`,
            "zh-CN": `${count["zh-CN"]}在等待批准，签发者是 ${signer}。`,
          };
    case "csr-not-issued":
      return {
        en: `${count.en} to ${signer} ${one ? "was" : "were"} approved and got no certificate: the signer is not running, or does not sign what was asked.`,
        "zh-CN": `发给 ${signer} 的 ${count["zh-CN"]}已批准，却没有签发证书：签发者没有运行，或拒绝签发所请求的内容。`,
      };
    case "csr-failed":
      return {
        en: `${signer} could not sign ${count.en}.`,
        "zh-CN": `${signer} 无法为 ${count["zh-CN"]}签发证书。`,
      };
    case "csr-denied":
      return {
        en: `${count.en} of kubelets to ${signer} ${one ? "was" : "were"} denied: ${one ? "this node" : "these nodes"} will be without a certificate when the present one ends.`,
        "zh-CN": `kubelet 发给 ${signer} 的 ${count["zh-CN"]}被拒绝：现有证书到期后，这些节点就没有证书可用了。`,
      };
  }
}

function remedy(trouble: Trouble, name: string): RemedyStep[] {
  const steps: RemedyStep[] = [
    {
      purpose: "inspect",
      text: {
        en: "Read who asks, for which names, and what the signer says.",
        "zh-CN": "看清楚是谁在请求、请求了哪些名称，以及签发者怎么说。",
      },
      command: shellCommand("kubectl", "describe", "certificatesigningrequest", name),
    },
  ];
  if (trouble === "csr-pending")
    steps.push({
      purpose: "fix",
      text: {
        en: "Approve it only if the user and the names belong together: a serving certificate of node X is asked for by system:node:X, for the addresses of X.",
        "zh-CN":
          "只有当用户和名称对得上时才批准：节点 X 的服务证书应由 system:node:X 请求，且只包含 X 自己的地址。",
      },
      command: shellCommand("kubectl", "certificate", "approve", name),
    });
  if (trouble === "csr-not-issued" || trouble === "csr-failed")
    steps.push({
      purpose: "inspect",
      text: {
        en: "The signers whose names begin with kubernetes.io/ are part of the controller manager: read its log.",
        "zh-CN": "名称以 kubernetes.io/ 开头的签发者都在 controller-manager 里：查看它的日志。",
      },
      command:
        "kubectl logs --namespace kube-system --selector component=kube-controller-manager --tail 200 | grep -i certificate",
    });
  steps.push({
    purpose: "verify",
    text: { en: "The request shows Approved,Issued.", "zh-CN": "请求显示 Approved,Issued。" },
    command: shellCommand("kubectl", "get", "certificatesigningrequest", name),
  });
  return steps;
}
