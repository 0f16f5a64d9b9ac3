import { z } from "zod";
import type { Finding, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { defineCheck } from "../define-check.ts";
import { type ArgProblem, correction, readDockerfile } from "../needs/dockerfile-args.ts";
import { document } from "../needs/document.ts";

const subject: Subject = { kind: "document", name: "Dockerfile" };

/**
 * Subject: the document; part: line, column and name of the use.
 * Codes: not-redeclared, before-declaration, unknown-in-from, not-at-runtime, not-expanded (fail; warn where the use
 * brings a default of its own, which hides that the argument never arrives). The corrected file is evidence of the first.
 */
export const check = defineCheck({
  id: "document/dockerfile-args",
  version: 1,
  title: { en: "Build arguments that never arrive", "zh-CN": "没有生效的构建参数" },
  why: {
    en: "An ARG is known from its line to the end of its stage. Used elsewhere it is empty: the build goes through, and the image holds an empty variable, an empty path or the wrong version.",
    "zh-CN":
      "ARG 只在声明它的那一行到本阶段结束之间有效。在别处使用时它是空的：构建照样成功，镜像里却是空变量、空路径或者错误的版本。",
  },
  remedy: {
    en: "Declare the argument again after each FROM that needs it, and hand it to ENV where the running container needs it.",
    "zh-CN": "在每个需要它的 FROM 之后重新声明 ARG；容器运行时还要用的，再写进 ENV。",
  },
  params: z.object({}),
  needs: { text: document.text() },
  judge: ({ text }) => {
    const read = readDockerfile(text);
    if (!read) return { skip: { what: "a Dockerfile", detail: "there is no FROM in the text" } };
    const { corrected, diff } = correction(text, read.problems);
    const whole = { source: "corrected Dockerfile (diff)", excerpt: diff };
    const lines = text.split(/\r?\n/);
    return {
      findings: read.problems.map((problem, index) => {
        const found = finding(problem, lines[problem.line - 1] ?? "");
        const evidence = [...(found.evidence ?? []), ...(index === 0 && corrected !== "" ? [whole] : [])];
        return { ...found, evidence };
      }),
      measurements: [
        { name: "stages", value: read.stages, unit: "{stages}" },
        { name: "arguments", value: read.args, unit: "{arguments}" },
      ],
    };
  },
});

const expected: Record<ArgProblem["problem"], (name: string) => string> = {
  "not-redeclared": (name) => `ARG ${name} after this stage's FROM`,
  "before-declaration": (name) => `ARG ${name} above its first use`,
  "unknown-in-from": (name) => `ARG ${name} before the first FROM`,
  "not-at-runtime": (name) => `ENV ${name}=$${name}`,
  "not-expanded": () => "the shell form, or a shell as the first word",
};

function finding(problem: ArgProblem, line: string): Finding {
  const { name, line: number, column, hasDefault } = problem;
  const text = fixText(problem);
  return {
    verdict: hasDefault ? "warn" : "fail",
    code: problem.problem,
    subject: { ...subject, part: `line ${number}, column ${column}: ${name}` },
    message: message(problem),
    observed: line.trim().slice(0, 200),
    expected: expected[problem.problem](name),
    evidence: [{ source: `Dockerfile, line ${number}`, excerpt: line.slice(0, 500) }],
    remedy: [
      { purpose: "fix", text, ...(problem.fix && { command: problem.fix.text }) },
      {
        purpose: "verify",
        text: {
          en: "Build with a value nobody would guess, and look for it in the output of the build and in the image.",
          "zh-CN": "用一个特别的值构建，在构建输出和镜像里都应当能找到它。",
        },
        command: `docker build --progress plain --no-cache --build-arg ${name}=canary .`,
      },
    ],
  };
}

function message({ problem, name, line, instruction, declaredAt, hasDefault }: ArgProblem): Text {
  const at = declaredAt === undefined ? "" : ` (line ${declaredAt})`;
  const atZh = declaredAt === undefined ? "" : `（第 ${declaredAt} 行）`;
  const masked = hasDefault
    ? { en: " The default written here hides that.", "zh-CN": "这里写的默认值掩盖了这一点。" }
    : { en: "", "zh-CN": "" };
  const said: Record<ArgProblem["problem"], Text> = {
    "not-redeclared": {
      en: `${name}${at} is not known in this stage: ${instruction} on line ${line} gets an empty value.`,
      "zh-CN": `本阶段不认识 ${name}${atZh}：第 ${line} 行的 ${instruction} 得到的是空值。`,
    },
    "before-declaration": {
      en: `${instruction} on line ${line} uses ${name} above its ARG${at}, where it is still empty.`,
      "zh-CN": `第 ${line} 行的 ${instruction} 在 ARG${atZh}之前使用 ${name}，此时它还是空的。`,
    },
    "unknown-in-from": {
      en: `FROM on line ${line} uses ${name}, which is not declared before the first FROM.`,
      "zh-CN": `第 ${line} 行的 FROM 使用了 ${name}，但第一个 FROM 之前没有声明它。`,
    },
    "not-at-runtime": {
      en: `${instruction} on line ${line} reads ${name} when the container runs; by then arguments${at} are gone.`,
      "zh-CN": `第 ${line} 行的 ${instruction} 在容器运行时才读取 ${name}，那时构建参数${atZh}已不存在。`,
    },
    "not-expanded": {
      en: `${instruction} on line ${line} is in the exec form: without a shell, $${name} stays as it is written.`,
      "zh-CN": `第 ${line} 行的 ${instruction} 是 exec 形式：没有 shell，$${name} 会原样传给程序。`,
    },
  };
  return { en: said[problem].en + masked.en, "zh-CN": said[problem]["zh-CN"] + masked["zh-CN"] };
}

function fixText({ problem, fix, declaredAt, name }: ArgProblem): Text {
  if (problem === "not-expanded")
    return {
      en: 'Use the shell form, or put a shell in front: ["/bin/sh", "-c", "exec …"]. Then hand the value over with ENV.',
      "zh-CN": '改用 shell 形式，或在前面放一个 shell：["/bin/sh", "-c", "exec …"]，并用 ENV 传递该值。',
    };
  if (problem === "before-declaration")
    return {
      en: `Move ARG ${name} from line ${declaredAt} above its first use.`,
      "zh-CN": `把第 ${declaredAt} 行的 ARG ${name} 移到首次使用之前。`,
    };
  return problem === "unknown-in-from"
    ? { en: "Put this above the first FROM.", "zh-CN": "把它放在第一个 FROM 之前。" }
    : { en: `Put this below line ${fix?.after}.`, "zh-CN": `把它加在第 ${fix?.after} 行之后。` };
}
