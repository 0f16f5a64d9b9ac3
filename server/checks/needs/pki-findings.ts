import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import { type ExpiryLimits, expiryOf, expiryWords } from "./certificate-summary.ts";
import type { HostStat } from "./need.ts";
import { authorityOf, type CertificateFile, leafOf, looseKeys } from "./pki-files.ts";
import type { Certificate } from "./x509.ts";
import { checkSignature } from "./x509-signature.ts";

type Place = { machine: string; now: Date; limits: ExpiryLimits; caLimits: ExpiryLimits };

/** What is wrong with each certificate file of a host: unreadable, out of its dates, of another authority. */
export function fileFindings(files: CertificateFile[], place: Place): Finding[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return files.flatMap((file) => {
    const leaf = leafOf(file);
    const subject: Subject = { kind: "host", name: place.machine, part: file.path };
    if (!leaf || file.broken > 0) return [unreadable(subject, file)];
    const authority = byPath.get(authorityOf(file.path) ?? "");
    const issuer = authority && leafOf(authority);
    return [
      ...dates(leaf, subject, place),
      ...(issuer && checkSignature(leaf, issuer)?.verified === false
        ? [wrongIssuer(leaf, issuer, subject, authority.path)]
        : []),
    ];
  });
}

function unreadable(subject: Subject, { path, ders, broken }: CertificateFile): Finding {
  return {
    verdict: "fail",
    code: "certificate-unreadable",
    subject,
    message: {
      en: `${path} holds ${broken > 0 ? "a block that is no certificate" : "no certificate"}: whoever loads it does not start.`,
      "zh-CN": `${path} 里${broken > 0 ? "有无法解析的证书块" : "没有证书"}：加载它的组件无法启动。`,
    },
    observed: `${ders.length} certificates, ${broken} broken`,
    expected: "at least one certificate",
    remedy: [{ purpose: "inspect", text: look, command: shellCommand("sudo", "head", "-c", "200", path) }],
  };
}

const look = { en: "Look at how the file begins.", "zh-CN": "看看文件开头是什么。" };

function dates(leaf: Certificate, subject: Subject, { now, limits, caLimits }: Place): Finding[] {
  const dated = { notBefore: leaf.notBefore.toISOString(), notAfter: leaf.notAfter.toISOString() };
  const chosen = leaf.isAuthority ? caLimits : limits;
  const expiry = expiryOf(dated, now, chosen);
  if (expiry.verdict === "pass") return [];
  const words = expiryWords(expiry);
  const path = subject.part ?? "";
  return [
    {
      verdict: expiry.verdict,
      code: `certificate-${expiry.code}`,
      subject,
      message: {
        en: `"${leaf.label}" in ${path} ${words.en}.`,
        "zh-CN": `${path} 中的“${leaf.label}”${words["zh-CN"]}。`,
      },
      observed: dated.notAfter,
      expected: `more than ${chosen.warnDays} days left`,
      remedy: renewal(path, leaf.isAuthority),
    },
  ];
}

const kubeadmNames: [RegExp, string][] = [
  [/pki\/(apiserver|apiserver-kubelet-client|apiserver-etcd-client|front-proxy-client)\.crt$/, "$1"],
  [/pki\/etcd\/(server|peer|healthcheck-client)\.crt$/, "etcd-$1"],
  [/kubernetes\/(admin|super-admin|controller-manager|scheduler)\.conf$/, "$1.conf"],
];

function renewal(path: string, isAuthority: boolean): RemedyStep[] {
  const check: RemedyStep = {
    purpose: "verify",
    text: { en: "The new end is listed.", "zh-CN": "列表中显示新的到期时间。" },
    command: "sudo kubeadm certs check-expiration",
  };
  if (isAuthority)
    return [
      {
        purpose: "fix",
        text: {
          en: "An authority is replaced in rounds: trust old and new everywhere, issue anew, then drop the old one.",
          "zh-CN": "CA 要分轮更换：先让各处同时信任新旧 CA，再重新签发证书，最后移除旧 CA。",
        },
      },
    ];
  if (path.includes("/kubelet"))
    return [
      {
        purpose: "inspect",
        text: {
          en: "The kubelet renews this itself: see why it does not.",
          "zh-CN": "这张证书由 kubelet 自己续期：查看它为什么没有续。",
        },
        command: "sudo journalctl --unit kubelet --since '-1d' | grep -iE 'certificate|csr' | tail -20",
      },
    ];
  const known = kubeadmNames.find(([pattern]) => pattern.test(path));
  const name = known ? (known[0].exec(path)?.[0] ?? "").replace(known[0], known[1]) : undefined;
  return [
    {
      purpose: "fix",
      text: {
        en: "Renew it, then let the static pods that load it start anew, on one control plane node after the other.",
        "zh-CN": "续期后让加载它的静态 Pod 重新启动，逐个控制面节点进行。",
      },
      ...(name && { command: shellCommand("sudo", "kubeadm", "certs", "renew", name) }),
    },
    check,
  ];
}

function wrongIssuer(leaf: Certificate, issuer: Certificate, subject: Subject, authority: string): Finding {
  return {
    verdict: "fail",
    code: "wrong-issuer",
    subject,
    message: {
      en: `"${leaf.label}" in ${subject.part} was not signed by "${issuer.label}" in ${authority}: the other side will not accept it.`,
      "zh-CN": `${subject.part} 中的“${leaf.label}”不是由 ${authority} 中的“${issuer.label}”签发的：对端不会接受它。`,
    },
    observed: `issued by ${leaf.issuer}`,
    expected: `a signature by ${issuer.subject}`,
    remedy: [
      {
        purpose: "inspect",
        text: {
          en: "Compare the key identifiers of the two.",
          "zh-CN": "对比两者的密钥标识。",
        },
        command: `openssl x509 -noout -subject -ext subjectKeyIdentifier -in ${authority}`,
      },
      ...renewal(subject.part ?? "", false),
    ],
  };
}

/** A key that somebody else may read is a key that somebody else has. */
export function keyFindings(stats: HostStat[], machine: string): Finding[] {
  return looseKeys(stats).map(({ stat, by }) => {
    const mode = stat.mode.toString(8).padStart(4, "0");
    const held = stat.path.endsWith(".conf")
      ? { en: "a credential", "zh-CN": "登录凭据" }
      : { en: "a private key", "zh-CN": "私钥" };
    return {
      verdict: by === "others" ? "fail" : "warn",
      code: by === "others" ? "key-open-to-others" : "key-open-to-group",
      subject: { kind: "host", name: machine, part: stat.path },
      message:
        by === "others"
          ? {
              en: `${stat.path} holds ${held.en} and its permissions are ${mode}: accounts other than its owner can read or change it.`,
              "zh-CN": `${stat.path} 含有${held["zh-CN"]}，权限却是 ${mode}：属主以外的账户可以读取或修改它。`,
            }
          : {
              en: `${stat.path} holds ${held.en} that the group ${stat.gid} can read (${mode}).`,
              "zh-CN": `${stat.path} 含有${held["zh-CN"]}，组 ${stat.gid} 可以读取（${mode}）。`,
            },
      observed: mode,
      expected: "0600",
      remedy: [
        {
          purpose: "fix",
          text: {
            en: "Close it. If others have accounts on this host, take the key for known and issue the certificate anew.",
            "zh-CN": "收紧权限。如果这台主机上有其他账户，应视为私钥已泄露，重新签发证书。",
          },
          command: shellCommand("sudo", "chmod", "600", stat.path),
        },
        {
          purpose: "verify",
          text: { en: "It is 600 and root's.", "zh-CN": "权限为 600，属主为 root。" },
          command: shellCommand("stat", "--format", "%a %U %n", stat.path),
        },
      ],
    };
  });
}
