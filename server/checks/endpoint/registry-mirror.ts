import { z } from "zod";
import { parseImage } from "#common/kubernetes/image-reference.ts";
import type { Finding } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { registry } from "../needs/endpoint.ts";
import type { RegistryImage } from "../needs/endpoint-requests.ts";
import { isUnread, optional, type Unread } from "../needs/need.ts";
import { param } from "../needs/param.ts";

const prefixPattern = /^([a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?(\/[a-z0-9._-]+)*)?$/;
const prefix = () => z.string().trim().max(300).regex(prefixPattern);
const most = 10;

const params = z.object({
  origin: param(prefix().default("registry.k8s.io"), {
    label: { en: "Where the images come from", "zh-CN": "源仓库" },
    placeholder: "registry.k8s.io",
  }),
  mirror: param(prefix().default(""), {
    label: { en: "The mirror", "zh-CN": "镜像站" },
    help: { en: "Registry and path in place of the origin's.", "zh-CN": "用来代替源仓库的地址和路径。" },
    placeholder: "mirror.example.com/k8s",
  }),
  images: param(z.string().trim().max(4000).default("pause:3.10"), {
    label: { en: "Images", "zh-CN": "镜像" },
    help: {
      en: `One to a line, without the registry; ${most} at most.`,
      "zh-CN": `每行一个，不带仓库地址，最多 ${most} 个。`,
    },
    multiline: true,
    placeholder: "kube-proxy:v1.33.4",
  }),
  platform: param(
    z
      .string()
      .trim()
      .regex(/^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9]+)?$/)
      .default("linux/amd64"),
    { label: { en: "Platform", "zh-CN": "平台" } },
  ),
});

function namesOf(text: string): string[] {
  const names = text.split(/[\s,]+/).filter((name) => parseImage(`example.com/${name}`) !== null);
  return [...new Set(names)].slice(0, most);
}

/** Null: the registry answered that it has no such image. */
type Answer = RegistryImage | Unread | undefined;

function judgeOne(
  name: string,
  at: { origin: string; mirror: string },
  origin: Answer,
  mirror: Answer,
): Finding {
  const subject = { kind: "endpoint", name: `${at.mirror}/${name}` };
  const source = `${at.origin}/${name}`;
  if (!origin || !mirror) throw new TypeError(`No answer for ${name}.`);
  if (isUnread(mirror)) {
    const isAbsent = mirror.unread.code === "not-found";
    return {
      verdict: isAbsent ? "fail" : "unknown",
      code: isAbsent ? "mirror-lacks-image" : "mirror-not-read",
      subject,
      message: isAbsent
        ? {
            en: `The mirror does not have ${name}: a node that may only ask the mirror cannot start it.`,
            "zh-CN": `镜像站上没有 ${name}：只能访问镜像站的节点无法启动它。`,
          }
        : {
            en: `The mirror could not be asked for ${name} (${mirror.unread.code}).`,
            "zh-CN": `无法向镜像站查询 ${name}（${mirror.unread.code}）。`,
          },
      observed: mirror.unread.detail ?? mirror.unread.code,
      expected: "the image",
      ...(isAbsent && { remedy: [copyStep(source, `${at.mirror}/${name}`)] }),
    };
  }
  if (isUnread(origin))
    return {
      verdict: "unknown",
      code: "origin-not-read",
      subject,
      message: {
        en: `The mirror has ${name}; whether it is the origin's could not be found out (${origin.unread.code}).`,
        "zh-CN": `镜像站上有 ${name}，但无法确认它与源仓库是否一致（${origin.unread.code}）。`,
      },
      observed: mirror.digest,
    };
  if (origin.digest === mirror.digest)
    return {
      verdict: "pass",
      code: "mirror-same",
      subject,
      message: { en: `The mirror's ${name} is the origin's.`, "zh-CN": `镜像站上的 ${name} 与源仓库一致。` },
      observed: mirror.digest,
    };
  const samePlatform = mirror.platforms[0]?.manifestDigest === origin.platforms[0]?.manifestDigest;
  return {
    verdict: samePlatform ? "pass" : "warn",
    code: samePlatform ? "mirror-same-platform" : "mirror-differs",
    subject,
    message: samePlatform
      ? {
          en: `The mirror's ${name} is the origin's for this platform, under another index: some platforms were left out.`,
          "zh-CN": `镜像站上的 ${name} 在这个平台上与源仓库一致，只是索引不同：有些平台没有同步。`,
        }
      : {
          en: `The mirror has something else under ${name}: an older build, or one that somebody made.`,
          "zh-CN": `镜像站上叫 ${name} 的是另一个镜像：可能是旧版，也可能是别人重新做的。`,
        },
    observed: mirror.digest,
    expected: origin.digest,
    ...(!samePlatform && { remedy: [copyStep(source, `${at.mirror}/${name}`)] }),
  };
}

function copyStep(from: string, to: string) {
  return {
    purpose: "fix" as const,
    text: {
      en: "Copy it with all platforms; the digest stays the same.",
      "zh-CN": "连同所有平台一起复制，摘要保持不变。",
    },
    command: `skopeo copy --all docker://${from} docker://${to}`,
  };
}

/**
 * Subject: the image at the mirror. Codes: mirror-lacks-image (fail), mirror-differs (warn), mirror-same,
 * mirror-same-platform (pass; the index differs and this platform does not), mirror-not-read, origin-not-read (unknown).
 */
export const check = defineCheck({
  id: "endpoint/registry-mirror",
  version: 1,
  title: { en: "A mirror against its origin", "zh-CN": "镜像站与源仓库对照" },
  why: {
    en: "A mirror that lacks an image shows on the day when a node must pull it, and one that holds something else under the same name does not show at all.",
    "zh-CN": "镜像站缺了哪个镜像，要到节点非拉不可时才发现；同名却不是同一个镜像的，则根本看不出来。",
  },
  remedy: {
    en: "Copy whole images, with all their platforms, by a tool that keeps digests; let the mirror refuse to overwrite tags.",
    "zh-CN": "用保持摘要不变的工具整份复制，带上所有平台；镜像站禁止覆盖标签。",
  },
  params,
  needs: ({ origin, mirror, images, platform }) => {
    const names = mirror === "" || origin === "" ? [] : namesOf(images);
    const of = (at: string, name: string) =>
      optional(registry.image({ reference: `${at}/${name}`, platform }));
    return Object.fromEntries(
      names.flatMap((name) => [
        [`origin ${name}`, of(origin, name)],
        [`mirror ${name}`, of(mirror, name)],
      ]),
    );
  },
  judge: (facts, { origin, mirror, images }) => {
    const names = namesOf(images);
    if (mirror === "" || origin === "" || names.length === 0)
      return { skip: { what: "mirror", detail: "no mirror or no image was named" } };
    return {
      findings: names.map((name) =>
        judgeOne(name, { origin, mirror }, facts[`origin ${name}`], facts[`mirror ${name}`]),
      ),
      measurements: [{ name: "images-compared", value: names.length, unit: "{images}" }],
    };
  },
});
