import { z } from "zod";
import type { Finding, Subject } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import {
  clientAuthorityFindings,
  pickClientAuthorities,
  pickRootCopy,
  rootFindings,
  rootName,
  seenAuthority,
} from "../needs/certificate-authorities.ts";
import {
  bundleFindings,
  type CaBundle,
  pickApiServiceBundle,
  pickConversionBundle,
  pickWebhookBundles,
} from "../needs/certificate-bundles.ts";
import {
  clientMetric,
  clientsBetween,
  clientsFinding,
  kubeletFindings,
  kubeletMetrics,
  parseClientBuckets,
  parseKubeletLives,
} from "../needs/certificate-clients.ts";
import { certificateMap, type Seen } from "../needs/certificate-map.ts";
import { expiryParams } from "../needs/certificate-params.ts";
import { pickCertificateRequest, requestFindings } from "../needs/certificate-requests.ts";
import { credentialFindings, servingFindings, servingOf } from "../needs/certificate-server.ts";
import { type ExpiryLimits, expiryOf } from "../needs/certificate-summary.ts";
import { apiUses } from "../needs/certificate-uses.ts";
import { sampled } from "../needs/host.ts";
import { issuerFindings, parseIssuer, parseKeyCount } from "../needs/issuer.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { isUnread, optional, type Unread } from "../needs/need.ts";
import { notReadFinding } from "../needs/not-read.ts";
import { param } from "../needs/param.ts";
import { tls } from "../needs/tls.ts";

const params = z.object({
  ...expiryParams,
  caWarnDays: param(z.number().int().min(0).max(3650).default(180), {
    label: { en: "Warn of an authority within", "zh-CN": "CA 剩余天数不足时警告" },
    help: {
      en: "Replacing an authority takes weeks, so it is told of earlier. It fails at the days of an ordinary warning.",
      "zh-CN": "更换 CA 需要数周，因此要更早提醒；到普通证书的警告天数时判为失败。",
    },
    unit: "d",
  }),
  pendingMinutes: param(z.number().int().min(1).max(10_080).default(15), {
    label: { en: "A certificate request may wait", "zh-CN": "证书请求允许等待" },
    unit: "min",
  }),
  windowSeconds: param(z.number().int().min(5).max(60).default(15), {
    label: { en: "Watch client certificates for", "zh-CN": "观察客户端证书的时长" },
    help: { en: "Only where /metrics may be read.", "zh-CN": "仅在允许读取 /metrics 时有效。" },
    unit: "s",
  }),
});

/** A caBundle list that is not served is no gap; one that may not be read is. */
const called = ["mutating", "validating", "apiServices", "definitions"] as const;

/**
 * Subjects and codes:
 * - endpoint, the API server: api-server-expired, -not-yet-valid, -not-trusted (fail), -expires-soon (warn, fail);
 *   client-certificate-expires-soon (warn, fail) of whoever signs in meanwhile; with part "ServiceAccount issuer"
 *   issuer-without-keys (fail).
 * - User, this credential: credential-expired (fail), credential-expires-soon (warn, fail).
 * - Signer: csr-pending (warn; fail for kubelets' client certificates), csr-not-issued, csr-failed (fail), csr-denied
 *   (warn), kubelet-client-expires-soon, kubelet-serving-expires-soon (warn, fail); affected: requests or Nodes.
 * - ConfigMap kube-root-ca.crt: cluster-ca-expired, -expires-soon; root-ca-differs (warn; affected: the other copies).
 * - ConfigMap extension-apiserver-authentication, part: its key: client-ca-…, front-proxy-ca-….
 * - webhook configurations, APIService, CustomResourceDefinition: bundle-expired, bundle-unreadable (fail),
 *   bundle-expires-soon (warn, fail).
 * - Cluster, part: what: not-read (unknown), where the credential may not look.
 */
export const check = defineCheck({
  id: "kubernetes/cluster-certificates",
  version: 1,
  title: { en: "The cluster's certificates, use by use", "zh-CN": "逐项检查集群证书" },
  why: {
    en: "A control plane holds a dozen certificates, and one that has ended stops it: nodes go NotReady, webhooks refuse every pod, and nobody can sign in to mend it. Most of them end on the anniversary of the installation.",
    "zh-CN":
      "控制面要用到十几张证书，任何一张到期都会出事：节点 NotReady、webhook 拒绝所有 Pod，甚至没人能登录去修。它们大多在安装的周年日到期。",
  },
  remedy: {
    en: "Renew what ends, approve or mend requests that wait, and give webhooks an authority that is alive. What is not visible here is visible on the hosts.",
    "zh-CN":
      "续期即将到期的证书，批准或修复等待中的请求，给 webhook 换上有效的 CA。这里看不到的，到主机上看。",
  },
  params,
  needs: ({ windowSeconds }) => ({
    handshake: tls.handshake(null),
    identity: kubernetes.identity({}),
    roots: kubernetes.list(kinds.ConfigMap, pickRootCopy, { fieldSelector: `metadata.name=${rootName}` }),
    requests: optional(kubernetes.list(kinds.CertificateSigningRequest, pickCertificateRequest)),
    mutating: optional(
      kubernetes.list(kinds.MutatingWebhookConfiguration, pickWebhookBundles("MutatingWebhookConfiguration")),
    ),
    validating: optional(
      kubernetes.list(
        kinds.ValidatingWebhookConfiguration,
        pickWebhookBundles("ValidatingWebhookConfiguration"),
      ),
    ),
    apiServices: optional(kubernetes.list(kinds.APIService, pickApiServiceBundle)),
    definitions: optional(kubernetes.list(kinds.CustomResourceDefinition, pickConversionBundle)),
    authorities: optional(
      kubernetes.get(
        kinds.ConfigMap,
        { namespace: "kube-system", name: "extension-apiserver-authentication" },
        pickClientAuthorities,
      ),
    ),
    kubeProxy: optional(
      kubernetes.get(kinds.ConfigMap, { namespace: "kube-system", name: "kube-proxy" }, ({ data }) =>
        /^\s*(client-certificate|client-certificate-data):/m.test(data?.["kubeconfig.conf"] ?? "")
          ? ("certificate" as const)
          : ("token" as const),
      ),
    ),
    issuer: optional(kubernetes.raw({ path: "/.well-known/openid-configuration" }, parseIssuer)),
    keys: optional(kubernetes.raw({ path: "/openid/v1/jwks" }, parseKeyCount)),
    clients: optional(
      sampled(
        kubernetes.raw({ path: "/metrics", keepLines: [clientMetric] }, parseClientBuckets),
        windowSeconds * 1_000,
      ),
    ),
    kubelets: optional(kubernetes.nodes({ path: "metrics", keepLines: kubeletMetrics }, parseKubeletLives)),
  }),
  judge: (facts, { warnDays, failDays, caWarnDays, pendingMinutes }, { observedAt: now }) => {
    const limits = { warnDays, failDays };
    const caLimits = { warnDays: caWarnDays, failDays: warnDays };
    const { handshake, identity, roots, requests, authorities, kubeProxy, kubelets } = facts;
    const serving = servingOf(handshake);
    const endpoint: Subject = { kind: "endpoint", name: handshake.endpoint };
    const clients = isUnread(facts.clients)
      ? facts.clients
      : clientsBetween(facts.clients[0].value, facts.clients[1].value, limits);
    const bundles = called.flatMap((name) => listed(facts[name]).flat());
    const published = isUnread(facts.keys) ? facts.keys : { issuer: "", keys: facts.keys };
    const findings: Finding[] = [
      ...(serving ? servingFindings(handshake, serving, now, limits) : []),
      ...credentialFindings(identity, now, limits),
      ...rootFindings(roots, now, caLimits),
      ...(authorities && !isUnread(authorities) ? clientAuthorityFindings(authorities, now, caLimits) : []),
      ...requestFindings(listed(requests), now, pendingMinutes),
      ...bundleFindings(bundles, now, limits),
      ...(isUnread(clients) ? [] : clientsFinding(clients, endpoint, limits)),
      ...(isUnread(kubelets) ? [] : kubeletFindings(kubelets, limits)),
      ...issuerFindings(facts.issuer, facts.keys, endpoint),
      ...(["requests", ...called] as const).flatMap((name) => notReadFinding(name, facts[name])),
    ];
    if (!serving) return { findings: [...findings, unreadableServing(endpoint)] };
    const uses = apiUses({
      ...{ serving, clients, kubeProxy, kubelets, requests, identity, issuer: published, now, limits },
    });
    const root = roots.find(({ bundle }) => bundle)?.bundle;
    const front = authorities && !isUnread(authorities) ? authorities.frontProxy : undefined;
    const picture = certificateMap(
      uses,
      {
        cluster: seenAuthority(root, now, caLimits),
        frontProxy: seenAuthority(front, now, caLimits),
        called: calledSeen(bundles, now, limits),
      },
      { en: "Who shows which certificate to whom", "zh-CN": "谁向谁出示哪张证书" },
    );
    const seen = Object.values(uses).filter(({ verdict }) => verdict !== "unknown").length;
    return {
      findings,
      pictures: [picture],
      measurements: [
        { name: "uses-visible", value: seen, unit: "{uses}" },
        {
          name: "api-server-days-left",
          value: expiryOf(serving, now, limits).daysLeft,
          unit: "d",
          warn: { below: warnDays },
          fail: { below: failDays },
        },
      ],
    };
  },
});

function listed<T>(list: T[] | Unread): T[] {
  return isUnread(list) ? [] : list;
}

function calledSeen(bundles: CaBundle[], now: Date, limits: ExpiryLimits): Seen | undefined {
  if (bundles.length === 0) return undefined;
  const wrong = bundleFindings(bundles, now, limits);
  if (wrong.length === 0)
    return {
      verdict: "pass",
      said: { en: `${bundles.length} bundles in order`, "zh-CN": `${bundles.length} 个 caBundle 正常` },
    };
  return {
    verdict: wrong.some(({ verdict }) => verdict === "fail") ? "fail" : "warn",
    said: { en: `${wrong.length} with a bundle that ends`, "zh-CN": `${wrong.length} 处的 caBundle 有问题` },
  };
}

function unreadableServing(subject: Subject): Finding {
  return {
    verdict: "fail",
    code: "api-server-unreadable",
    subject,
    message: {
      en: "The API server sent no certificate that can be read.",
      "zh-CN": "API 服务器没有发送可以解析的证书。",
    },
  };
}
