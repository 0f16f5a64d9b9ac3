import { z } from "zod";
import type { Finding } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { parseSnippets, snippetScript, snippets } from "../needs/here-snippets.ts";
import { host } from "../needs/host.ts";
import { isUnread, optional, type Unread } from "../needs/need.ts";

/**
 * Subject: the host; part: the shell, with the snippet.
 * Codes: as-expected (pass), differs (fail), here-string and here-string-unsupported (pass), here-string-differs (fail),
 * shell-missing (pass), shell-unread (unknown).
 */
export const check = defineCheck({
  id: "host/here-documents",
  version: 1,
  title: { en: "Here-documents in this host's shells", "zh-CN": "本机 shell 的 here-document" },
  why: {
    en: "A script that writes a configuration relies on the shell to expand, or not to expand, what stands between the delimiters. What sh is differs from host to host, and a here-string works in one of them only.",
    "zh-CN":
      "用脚本写配置，靠的是 shell 对分界符之间的内容展开或不展开。sh 到底是谁，各台主机并不相同，here-string 也只有其中一些支持。",
  },
  remedy: {
    en: "Give scripts the interpreter they were written for, and use here-strings only below #!/bin/bash.",
    "zh-CN": "脚本写给谁就用谁来执行；只有 #!/bin/bash 的脚本才用 here-string。",
  },
  params: z.object({}),
  needs: {
    machine: host.sysctl("kernel.hostname"),
    sh: optional(host.command(["sh", "-c", snippetScript], parseSnippets)),
    bash: optional(host.command(["bash", "-c", snippetScript], parseSnippets)),
  },
  judge: ({ machine, sh, bash }) => ({
    findings: [...shellFindings(machine, "sh", sh), ...shellFindings(machine, "bash", bash)],
  }),
});

type Outputs = Record<string, string> | Unread;

function shellFindings(machine: string, shell: "sh" | "bash", outputs: Outputs): Finding[] {
  const subject = (part: string) => ({ kind: "host", name: machine, part });
  if (isUnread(outputs)) {
    const isMissing = outputs.unread.code === "tool-missing";
    const message = isMissing
      ? { en: `There is no ${shell} on this host.`, "zh-CN": `本机没有 ${shell}。` }
      : {
          en: `${shell} could not be asked (${outputs.unread.code}).`,
          "zh-CN": `无法运行 ${shell}（${outputs.unread.code}）。`,
        };
    const code = isMissing ? "shell-missing" : "shell-unread";
    return [{ verdict: isMissing ? "pass" : "unknown", code, subject: subject(shell), message }];
  }
  const found = snippets.map(({ id, expected }): Finding => {
    const observed = outputs[id] ?? "";
    const isRight = observed === expected;
    return {
      verdict: isRight ? "pass" : "fail",
      code: isRight ? "as-expected" : "differs",
      subject: subject(`${shell} ${id}`),
      message: isRight
        ? { en: `${shell}: ${id} gives what it should.`, "zh-CN": `${shell}：${id} 的结果符合预期。` }
        : {
            en: `${shell}: ${id} gives something else than POSIX asks for.`,
            "zh-CN": `${shell}：${id} 的结果与 POSIX 的要求不同。`,
          },
      observed,
      expected,
    };
  });
  return [...found, hereString(shell, outputs["here-string"] ?? "", subject(`${shell} here-string`))];
}

function hereString(shell: string, observed: string, subject: Finding["subject"]): Finding {
  if (observed === "a  b") {
    const message = {
      en: `${shell} knows here-strings (<<<).`,
      "zh-CN": `${shell} 支持 here-string（<<<）。`,
    };
    return { verdict: "pass", code: "here-string", subject, message, observed };
  }
  if (observed === "unsupported" && shell === "sh") {
    const message = {
      en: "sh does not know here-strings (<<<), which POSIX does not ask for: scripts that use them need bash.",
      "zh-CN": "sh 不支持 here-string（<<<），POSIX 也没有要求；用到它的脚本需要 bash。",
    };
    return { verdict: "pass", code: "here-string-unsupported", subject, message, observed };
  }
  const message = {
    en: `${shell} gives something else for a here-string than the text and a newline.`,
    "zh-CN": `${shell} 的 here-string 结果不是“文本加换行”。`,
  };
  return { verdict: "fail", code: "here-string-differs", subject, message, observed, expected: "a  b" };
}
