import { z } from "zod";
import type { Finding, Measurement, Subject } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { registry } from "../needs/endpoint.ts";
import type { RegistryImage, RegistryStep } from "../needs/endpoint-requests.ts";
import { param } from "../needs/param.ts";
import { rounded } from "../needs/percentile.ts";

const referencePattern = /^[A-Za-z0-9][A-Za-z0-9._:/@-]*$|^$/;
const reference = () => z.string().trim().max(500).regex(referencePattern).default("");

export const check = defineCheck({
  id: "endpoint/image-pull",
  version: 1,
  title: { en: "An image pull, request by request", "zh-CN": "逐个请求看镜像拉取" },
  why: {
    en: "A pull is a handful of HTTP requests. Asked one by one they tell whether the tag exists, for which platforms, whether every layer is there, how much it weighs, and which step is slow or refused.",
    "zh-CN":
      "拉取镜像不过是几个 HTTP 请求。逐个发出就能知道：标签是否存在、有哪些平台、每一层是否都在、有多大，以及哪一步慢或被拒绝。",
  },
  remedy: {
    en: "Push again what is missing or does not match its digest; bring a mirror up to date; put a cache near the nodes where the registry is slow.",
    "zh-CN": "缺失或摘要不符的内容重新推送；镜像站落后就同步；仓库慢就在节点附近放一个缓存。",
  },
  params: z.object({
    reference: param(reference(), {
      label: { en: "Image", "zh-CN": "镜像" },
      help: {
        en: "With its registry; without, it is asked of the registered one.",
        "zh-CN": "带上仓库地址；不带则向已登记的仓库查询。",
      },
      placeholder: "registry.example.com/team/app:1.2",
    }),
    platform: param(
      z
        .string()
        .trim()
        .regex(/^([a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9]+)?)?$/)
        .default(""),
      {
        label: { en: "Platform", "zh-CN": "平台" },
        help: { en: "Empty: every platform.", "zh-CN": "留空则检查所有平台。" },
        placeholder: "linux/amd64",
      },
    ),
    mirror: param(reference(), {
      label: { en: "The same image at a mirror", "zh-CN": "镜像站上的同一镜像" },
      help: { en: "Compared by digest.", "zh-CN": "按摘要比较。" },
    }),
    warnStepMs: param(z.number().int().min(1).max(60_000).default(2_000), {
      label: { en: "Warn when a request takes longer than", "zh-CN": "单个请求超过时警告" },
      unit: "ms",
    }),
    warnMegabytes: param(z.number().int().min(1).max(100_000).default(1_000), {
      label: { en: "Warn when a platform's image is larger than", "zh-CN": "单个平台的镜像超过时警告" },
      unit: "MB",
    }),
  }),
  needs: (params) => {
    const of = (asked: string) =>
      registry.image({ reference: asked, ...(params.platform ? { platform: params.platform } : {}) });
    return {
      ...(params.reference ? { image: of(params.reference) } : {}),
      ...(params.reference && params.mirror ? { mirror: of(params.mirror) } : {}),
    };
  },
  judge: ({ image, mirror }, params) => {
    if (!image) return { skip: { what: "image pull", detail: "no image was named" } };
    const images = [image, ...(mirror ? [mirror] : [])];
    return {
      findings: [
        ...images.flatMap((each) => [
          resolved(each),
          ...wrongDigests(each),
          ...missingLayers(each),
          ...largePlatforms(each, params.warnMegabytes),
          ...slowSteps(each, params.warnStepMs),
        ]),
        ...(mirror ? [compared(image, mirror)] : []),
      ],
      measurements: images.flatMap(measurementsOf),
    };
  },
});

function subjectOf({ registry: host, repository, tag, digest }: RegistryImage, part?: string): Subject {
  const name = `${host}/${repository}${tag ? `:${tag}` : `@${digest}`}`;
  return { kind: "endpoint", name, ...(part ? { part } : {}) };
}

function resolved(image: RegistryImage): Finding {
  const { digest, mediaType, platforms, steps } = image;
  const names = platforms.map(({ platform }) => platform).join(", ");
  return {
    verdict: "pass",
    code: "resolved",
    subject: subjectOf(image),
    message: {
      en: `${steps.length} requests led to ${platforms.length} ${platforms.length === 1 ? "platform" : "platforms"}: ${names}.`,
      "zh-CN": `经过 ${steps.length} 个请求，得到 ${platforms.length} 个平台：${names}。`,
    },
    observed: `${digest}, ${mediaType}`,
    evidence: [{ source: "requests", excerpt: steps.slice(0, 60).map(stepLine).join("\n") }],
  };
}

function stepLine({ step, method, url, status, bytes, ms, digest }: RegistryStep): string {
  const verified = digest ? (digest.matches ? ", digest verified" : ", digest does not match") : "";
  return `${step.padEnd(9)}${method.padEnd(5)}${status} ${bytes} B ${ms} ms${verified}  ${url}`;
}

function wrongDigests(image: RegistryImage): Finding[] {
  return image.steps.flatMap(({ step, url, digest, bytes }) => {
    if (!digest || digest.matches) return [];
    return {
      verdict: "fail" as const,
      code: "digest-mismatch",
      subject: subjectOf(image, digest.expected),
      message: {
        en: `What the registry sends for the step "${step}" is not what its digest says. Engines refuse it.`,
        "zh-CN": `仓库在 ${step} 这一步返回的内容与摘要不符，容器引擎会拒绝它。`,
      },
      observed: `${bytes} bytes with another digest`,
      expected: digest.expected,
      evidence: [{ source: "request", excerpt: url }],
    };
  });
}

function missingLayers(image: RegistryImage): Finding[] {
  const missing = new Map<string, string[]>();
  for (const { platform, layers } of image.platforms) {
    for (const { digest, present } of layers) {
      if (!present) missing.set(digest, [...(missing.get(digest) ?? []), platform]);
    }
  }
  return [...missing].map(([digest, platforms]) => ({
    verdict: "fail",
    code: "layer-missing",
    subject: subjectOf(image, digest),
    message: {
      en: `The registry does not have this layer; ${platforms.join(", ")} cannot be pulled.`,
      "zh-CN": `仓库里没有这一层，${platforms.join("、")} 无法拉取。`,
    },
    observed: "404",
    expected: "200",
    remedy: [
      {
        purpose: "fix",
        text: { en: "Push the image again from where it was built", "zh-CN": "从构建处重新推送镜像" },
        command: `docker push ${subjectOf(image).name}`,
      },
    ],
  }));
}

function largePlatforms(image: RegistryImage, warnMegabytes: number): Finding[] {
  return image.platforms.flatMap(({ platform, bytes, layers }) => {
    if (bytes <= warnMegabytes * 1e6) return [];
    const largest = layers.toSorted((a, b) => b.bytes - a.bytes)[0];
    return {
      verdict: "warn" as const,
      code: "large-image",
      subject: subjectOf(image, platform),
      message: {
        en: `A node without any of its layers downloads ${megabytes(bytes)} MB; the largest layer has ${megabytes(largest?.bytes ?? 0)} MB.`,
        "zh-CN": `没有任何层缓存的节点要下载 ${megabytes(bytes)} MB，最大的一层有 ${megabytes(largest?.bytes ?? 0)} MB。`,
      },
      observed: `${megabytes(bytes)} MB`,
      expected: `at most ${warnMegabytes} MB`,
    };
  });
}

function slowSteps(image: RegistryImage, warnStepMs: number): Finding[] {
  const slowest = new Map<string, RegistryStep>();
  for (const each of image.steps) {
    if (each.ms > Math.max(warnStepMs, slowest.get(each.step)?.ms ?? 0)) slowest.set(each.step, each);
  }
  return [...slowest.values()].map((each) => ({
    verdict: "warn",
    code: "slow-step",
    subject: subjectOf(image, each.step),
    message: {
      en: `The slowest request of the step "${each.step}" took ${each.ms} ms.`,
      "zh-CN": `${each.step} 这一步最慢的请求用了 ${each.ms} ms。`,
    },
    observed: `${each.ms} ms`,
    expected: `at most ${warnStepMs} ms`,
    evidence: [{ source: "request", excerpt: stepLine(each) }],
  }));
}

function compared(image: RegistryImage, mirror: RegistryImage): Finding {
  const isSame = image.digest === mirror.digest;
  return {
    verdict: isSame ? "pass" : "warn",
    code: isSame ? "mirror-same" : "mirror-differs",
    subject: subjectOf(mirror, "mirror"),
    message: isSame
      ? { en: "The mirror has the same image.", "zh-CN": "镜像站上的镜像与源相同。" }
      : {
          en: "The mirror has another image under this name: an older one, or another choice of platforms.",
          "zh-CN": "镜像站上同名的是另一个镜像：可能更旧，也可能平台不同。",
        },
    observed: mirror.digest,
    expected: image.digest,
  };
}

function measurementsOf(image: RegistryImage): Measurement[] {
  const subject = subjectOf(image).name;
  const steps = [...new Set(image.steps.map(({ step }) => step))].sort();
  return [
    { name: "requests", subject, value: image.steps.length, unit: "{requests}" },
    { name: "total", subject, value: rounded(sum(image.steps.map(({ ms }) => ms))), unit: "ms" },
    ...steps.map((step) => ({
      name: `step ${step}`,
      subject,
      value: rounded(sum(image.steps.filter((each) => each.step === step).map(({ ms }) => ms))),
      unit: "ms",
    })),
    ...image.platforms.map(({ platform, bytes }) => ({
      name: "imageSize",
      subject: `${subject} ${platform}`,
      value: bytes,
      unit: "By",
    })),
  ];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
