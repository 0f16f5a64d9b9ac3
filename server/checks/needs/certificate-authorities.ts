import type { ConfigMap } from "kubernetes-types/core/v1.d.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, Subject } from "#common/result.ts";
import type { Seen } from "./certificate-map.ts";
import { validUntil } from "./certificate-seen.ts";
import {
  type BundleSummary,
  type ExpiryLimits,
  expiryOf,
  expiryWords,
  latestOf,
  summarisePem,
} from "./certificate-summary.ts";
import { compare } from "./owners.ts";

/** The authorities that a cluster publishes: its root, in every namespace, and those of its front proxy. */

export const rootName = "kube-root-ca.crt";
const home = "kube-system";

/** Of the copies only fingerprints are kept: they are compared, the original is dated. */
export type RootCopy = { namespace: string; sha256: string[]; bundle?: BundleSummary };

export function pickRootCopy({ metadata, data }: ConfigMap): RootCopy | undefined {
  if (metadata?.name !== rootName) return undefined;
  const bundle = summarisePem(data?.["ca.crt"] ?? "");
  const sha256 = bundle.certificates.map((each) => each.sha256).toSorted();
  const namespace = metadata.namespace ?? "";
  return { namespace, sha256, ...(namespace === home && { bundle }) };
}

export type ClientAuthorities = { clients: BundleSummary; frontProxy: BundleSummary };

export function pickClientAuthorities({ data }: ConfigMap): ClientAuthorities {
  return {
    clients: summarisePem(data?.["client-ca-file"] ?? ""),
    frontProxy: summarisePem(data?.["requestheader-client-ca-file"] ?? ""),
  };
}

const rootSubject: Subject = { kind: "ConfigMap", namespace: home, name: rootName };
const clientSubject: Subject = {
  kind: "ConfigMap",
  namespace: home,
  name: "extension-apiserver-authentication",
};

export function rootFindings(copies: RootCopy[], now: Date, limits: ExpiryLimits): Finding[] {
  const original = copies.find(({ namespace }) => namespace === home);
  if (!original?.bundle) return [];
  const same = (copy: RootCopy) => copy.sha256.join() === original.sha256.join();
  const different = copies
    .filter((copy) => !same(copy))
    .toSorted((a, b) => compare(a.namespace, b.namespace));
  return [
    ...authorityFinding(rootSubject, "cluster-ca", original.bundle, now, limits),
    ...(different.length > 0 ? [copiesDiffer(different)] : []),
  ];
}

function copiesDiffer(different: RootCopy[]): Finding {
  const names = different.map(({ namespace }) => namespace);
  const some = names.slice(0, 5).join(", ");
  return {
    verdict: "warn",
    code: "root-ca-differs",
    subject: rootSubject,
    affected: {
      count: names.length,
      sample: names.slice(0, 50).map((namespace) => ({ kind: "ConfigMap", namespace, name: rootName })),
    },
    message: {
      en: `${names.length === 1 ? "1 namespace has" : `${names.length} namespaces have`} another ${rootName} than ${home} (${some}): pods there may not trust the API server.`,
      "zh-CN": `${names.length} 个命名空间里的 ${rootName} 与 ${home} 中的不同（${some}）：那里的 Pod 可能不信任 API 服务器。`,
    },
    observed: { en: `${names.length} that differ`, "zh-CN": `${names.length} 处不同` },
    expected: { en: "the same certificates everywhere", "zh-CN": "各处的证书相同" },
    remedy: [
      {
        purpose: "fix",
        text: {
          en: "Delete the copy: the controller manager writes it anew at once.",
          "zh-CN": "删除这份副本：controller-manager 会立即重新写入。",
        },
        command: shellCommand("kubectl", "delete", "configmap", rootName, "--namespace", names[0] ?? ""),
      },
      {
        purpose: "verify",
        text: { en: "The new copy is there and the same.", "zh-CN": "新副本已生成且内容一致。" },
        command: `kubectl get configmap ${rootName} --namespace ${home} --output jsonpath='{.data.ca\\.crt}' | sha256sum; ${shellCommand("kubectl", "get", "configmap", rootName, "--namespace", names[0] ?? "")} --output jsonpath='{.data.ca\\.crt}' | sha256sum`,
      },
    ],
  };
}

export function clientAuthorityFindings(of: ClientAuthorities, now: Date, limits: ExpiryLimits): Finding[] {
  return [
    ...authorityFinding({ ...clientSubject, part: "client-ca-file" }, "client-ca", of.clients, now, limits),
    ...authorityFinding(
      { ...clientSubject, part: "requestheader-client-ca-file" },
      "front-proxy-ca",
      of.frontProxy,
      now,
      limits,
    ),
  ];
}

/** During a rotation old and new stand side by side: what counts is the one that ends last. */
function authorityFinding(
  subject: Subject,
  name: string,
  bundle: BundleSummary,
  now: Date,
  limits: ExpiryLimits,
): Finding[] {
  const latest = latestOf(bundle);
  if (!latest) return [];
  const expiry = expiryOf(latest, now, limits);
  if (expiry.verdict === "pass") return [];
  const words = expiryWords(expiry);
  return [
    {
      verdict: expiry.verdict,
      code: `${name}-${expiry.code}`,
      subject,
      message: {
        en: `The authority "${latest.label}" ${words.en}, and with it every certificate it has signed.`,
        "zh-CN": `CA“${latest.label}”${words["zh-CN"]}，它签发的所有证书也随之失效。`,
      },
      observed: latest.notAfter,
      expected: { en: `more than ${limits.warnDays} days left`, "zh-CN": `剩余超过 ${limits.warnDays} 天` },
      remedy: [
        {
          purpose: "fix",
          text: {
            en: "Rotate it in two rounds: first let everybody trust old and new, then issue the certificates anew, then drop the old one. Plan days for it.",
            "zh-CN":
              "分两轮轮换：先让所有组件同时信任新旧 CA，再重新签发证书，最后移除旧 CA。请预留几天时间。",
          },
        },
      ],
    },
  ];
}

export function seenAuthority(
  bundle: BundleSummary | undefined,
  now: Date,
  limits: ExpiryLimits,
): Seen | undefined {
  const latest = bundle && latestOf(bundle);
  return latest && validUntil(latest, now, limits);
}
