import type { Reason } from "#common/result.ts";
import type { ClientsSeen, KubeletLife } from "./certificate-clients.ts";
import { type CertificateUses, notVisible, type Seen } from "./certificate-map.ts";
import {
  type CertificateRequest,
  kubeletClientSigner,
  kubeletServingSigner,
} from "./certificate-requests.ts";
import { validUntil } from "./certificate-seen.ts";
import type { CertificateSummary, ExpiryLimits } from "./certificate-summary.ts";
import { isUnread, type Unread } from "./need.ts";

/** What the Kubernetes API lets one say of each of the twelve uses; what it hides is not called good. */

export type ApiSight = {
  serving: CertificateSummary;
  clients: ClientsSeen | Unread;
  /** how kube-proxy signs in; null: it has no configuration of its own here */
  kubeProxy: "token" | "certificate" | null | Unread;
  kubelets: KubeletLife[] | Unread;
  requests: CertificateRequest[] | Unread;
  identity: { method: "token" | "client-certificate"; expiresAt: string | null };
  issuer: Issuer | Unread;
  now: Date;
  limits: ExpiryLimits;
};
export type Issuer = { issuer: string; keys: number };

export function apiUses(sight: ApiSight): CertificateUses {
  const { serving, now, limits } = sight;
  const client = clientSeen(sight.clients);
  return {
    1: onHost("etcd"),
    2: onHost("etcd"),
    3: onHost("the control plane"),
    4: validUntil(serving, now, limits),
    5: client,
    6: client,
    7: kubeProxySeen(sight.kubeProxy, client),
    8: kubeletSeen(sight, "client", client),
    9: credentialSeen(sight),
    10: kubeletSeen(sight, "serving"),
    11: isUnread(sight.kubelets)
      ? onHost("the control plane")
      : notVisible(
          `accepted by ${sight.kubelets.length} kubelets just now; its end is on the host`,
          `刚刚被 ${sight.kubelets.length} 个 kubelet 接受；到期时间只在主机上可见`,
        ),
    12: issuerSeen(sight.issuer),
  };
}

function onHost(where: "etcd" | "the control plane"): Seen {
  return where === "etcd"
    ? notVisible("only on etcd's hosts", "只能在 etcd 主机上看到")
    : notVisible("only on the control plane's hosts", "只能在控制面主机上看到");
}

function unreadSeen({ code }: Reason, what: string): Seen {
  return notVisible(`${what} was not read: ${code}`, `未能读取 ${what}：${code}`);
}

function clientSeen(clients: ClientsSeen | Unread): Seen {
  if (isUnread(clients)) return unreadSeen(clients.unread, "/metrics");
  if (clients.requests === 0)
    return notVisible("nobody came with one meanwhile", "观察期间没有客户端使用证书");
  if (clients.withinFail > 0) return { verdict: "fail", said: oneOf };
  if (clients.withinWarn > 0) return { verdict: "warn", said: oneOf };
  return {
    verdict: "pass",
    said: {
      en: `${clients.requests} requests, no certificate near its end`,
      "zh-CN": `${clients.requests} 个请求，没有证书临近到期`,
    },
  };
}

const oneOf = { en: "one of the clients' ends soon", "zh-CN": "某个客户端证书即将到期" };

function kubeProxySeen(kubeProxy: ApiSight["kubeProxy"], client: Seen): Seen {
  if (kubeProxy === null)
    return notVisible("no kube-proxy that kubeadm configured", "没有由 kubeadm 配置的 kube-proxy");
  if (isUnread(kubeProxy)) return unreadSeen(kubeProxy.unread, "kube-proxy");
  if (kubeProxy === "certificate") return client;
  return {
    verdict: "pass",
    said: {
      en: "signs in with a ServiceAccount token, see 12",
      "zh-CN": "使用 ServiceAccount 令牌登录，见 12",
    },
  };
}

function kubeletSeen(sight: ApiSight, which: "client" | "serving", otherwise?: Seen): Seen {
  const signer = which === "client" ? kubeletClientSigner : kubeletServingSigner;
  const { requests, kubelets, limits } = sight;
  const waiting = isUnread(requests)
    ? 0
    : requests.filter((each) => each.signer === signer && each.state !== "issued").length;
  const lives = isUnread(kubelets)
    ? []
    : kubelets.flatMap((each) => (which === "client" ? each.clientDays : each.servingDays) ?? []);
  const least = Math.min(...lives);
  if (lives.length > 0 && least <= limits.warnDays)
    return {
      verdict: least <= limits.failDays ? "fail" : "warn",
      said: { en: `the first ends in ${least} days`, "zh-CN": `最早的一个还有 ${least} 天到期` },
    };
  if (waiting > 0)
    return {
      verdict: "warn",
      said: { en: `${waiting} requests without a certificate`, "zh-CN": `${waiting} 个请求没有得到证书` },
    };
  if (lives.length > 0)
    return {
      verdict: "pass",
      said: {
        en: `${lives.length} kubelets, ${least} days or more`,
        "zh-CN": `${lives.length} 个 kubelet，至少还有 ${least} 天`,
      },
    };
  if (otherwise && otherwise.verdict !== "unknown") return otherwise;
  if (isUnread(kubelets)) return unreadSeen(kubelets.unread, "nodes/proxy");
  return notVisible("signed by the kubelet itself, or not told", "由 kubelet 自签，或未提供");
}

function credentialSeen({ identity, now, limits }: ApiSight): Seen {
  if (identity.method === "token" || !identity.expiresAt)
    return notVisible("this credential is a token", "当前凭据是令牌，不是证书");
  return validUntil({ notAfter: identity.expiresAt }, now, limits);
}

function issuerSeen(issuer: Issuer | Unread): Seen {
  if (isUnread(issuer)) return unreadSeen(issuer.unread, "/openid/v1/jwks");
  if (issuer.keys === 0)
    return { verdict: "fail", said: { en: "no public key is published", "zh-CN": "没有公布公钥" } };
  return {
    verdict: "pass",
    said: { en: `${issuer.keys} public keys published`, "zh-CN": `公布了 ${issuer.keys} 把公钥` },
  };
}
