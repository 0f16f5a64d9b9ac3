import { z } from "zod";
import type { Finding, Subject } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { document } from "../needs/document.ts";
import { type TaskProblem, taskActions } from "../needs/scheduled-task.ts";
import { taskProblems } from "../needs/scheduled-task-rules.ts";
import { taskWords } from "../needs/scheduled-task-words.ts";

const subject: Subject = { kind: "document", name: "scheduled task" };

/**
 * Subject: the document; part: line and column.
 * Codes: well-formed (pass); may-prompt, profile-loaded, policy-unset, relative-path and not-connected (warn);
 * session-unseen (unknown); program-unquoted, file-unquoted, path-unquoted, single-quotes, typographic-quotes,
 * open-quote, after-file, policy-invalid, policy-forbids, only-printed, nothing-to-run, never-ends,
 * connect-before-load, script-before-session and session-not-kept (fail).
 */
export const check = defineCheck({
  id: "document/scheduled-task",
  version: 2,
  title: { en: "PowerShell in a scheduled task", "zh-CN": "计划任务里的 PowerShell 命令行" },
  why: {
    en: "Nobody sees a task's window: a wrongly quoted path, a prompt or a session that was never loaded ends it, or leaves it waiting, without a word.",
    "zh-CN":
      "计划任务的窗口没人看得见：路径引号不对、弹出提示、会话没有加载，任务都会悄无声息地失败或一直等待。",
  },
  remedy: {
    en: "Put -NoProfile, -NonInteractive and -ExecutionPolicy before -File, and the whole path in double quotes.",
    "zh-CN": "把 -NoProfile、-NonInteractive、-ExecutionPolicy 写在 -File 之前，并用双引号括住完整路径。",
  },
  params: z.object({}),
  needs: { text: document.text() },
  judge: ({ text }) => {
    const actions = taskActions(text);
    if (actions.length === 0)
      return { skip: { what: "PowerShell", detail: "no command line or task in the text starts it" } };
    const findings = actions.flatMap((action) => {
      const problems = taskProblems(action);
      const placed = problems.map((one) => finding(one, text, action.places[one.at] ?? 0));
      return placed.length > 0 ? placed : [wellFormed(text, action.places[0] ?? 0)];
    });
    return { findings, measurements: [{ name: "actions", value: actions.length, unit: "{actions}" }] };
  },
});

function placeOf(text: string, offset: number): { line: number; column: number; source: string } {
  const before = text.slice(0, offset).split("\n");
  const source = text.split("\n")[before.length - 1] ?? "";
  return { line: before.length, column: (before.at(-1) ?? "").length + 1, source: source.trim() };
}

function finding({ code, value }: TaskProblem, text: string, offset: number): Finding {
  const { line, column, source } = placeOf(text, offset);
  const { verdict, message, expected, fix } = taskWords(code, value);
  return {
    ...{ verdict, code, message, expected },
    subject: { ...subject, part: `line ${line}, column ${column}` },
    observed: value.slice(0, 200),
    evidence: [{ source: `line ${line}`, excerpt: source.slice(0, 500) }],
    remedy: [{ purpose: "fix", text: fix }],
  };
}

function wellFormed(text: string, offset: number): Finding {
  const { line } = placeOf(text, offset);
  return {
    verdict: "pass",
    code: "well-formed",
    subject: { ...subject, part: `line ${line}` },
    message: {
      en: "Windows and PowerShell read this command line as it was meant, and nothing in it waits for an answer.",
      "zh-CN": "Windows 和 PowerShell 对这条命令行的理解与本意一致，也没有会等待输入的地方。",
    },
  };
}
