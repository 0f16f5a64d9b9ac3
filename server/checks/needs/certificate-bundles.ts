import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, Subject } from "#common/result.ts";
import {
  type BundleSummary,
  type CertificateSummary,
  type ExpiryLimits,
  expiryOf,
  expiryWords,
  latestOf,
  summariseBase64,
} from "./certificate-summary.ts";

/** Authorities that the API server trusts when it calls others: webhooks, aggregated APIs, conversions. */
export type CaBundle = {
  kind: string;
  name: string;
  /** the webhook of a configuration */
  part?: string;
  /** the certificate that ends last: the bundle is good as long as one of it is */
  latest?: CertificateSummary;
  certificates: number;
  broken: number;
};

type ClientConfig = { caBundle?: string };
type Webhooks = { metadata?: { name?: string }; webhooks?: { name?: string; clientConfig?: ClientConfig }[] };
type Api = { metadata?: { name?: string }; spec?: { caBundle?: string; service?: object } };
type Definition = {
  metadata?: { name?: string };
  spec?: { conversion?: { webhook?: { clientConfig?: ClientConfig } } };
};

export function pickWebhookBundles(kind: string): (object: unknown) => CaBundle[] | undefined {
  return (object) => {
    const { metadata, webhooks } = object as Webhooks;
    const found = (webhooks ?? []).flatMap(({ name, clientConfig }) =>
      clientConfig?.caBundle
        ? [summary({ kind, name: metadata?.name ?? "", part: name }, clientConfig.caBundle)]
        : [],
    );
    return found.length > 0 ? found : undefined;
  };
}

export function pickApiServiceBundle(object: unknown): CaBundle[] | undefined {
  const { metadata, spec } = object as Api;
  if (!spec?.service || !spec.caBundle) return undefined;
  return [summary({ kind: "APIService", name: metadata?.name ?? "" }, spec.caBundle)];
}

export function pickConversionBundle(object: unknown): CaBundle[] | undefined {
  const { metadata, spec } = object as Definition;
  const bundle = spec?.conversion?.webhook?.clientConfig?.caBundle;
  if (!bundle) return undefined;
  return [summary({ kind: "CustomResourceDefinition", name: metadata?.name ?? "" }, bundle)];
}

function summary(of: { kind: string; name: string; part?: string }, base64: string): CaBundle {
  const bundle: BundleSummary = summariseBase64(base64);
  const latest = latestOf(bundle);
  return {
    kind: of.kind,
    name: of.name,
    ...(of.part && { part: of.part }),
    ...(latest && { latest }),
    certificates: bundle.certificates.length,
    broken: bundle.broken,
  };
}

/** A bundle of nothing but "\n" is what injectors leave before their first run: it trusts nobody. */
export function bundleFindings(bundles: CaBundle[], now: Date, limits: ExpiryLimits): Finding[] {
  const groups = new Map<string, { bundle: CaBundle; parts: string[] }>();
  // The webhooks of one configuration most often share one authority, and are mended together.
  for (const bundle of bundles) {
    const key = `${bundle.kind}/${bundle.name}/${bundle.latest?.sha256 ?? "none"}`;
    const group = groups.get(key) ?? { bundle, parts: [] };
    if (bundle.part) group.parts.push(bundle.part);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ bundle, parts }) => judge(bundle, parts.toSorted(), now, limits));
}

function judge(bundle: CaBundle, parts: string[], now: Date, limits: ExpiryLimits): Finding[] {
  const subject: Subject = { kind: bundle.kind, name: bundle.name };
  const { latest } = bundle;
  if (!latest)
    return [
      {
        verdict: "fail",
        code: "bundle-unreadable",
        subject,
        message: {
          en: `The caBundle of ${bundle.kind} ${bundle.name} holds no certificate: the API server cannot trust whoever answers there.`,
          "zh-CN": `${bundle.kind} ${bundle.name} 的 caBundle 里没有证书：API 服务器无法信任那一端的应答者。`,
        },
        observed: {
          en: `${bundle.certificates} certificates, ${bundle.broken} unreadable blocks`,
          "zh-CN": `${bundle.certificates} 张证书，${bundle.broken} 段无法读取`,
        },
        expected: { en: "at least one certificate", "zh-CN": "至少一张证书" },
        remedy: [inspect(bundle), ...reissue(bundle)],
      },
    ];
  const expiry = expiryOf(latest, now, limits);
  if (expiry.verdict === "pass") return [];
  const words = expiryWords(expiry);
  const which = parts.length > 0 ? ` (${parts.join(", ")})` : "";
  return [
    {
      verdict: expiry.verdict,
      code: expiry.code === "expired" ? "bundle-expired" : "bundle-expires-soon",
      subject,
      message: {
        en: `The authority "${latest.label}" in the caBundle of ${bundle.kind} ${bundle.name}${which} ${words.en}: calls there ${expiry.code === "expired" ? "fail" : "will fail then"}.`,
        "zh-CN": `${bundle.kind} ${bundle.name}${which} 的 caBundle 中的 CA“${latest.label}”${words["zh-CN"]}：${expiry.code === "expired" ? "对它的调用已经失败" : "届时对它的调用会失败"}。`,
      },
      observed: latest.notAfter,
      expected: {
        en: `after ${new Date(now.getTime() + limits.warnDays * 86_400_000).toISOString().slice(0, 10)}`,
        "zh-CN": `晚于 ${new Date(now.getTime() + limits.warnDays * 86_400_000).toISOString().slice(0, 10)}`,
      },
      evidence: [
        {
          source: "caBundle",
          excerpt: {
            en: `${latest.label}, issued by ${latest.issuer}`,
            "zh-CN": `${latest.label}，由 ${latest.issuer} 签发`,
          },
        },
      ],
      remedy: [inspect(bundle), ...reissue(bundle)],
    },
  ];
}

function inspect({ kind, name }: CaBundle): NonNullable<Finding["remedy"]>[number] {
  const path =
    kind === "APIService"
      ? "{.spec.caBundle}"
      : kind === "CustomResourceDefinition"
        ? "{.spec.conversion.webhook.clientConfig.caBundle}"
        : "{.webhooks[0].clientConfig.caBundle}";
  const get = shellCommand("kubectl", "get", kind.toLowerCase(), name, "--output", `jsonpath=${path}`);
  return {
    purpose: "inspect",
    text: { en: "Read the certificate that is trusted there.", "zh-CN": "查看那里信任的证书。" },
    command: `${get} | base64 -d | openssl x509 -noout -subject -issuer -dates`,
  };
}

function reissue({ kind, name }: CaBundle): NonNullable<Finding["remedy"]> {
  return [
    {
      purpose: "fix",
      text: {
        en: "Renew it where it is made: the controller that owns it, cert-manager's CA injector, or the job that installed it. Certificate and bundle have to change together.",
        "zh-CN":
          "在生成它的地方续期：所属的控制器、cert-manager 的 CA 注入器，或当初安装它的 Job。服务证书和 caBundle 必须一起更换。",
      },
    },
    {
      purpose: "verify",
      text: {
        en: "An object that goes through it is accepted again (nothing is kept of a dry run).",
        "zh-CN": "经过它的对象又能被接受（dry run 不会留下任何东西）。",
      },
      command:
        kind === "APIService"
          ? shellCommand("kubectl", "get", "apiservice", name)
          : "kubectl create configmap certificate-probe --dry-run=server --output name",
    },
  ];
}
