import { z } from "zod";
import type { Finding, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { defineCheck } from "../define-check.ts";
import { document } from "../needs/document.ts";
import { type HereDocument, hereDocuments, nearMisses, strangersIn } from "../needs/here-scan.ts";

/**
 * Subject: the script; part: the line of the operator and the delimiter.
 * Codes: closed (pass), unclosed and delimiter-not-alone (fail), dash-with-spaces (warn), expands-in-file (warn).
 */
export const check = defineCheck({
  id: "document/here-documents",
  version: 3,
  title: { en: "Here-documents of a shell script", "zh-CN": "脚本中的 here-document" },
  why: {
    en: "One space before a delimiter, and the rest of a script becomes text. One missing pair of quotes, and every $host of a configuration is gone from the file that was written.",
    "zh-CN": "分界符前多一个空格，脚本余下的部分都成了文本；少一对引号，写出的配置里所有 $host 都不见了。",
  },
  remedy: {
    en: "Put the delimiter alone at the line's beginning, indent with tabs below <<-, and quote the delimiter where the text is to stay as it is.",
    "zh-CN": "分界符单独顶格写；<<- 用制表符缩进；文本要原样保留时，给分界符加引号。",
  },
  params: z.object({}),
  needs: { text: document.text() },
  judge: ({ text }) => {
    const all = hereDocuments(text);
    if (all.length === 0) return { skip: { what: "here-documents", detail: "this script has none" } };
    return { findings: all.flatMap((one) => findingsOf(one, text)) };
  },
});

function findingsOf(one: HereDocument, script: string): Finding[] {
  const { line, delimiter, isDash, isQuoted, endLine, writes, body } = one;
  const subject: Subject = { kind: "document", name: "script", part: `line ${line} ${delimiter}` };
  const finding = (
    verdict: "pass" | "warn" | "fail",
    code: string,
    message: Text,
    more: Partial<Finding> = {},
  ) => ({
    ...{ verdict, code, subject, message },
    ...more,
  });
  if (endLine === null) return [unclosed(one, finding)];
  const found: Finding[] = [];
  if (isDash && body.some((each) => /^\t* +\S/.test(each)))
    found.push(
      finding("warn", "dash-with-spaces", {
        en: `Line ${line}: <<- takes away tabs alone; lines that begin with spaces keep them.`,
        "zh-CN": `第 ${line} 行：<<- 只去掉制表符，用空格缩进的行会原样保留空格。`,
      }),
    );
  const names = isQuoted || !writes ? [] : strangersIn(one, script);
  if (names.length > 0) {
    const list = names.map((name) => `$${name}`).join(", ");
    found.push(
      finding(
        "warn",
        "expands-in-file",
        {
          en: `Line ${line}: ${list} would be replaced before the file is written, and this script gives no value: the file gets nothing in its place.`,
          "zh-CN": `第 ${line} 行：写入文件之前会先展开 ${list}，而脚本里没有给它赋值：文件里对应的位置会是空的。`,
        },
        { observed: `<<${isDash ? "-" : ""}${delimiter}`, expected: `<<${isDash ? "-" : ""}'${delimiter}'` },
      ),
    );
  }
  if (found.length > 0) return found;
  const closed = {
    en: `Line ${line}: ${body.length} lines to ${delimiter} in line ${endLine}, ${isQuoted ? "as they are" : "with values put in"}.`,
    "zh-CN": `第 ${line} 行：共 ${body.length} 行，到第 ${endLine} 行的 ${delimiter} 结束，${isQuoted ? "原样传递" : "会展开变量"}。`,
  };
  return [finding("pass", "closed", closed)];
}

type Make = (verdict: "fail", code: string, message: Text, more?: Partial<Finding>) => Finding;

function unclosed(one: HereDocument, finding: Make): Finding {
  const { line, delimiter } = one;
  const [near] = nearMisses(one);
  if (!near)
    return finding("fail", "unclosed", {
      en: `Line ${line}: ${delimiter} never comes; all that follows is text.`,
      "zh-CN": `第 ${line} 行：之后再也没有出现 ${delimiter}，后面的内容全部成了文本。`,
    });
  const shown = JSON.stringify(near.text);
  return finding(
    "fail",
    "delimiter-not-alone",
    {
      en: `Line ${line}: the delimiter in line ${near.line} does not count, because there is something beside it (${shown}); all that follows is text.`,
      "zh-CN": `第 ${line} 行：第 ${near.line} 行的分界符旁边还有别的字符（${shown}），不算结束，后面的内容全部成了文本。`,
    },
    { observed: shown, expected: JSON.stringify(delimiter) },
  );
}
