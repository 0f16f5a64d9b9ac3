import { z } from "zod";
import type { Finding } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import {
  type CertificateUses,
  certificateMap,
  notVisible,
  type Seen,
  type useNames,
} from "../needs/certificate-map.ts";
import { expiryParams } from "../needs/certificate-params.ts";
import { validUntil } from "../needs/certificate-seen.ts";
import { host } from "../needs/host.ts";
import { type HostStat, isUnread, optional } from "../needs/need.ts";
import { notReadFinding } from "../needs/not-read.ts";
import { param } from "../needs/param.ts";
import {
  type CertificateFile,
  kubeconfigCommand,
  kubeletCommand,
  leafOf,
  looseKeys,
  parseKubeconfigLines,
  parseKubeletFiles,
  readCertificates,
} from "../needs/pki-files.ts";
import { fileFindings, keyFindings } from "../needs/pki-findings.ts";

/** Where kubeadm and the kubelet keep the certificate of each use; the first that is there counts. */
const filesOf: Partial<Record<keyof typeof useNames, string[]>> = {
  1: ["/etc/kubernetes/pki/etcd/peer.crt"],
  2: ["/etc/kubernetes/pki/etcd/server.crt"],
  3: ["/etc/kubernetes/pki/apiserver-etcd-client.crt"],
  4: ["/etc/kubernetes/pki/apiserver.crt"],
  5: ["/etc/kubernetes/controller-manager.conf"],
  6: ["/etc/kubernetes/scheduler.conf"],
  8: ["/var/lib/kubelet/pki/kubelet-client-current.pem", "/etc/kubernetes/kubelet.conf"],
  9: ["/etc/kubernetes/admin.conf", "/etc/kubernetes/super-admin.conf"],
  10: ["/var/lib/kubelet/pki/kubelet-server-current.pem", "/var/lib/kubelet/pki/kubelet.crt"],
  11: ["/etc/kubernetes/pki/apiserver-kubelet-client.crt"],
};

const elsewhere = notVisible("not on this host", "不在这台主机上");
const byToken: Seen = {
  verdict: "unknown",
  said: { en: "kubeadm gives it a token, see 12", "zh-CN": "kubeadm 为它配置的是令牌，见 12" },
};

/**
 * Subject: host, part: the file's path.
 * Codes: certificate-expired, certificate-not-yet-valid, certificate-unreadable, wrong-issuer, key-open-to-others
 * (fail), certificate-expires-soon (warn, fail), key-open-to-group (warn); not-read (unknown, part: kubeconfigs or kubelet)
 * for what only root may read. Keys are never read: their permissions are, and certificates that stand beside a key are printed by a
 * command that prints nothing else.
 */
export const check = defineCheck({
  id: "host/kubernetes-pki",
  version: 1,
  title: { en: "Certificates in a node's PKI folders", "zh-CN": "节点 PKI 目录中的证书" },
  why: {
    en: "Half of a cluster's certificates never show themselves through the API: etcd's, and those with which the control plane's own parts sign in. They lie in files on the hosts, end after a year, and take the cluster with them.",
    "zh-CN":
      "集群一半的证书无法通过 API 看到：etcd 的证书，以及控制面各组件登录用的证书。它们就是主机上的文件，一年到期，到期时整个集群跟着停摆。",
  },
  remedy: {
    en: "Renew what ends with kubeadm certs renew, restart what loads it, and close keys that are open.",
    "zh-CN": "用 kubeadm certs renew 续期，重启加载它的组件，并收紧权限过宽的私钥。",
  },
  params: z.object({
    ...expiryParams,
    caWarnDays: param(z.number().int().min(0).max(3650).default(180), {
      label: { en: "Warn of an authority within", "zh-CN": "CA 剩余天数不足时警告" },
      unit: "d",
    }),
  }),
  needs: {
    name: host.sysctl("kernel.hostname"),
    pki: host.glob("/etc/kubernetes/pki/*.crt", readCertificates, 100),
    etcd: host.glob("/etc/kubernetes/pki/etcd/*.crt", readCertificates, 100),
    keys: host.stats("/etc/kubernetes/pki/*.key", 100),
    etcdKeys: host.stats("/etc/kubernetes/pki/etcd/*.key", 100),
    kubeconfigFiles: host.stats("/etc/kubernetes/*.conf", 100),
    kubeletFolder: host.stats("/var/lib/kubelet", 1),
    kubeconfigs: optional(host.command(kubeconfigCommand, parseKubeconfigLines, { sudo: true })),
    kubelet: optional(host.command(kubeletCommand, parseKubeletFiles, { sudo: true })),
  },
  judge: (facts, { warnDays, failDays, caWarnDays }, { observedAt: now }) => {
    const { name: machine, keys, etcdKeys, kubeconfigFiles, kubeletFolder, kubeconfigs, kubelet } = facts;
    const self = { kind: "host", name: machine };
    const limits = { warnDays, failDays };
    const place = { machine, now, limits, caLimits: { warnDays: caWarnDays, failDays: warnDays } };
    const files: CertificateFile[] = [
      ...[...facts.pki, ...facts.etcd].map(({ path, value }) => ({ path, ...value })),
      ...(isUnread(kubeconfigs) ? [] : kubeconfigs),
      ...(isUnread(kubelet) ? [] : kubelet),
    ];
    if (files.length === 0 && kubeletFolder.length === 0 && kubeconfigFiles.length === 0)
      return {
        skip: { what: "Kubernetes certificates", detail: "no /etc/kubernetes and no /var/lib/kubelet" },
      };
    const loose = [...keys, ...etcdKeys, ...kubeconfigFiles];
    const findings: Finding[] = [
      ...fileFindings(files, place),
      ...keyFindings(loose, machine),
      ...(kubeconfigFiles.length > 0 ? notReadFinding("kubeconfigs", kubeconfigs, self) : []),
      ...(kubeletFolder.length > 0 ? notReadFinding("kubelet", kubelet, self) : []),
    ];
    const uses = usesOf(files, keys, (file) => {
      const leaf = leafOf(file);
      const dated = leaf && {
        notBefore: leaf.notBefore.toISOString(),
        notAfter: leaf.notAfter.toISOString(),
      };
      return dated && validUntil(dated, now, limits);
    });
    const days = files.flatMap((file) => {
      const leaf = leafOf(file);
      return leaf && !leaf.isAuthority
        ? [Math.floor((leaf.notAfter.getTime() - now.getTime()) / 86_400_000)]
        : [];
    });
    return {
      findings,
      pictures: [
        certificateMap(uses, {}, { en: `Certificates on ${machine}`, "zh-CN": `${machine} 上的证书` }),
      ],
      measurements: [
        { name: "certificate-files", value: files.length, unit: "{files}" },
        ...(days.length > 0
          ? [
              {
                name: "days-left",
                value: Math.min(...days),
                unit: "d",
                warn: { below: warnDays },
                fail: { below: failDays },
              },
            ]
          : []),
      ],
    };
  },
});

function usesOf(
  files: CertificateFile[],
  keys: HostStat[],
  seen: (file: CertificateFile) => Seen | undefined,
): CertificateUses {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const use = (number: keyof typeof useNames): Seen => {
    const file = filesOf[number]?.map((path) => byPath.get(path)).find((found) => found !== undefined);
    return (file && seen(file)) ?? elsewhere;
  };
  return {
    ...{ 1: use(1), 2: use(2), 3: use(3), 4: use(4), 5: use(5), 6: use(6) },
    ...{ 7: byToken, 8: use(8), 9: use(9), 10: use(10), 11: use(11), 12: signingKey(keys) },
  };
}

function signingKey(keys: HostStat[]): Seen {
  const key = keys.find(({ path }) => path === "/etc/kubernetes/pki/sa.key");
  if (!key) return elsewhere;
  if (looseKeys([key]).length > 0)
    return {
      verdict: "fail",
      said: { en: "the signing key is open to others", "zh-CN": "签名私钥权限过宽" },
    };
  return { verdict: "pass", said: { en: "the signing key is closed", "zh-CN": "签名私钥权限正常" } };
}
