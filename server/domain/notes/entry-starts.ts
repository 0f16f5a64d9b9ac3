// Which lone lines of plain text were titles: of an entry, or of a section within one. The marks are lost, so this is a
// judgement: whoever imports sees it on the review page and corrects it there.
import type { TextBlock } from "./text-blocks.ts";

export type LineRole = "entry" | "section" | "paragraph";

/** Columns: a Han character takes two. */
const widestTitle = 56;
const shortestTopic = 5;
/** Ends like a sentence, or has the pause of one. */
const sentence = /[。.,;:：，；、!！)]$|[。；;！，]\s*\S|[,:：]\s*[^\s,:]*[\p{Script=Han}A-Za-z]/u;
/** Words with which a line goes on about the same thing. */
const goesOn =
  /^(?:也|还|但|就|其|另|最后|最终|接下来|然后|首先|上面|以下|下图|如下|可以|可|我们|如果|这|那|例如|比如|即使|See |For example|However|Then |Finally|Next|Also|You |This |It )/i;
/** Parts that every article has, and words that begin an instruction. */
const partName =
  /^(?:相关|操作|错误现象|解决|原因|现象|特征|总结|说明|方案|方法|步骤|示例|参考|注意|安装|配置|清空|清除|修改|查看|通过|使用|利用|测试|加载|初始化|监控一下|启动|停止|添加|增加|删除|设置|检查|在应用|永久|\d+\s|Note|Install|Configure|Check|Verify|Run|Create|Add|Remove|Enable|Disable|Usage|Example|References?|Causes?\b|Fix|Solution|Why|How to)/i;

/** Pairs of characters that say nothing of a topic. */
const generic = new Set([
  "问题",
  "处理",
  "使用",
  "原理",
  "实践",
  "服务",
  "方式",
  "过程",
  "配置",
  "情况",
  "常见",
]);

/** Words by which two texts can be about the same: Latin ones, and pairs of Han characters. */
function topics(text: string): Set<string> {
  const latin = text.toLowerCase().match(/[a-z][a-z0-9_.+-]*[a-z0-9]|[a-z]/g) ?? [];
  const han = (text.match(/\p{Script=Han}+/gu) ?? []).flatMap((run) =>
    Array.from({ length: Math.max(0, run.length - 1) }, (_, index) => run.slice(index, index + 2)),
  );
  return new Set([...latin, ...han.filter((pair) => !generic.has(pair))]);
}

function couldBeTitle(text: string): boolean {
  const width = text.length + (text.match(/\p{Script=Han}/gu)?.length ?? 0);
  return width <= widestTitle && !/^https?:/.test(text) && !/^["'“(（<*]/.test(text);
}

function wordsOf(block: TextBlock): string {
  if (block.type === "line") return block.text;
  if (block.type === "list") return block.items.flatMap(({ blocks }) => blocks.map(wordsOf)).join("\n");
  if (block.type === "paragraph" || block.type === "code") return block.lines.join("\n");
  return "";
}

/** The roles of the lines of one week, by the index of their block. `common`: topics too frequent to tell apart. */
export function lineRoles(blocks: readonly TextBlock[], common: ReadonlySet<string>): Map<number, LineRole> {
  const roles = new Map<number, LineRole>();
  let title = new Set<string>();
  let spoken = "";
  let sinceTitle = 0;
  for (const [index, block] of blocks.entries()) {
    if (block.type === "line" && !/^#+$/.test(block.text)) {
      const role = roleOf(block.text, { blocks, index, title, spoken, sinceTitle, common });
      roles.set(index, role);
      if (role === "entry") {
        title = topics(block.text);
        spoken = "";
        sinceTitle = 0;
        continue;
      }
    }
    spoken += `\n${wordsOf(block)}`;
    sinceTitle += 1;
  }
  return roles;
}

type Place = {
  blocks: readonly TextBlock[];
  index: number;
  title: ReadonlySet<string>;
  spoken: string;
  sinceTitle: number;
  common: ReadonlySet<string>;
};

function roleOf(text: string, { blocks, index, title, spoken, sinceTitle, common }: Place): LineRole {
  if (index === 0) return "entry";
  if (!couldBeTitle(text) || index === blocks.length - 1) return "paragraph";
  const before = blocks[index - 1];
  const afterLinks = before?.type === "links" || endsWithLink(before);
  const marked = before?.type === "line" && /^#+$/.test(before.text);
  const asks = /[?？]$/.test(text);
  if (!asks && sentence.test(text)) return "paragraph";
  if (goesOn.test(text)) return "paragraph";
  if (sinceTitle === 0) return "section";
  if (marked) return "entry";
  if (isShort(text) || partName.test(text)) return "section";
  if (afterLinks) return "entry";
  const own = [...topics(text)].filter((topic) => !common.has(topic));
  if (own.some((topic) => title.has(topic))) return "section";
  // Names say more than words: where there are names, they alone decide.
  const names = own.filter((topic) => /[a-z]/.test(topic));
  const telling = names.length > 0 ? names : own;
  const heard = topics(spoken);
  const fresh = telling.filter((topic) => !heard.has(topic)).length;
  return telling.length > 0 && fresh / telling.length > 0.6 ? "entry" : "section";
}

/** Four Han characters name a part ("解决办法") more often than a topic. */
function isShort(text: string): boolean {
  return text.length < shortestTopic && /\p{Script=Han}/u.test(text);
}

/** References at the end of a list end an entry as well. */
function endsWithLink(block: TextBlock | undefined): boolean {
  if (block?.type !== "list") return false;
  const last = block.items.at(-1)?.blocks.at(-1);
  return last?.type === "links" || endsWithLink(last);
}

/**
 * Topics of the lone lines of many weeks: "k8s" in notes about Kubernetes does not tell two entries apart. Names of
 * things (Latin) become common sooner than words.
 */
export function commonTopics(weeks: readonly (readonly string[])[]): Set<string> {
  const counts = new Map<string, number>();
  for (const lines of weeks) {
    const inWeek = new Set(lines.filter(couldBeTitle).flatMap((line) => [...topics(line)]));
    for (const topic of inWeek) counts.set(topic, (counts.get(topic) ?? 0) + 1);
  }
  const most = Math.max(3, Math.ceil(weeks.length / 12));
  return new Set(
    [...counts]
      .filter(([topic, count]) => count >= (/[a-z]/.test(topic) ? most : most + 1))
      .map(([topic]) => topic),
  );
}
