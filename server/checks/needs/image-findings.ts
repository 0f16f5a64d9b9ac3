import type { BarsPicture } from "#common/picture.ts";
import type { Finding, Measurement, Subject } from "#common/result.ts";
import type { RegistryImage, RegistryStep } from "./endpoint-requests.ts";
import { rounded } from "./percentile.ts";

function subjectOf({ registry: host, repository, tag, digest }: RegistryImage, part?: string): Subject {
  const name = `${host}/${repository}${tag ? `:${tag}` : `@${digest}`}`;
  return { kind: "endpoint", name, ...(part ? { part } : {}) };
}

export function resolved(image: RegistryImage): Finding {
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

function stepLine({ step, method, url, status, contentType, bytes, ms, digest }: RegistryStep): string {
  const verified = digest ? (digest.matches ? ", digest verified" : ", digest does not match") : "";
  return `${step.padEnd(9)}${method.padEnd(5)}${status} ${contentType || "no type"} ${bytes} B ${ms} ms${verified}  ${url}`;
}

const stepsDrawn = 40;

/** The requests one after the other, as they were sent. */
export function requestsPicture(image: RegistryImage, id: string): BarsPicture[] {
  const shown = image.steps.slice(0, stepsDrawn);
  if (shown.length === 0) return [];
  let from = 0;
  const bars = shown.map((each, index): BarsPicture["bars"][number] => {
    const start = from;
    from += each.ms;
    const isBad = each.digest?.matches === false || each.status === 404 || each.status >= 500;
    return {
      id: `${index}`,
      label: `${each.method} ${each.step}`,
      detail: `${each.status} · ${each.bytes} B · ${each.ms} ms`,
      ...{ from: rounded(start), to: rounded(from) },
      ...(isBad && { verdict: "fail" as const }),
    };
  });
  const name = subjectOf(image).name;
  const more = image.steps.length - shown.length;
  return [
    {
      id,
      title: { en: `Requests for ${name}`, "zh-CN": `拉取 ${name} 的请求` },
      summary: {
        en: `${image.steps.length} requests${more > 0 ? `, the first ${shown.length} of them drawn` : ""}, one after the other: ${rounded(from)} ms.`,
        "zh-CN": `共 ${image.steps.length} 个请求${more > 0 ? `，这里画出前 ${shown.length} 个` : ""}，依次进行：${rounded(from)} ms。`,
      },
      unit: "ms",
      bars,
    },
  ];
}

export function wrongDigests(image: RegistryImage): Finding[] {
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

export function missingLayers(image: RegistryImage): Finding[] {
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

export function largePlatforms(image: RegistryImage, warnMegabytes: number): Finding[] {
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

export function slowSteps(image: RegistryImage, warnStepMs: number): Finding[] {
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

export function compared(image: RegistryImage, mirror: RegistryImage): Finding {
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

export function measurementsOf(image: RegistryImage): Measurement[] {
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
