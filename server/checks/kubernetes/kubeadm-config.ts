import type { X509Certificate } from "node:crypto";
import type { ConfigMap } from "kubernetes-types/core/v1.d.ts";
import { z } from "zod";
import { parseAddress } from "#common/kubernetes/ip-range.ts";
import { minorOf } from "#common/kubernetes/removed-apis.ts";
import type { Finding, Subject } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { type KubeadmFacts, readClusterConfiguration, storedProblems } from "../needs/kubeadm-facts.ts";
import type { KubeadmProblem } from "../needs/kubeadm-problem.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { isUnread, optional } from "../needs/need.ts";
import { type TlsHandshake, tls } from "../needs/tls.ts";
import { MalformedCertificate, parseCertificate, subjectAltNames } from "../needs/x509.ts";

const subject: Subject = { kind: "ConfigMap", namespace: "kube-system", name: "kubeadm-config" };

/**
 * Subject: ConfigMap kube-system/kubeadm-config; part: the path in its ClusterConfiguration.
 * Codes: those of document/kubeadm-yaml; version-behind (warn), names-not-in-certificate (warn), configuration-broken
 * (fail). Ranges that overlap with what else is in the cluster are the network map's.
 */
export const check = defineCheck({
  id: "kubernetes/kubeadm-config",
  version: 3,
  title: { en: "What kubeadm remembers of this cluster", "zh-CN": "kubeadm 对这个集群的记录" },
  why: {
    en: "kubeadm keeps its configuration in the cluster and takes it from there when a node joins or an upgrade begins. If it no longer says what is true, the next of these steps does something else than the last.",
    "zh-CN":
      "kubeadm 把配置保存在集群里，节点加入和升级时都从那里读取。如果它与实际不符，下一次操作的结果就会和上一次不同。",
  },
  remedy: {
    en: "Correct the ConfigMap, or finish the upgrade that left it behind; renew the certificate for names that it lacks.",
    "zh-CN": "修正 ConfigMap，或把没做完的升级做完；证书缺少名称的，重新签发。",
  },
  params: z.object({}),
  needs: {
    config: kubernetes.get(
      kinds.ConfigMap,
      { namespace: "kube-system", name: "kubeadm-config" },
      ({ data }: ConfigMap): KubeadmFacts => readClusterConfiguration(data?.ClusterConfiguration ?? ""),
    ),
    version: kubernetes.raw({ path: "/version" }, ({ text }) => {
      const { gitVersion } = JSON.parse(text) as { gitVersion?: unknown };
      return typeof gitVersion === "string" ? gitVersion : "";
    }),
    handshake: optional(tls.handshake(null)),
  },
  judge: ({ config, version, handshake }) => {
    if (config === null)
      return {
        skip: { what: "a cluster made by kubeadm", detail: "no ConfigMap kube-system/kubeadm-config" },
      };
    const { problems, broken } = storedProblems(config, minorOf(version));
    return {
      findings: [
        ...(broken ? [brokenConfiguration] : []),
        ...problems.filter(({ code }) => code !== "ranges-overlap").map(finding),
        ...behind(config, version),
        ...(isUnread(handshake) ? [] : missingNames(config, handshake)),
      ],
    };
  },
});

const inspect = {
  purpose: "inspect" as const,
  text: { en: "Read what is stored.", "zh-CN": "查看保存的内容。" },
  command:
    "kubectl get configmap kubeadm-config --namespace kube-system --output jsonpath='{.data.ClusterConfiguration}'",
};
const edit = {
  purpose: "fix" as const,
  text: {
    en: "Correct it in place; nothing happens until kubeadm runs the next time.",
    "zh-CN": "就地修正；在 kubeadm 下次运行之前不会有任何变化。",
  },
  command: "kubectl edit configmap kubeadm-config --namespace kube-system",
};

const brokenConfiguration: Finding = {
  verdict: "fail",
  code: "configuration-broken",
  subject,
  message: {
    en: "The stored ClusterConfiguration cannot be read: no node can join and no upgrade can begin.",
    "zh-CN": "保存的 ClusterConfiguration 无法解析：节点不能加入，升级也无法开始。",
  },
  observed: { en: "no YAML document", "zh-CN": "不是 YAML 文档" },
  expected: { en: "a ClusterConfiguration", "zh-CN": "一份 ClusterConfiguration" },
  remedy: [inspect, edit],
};

function finding({ code, verdict, path, message, observed, expected }: KubeadmProblem): Finding {
  return {
    verdict,
    code,
    subject: { ...subject, part: path },
    message,
    observed,
    expected,
    remedy: [inspect, edit],
  };
}

/** An upgrade writes the new version at its end; one of a patch release only is no concern. */
function behind({ kubernetesVersion }: KubeadmFacts, version: string): Finding[] {
  const [stored, running] = [minorOf(kubernetesVersion), minorOf(version)];
  if (stored === undefined || running === undefined || stored === running) return [];
  return [
    {
      verdict: "warn",
      code: "version-behind",
      subject: { ...subject, part: "kubernetesVersion" },
      message: {
        en: `kubeadm remembers ${kubernetesVersion}, the API server runs ${version}: an upgrade was not finished, or was done past kubeadm. A node that joins now is set up for the remembered version.`,
        "zh-CN": `kubeadm 记录的版本是 ${kubernetesVersion}，而 API 服务器运行的是 ${version}：要么升级没做完，要么绕过了 kubeadm。现在加入的节点会按记录的版本配置。`,
      },
      observed: kubernetesVersion,
      expected: version,
      remedy: [
        {
          purpose: "fix",
          text: {
            en: "On a control plane node see what is left to do, and finish it.",
            "zh-CN": "在控制面节点上查看还差什么，并把它做完。",
          },
          command: "sudo kubeadm upgrade plan",
        },
        inspect,
      ],
    },
  ];
}

/** Names in the configuration reach the certificate only when it is made anew. */
function missingNames({ certificateNames }: KubeadmFacts, handshake: TlsHandshake): Finding[] {
  const [leaf] = handshake.sent;
  if (leaf === undefined) return [];
  const certificate = certificateOf(leaf);
  const held = certificate ? subjectAltNames(certificate) : [];
  const missing = certificateNames.filter((name) => certificate && !covers(certificate, name));
  if (held.length === 0 || missing.length === 0) return [];
  return [
    {
      verdict: "warn",
      code: "names-not-in-certificate",
      subject: { ...subject, part: "apiServer.certSANs" },
      message: {
        en: `The API server's certificate lacks ${missing.join(", ")}, which the configuration asks for: it was made before.`,
        "zh-CN": `配置要求的名称 ${missing.join("、")} 不在 API 服务器的证书里：证书是在此之前签发的。`,
      },
      observed: held.join(", "),
      expected: certificateNames.join(", "),
      remedy: [
        {
          purpose: "fix",
          text: {
            en: "On each control plane node put the old pair aside, make a new one from the stored configuration, and let the API server start anew.",
            "zh-CN":
              "在每个控制面节点上把旧的证书和私钥移走，按保存的配置重新生成，再让 API 服务器重新启动。",
          },
          command:
            "sudo mv /etc/kubernetes/pki/apiserver.crt /etc/kubernetes/pki/apiserver.key /root/ && kubectl get configmap kubeadm-config --namespace kube-system --output jsonpath='{.data.ClusterConfiguration}' > kubeadm.yaml && sudo kubeadm init phase certs apiserver --config kubeadm.yaml",
        },
      ],
    },
  ];
}

function certificateOf(leaf: string): X509Certificate | undefined {
  try {
    return parseCertificate(Buffer.from(leaf, "base64")).x509;
  } catch (error) {
    if (error instanceof MalformedCertificate) return undefined;
    throw error;
  }
}

function covers(certificate: X509Certificate, name: string): boolean {
  if (parseAddress(name)) return certificate.checkIP(name) !== undefined;
  // A wildcard is in it as it is written.
  if (name.startsWith("*.")) return subjectAltNames(certificate).includes(name);
  return certificate.checkHost(name, { subject: "never" }) !== undefined;
}
