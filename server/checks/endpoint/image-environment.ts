import { z } from "zod";
import type { Finding } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { registry } from "../needs/endpoint.ts";
import type { RegistryImage } from "../needs/endpoint-requests.ts";
import { param } from "../needs/param.ts";

type Platform = RegistryImage["platforms"][number];

/**
 * Subject: the image, part: the variable. Codes: empty-variable (warn) for each variable that is empty on some platform,
 * variable-differs (warn) for one that only some platforms have.
 */
export const check = defineCheck({
  id: "endpoint/image-environment",
  version: 1,
  title: { en: "Empty variables in an image", "zh-CN": "镜像里的空变量" },
  why: {
    en: "ENV with an argument that never arrived leaves an empty variable in the image. It looks set, so programs that fall back to a default when it is missing do not.",
    "zh-CN":
      "ENV 引用了没有生效的构建参数，镜像里就会留下一个空变量。它看起来已设置，于是那些“未设置就用默认值”的程序不会回退。",
  },
  remedy: {
    en: "Declare the argument again after FROM, or leave the variable out; then build and push again.",
    "zh-CN": "在 FROM 之后重新声明 ARG，或者去掉这个变量，然后重新构建并推送。",
  },
  params: z.object({
    reference: param(
      z
        .string()
        .trim()
        .max(500)
        .regex(/^[A-Za-z0-9][A-Za-z0-9._:/@-]*$|^$/)
        .default(""),
      {
        label: { en: "Image", "zh-CN": "镜像" },
        help: {
          en: "With its registry; without, it is asked of the registered one.",
          "zh-CN": "带上仓库地址；不带则向已登记的仓库查询。",
        },
        placeholder: "registry.example.com/team/app:1.2",
      },
    ),
  }),
  needs: ({ reference }) => ({
    ...(reference ? { image: registry.image({ reference }, pickEnvironment) } : {}),
  }),
  judge: ({ image }) => {
    if (!image) return { skip: { what: "image environment", detail: "no image was named" } };
    const names = [...new Set(image.platforms.flatMap(({ env }) => env.map(({ name }) => name)))].sort();
    return {
      findings: names.flatMap((name) => judgeVariable(image, name)),
      measurements: image.platforms.map(({ platform, env }) => ({
        name: "variables",
        subject: platform,
        value: env.length,
        unit: "{variables}",
      })),
    };
  },
});

function pickEnvironment({ reference, platforms }: RegistryImage) {
  return { reference, platforms: platforms.map(({ platform, env }) => ({ platform, env })) };
}
type Image = { reference: string; platforms: Pick<Platform, "platform" | "env">[] };

function judgeVariable({ reference, platforms }: Image, name: string): Finding[] {
  const on = (wanted: (one: Platform["env"][number] | undefined) => boolean) =>
    platforms.filter(({ env }) => wanted(env.find((one) => one.name === name))).map((one) => one.platform);
  const subject = { kind: "endpoint", name: reference, part: name };
  const empty = on((one) => one?.empty ?? false);
  const without = on((one) => one === undefined);
  const findings: Finding[] = [];
  if (empty.length > 0)
    findings.push({
      ...{ verdict: "warn", code: "empty-variable", subject },
      message: {
        en: `${name} is set and empty (${empty.join(", ")}).`,
        "zh-CN": `${name} 已设置但为空（${empty.join("、")}）。`,
      },
      observed: `${name}=`,
      expected: "a value, or no such variable",
      remedy: rebuild(reference, name),
    });
  if (without.length > 0)
    findings.push({
      ...{ verdict: "warn", code: "variable-differs", subject },
      message: {
        en: `${name} is missing on ${without.join(", ")} and there on the other platforms.`,
        "zh-CN": `${without.join("、")} 上没有 ${name}，其他平台上有。`,
      },
      observed: `${platforms.length - without.length} of ${platforms.length} platforms`,
      expected: "the same variables on every platform",
      remedy: rebuild(reference, name),
    });
  return findings;
}

function rebuild(reference: string, name: string): Finding["remedy"] {
  return [
    {
      purpose: "fix",
      text: {
        en: `In the Dockerfile, write ARG ${name} after FROM and before the ENV, and build with the argument.`,
        "zh-CN": `在 Dockerfile 里，于 FROM 之后、ENV 之前写上 ARG ${name}，并带参数构建。`,
      },
    },
    {
      purpose: "verify",
      text: { en: "The variable has its value.", "zh-CN": "变量有了值。" },
      command: `docker image inspect --format '{{range .Config.Env}}{{println .}}{{end}}' ${reference}`,
    },
  ];
}
