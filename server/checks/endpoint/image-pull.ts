import { z } from "zod";
import { defineCheck } from "../define-check.ts";
import { registry } from "../needs/endpoint.ts";
import {
  compared,
  largePlatforms,
  measurementsOf,
  missingLayers,
  requestsPicture,
  resolved,
  slowSteps,
  wrongDigests,
} from "../needs/image-findings.ts";
import { param } from "../needs/param.ts";

const referencePattern = /^[A-Za-z0-9][A-Za-z0-9._:/@-]*$|^$/;
const reference = () => z.string().trim().max(500).regex(referencePattern).default("");

export const check = defineCheck({
  id: "endpoint/image-pull",
  version: 2,
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
      pictures: images.flatMap((each) =>
        requestsPicture(each, each === image ? "requests" : "requests-mirror"),
      ),
      measurements: images.flatMap(measurementsOf),
    };
  },
});
