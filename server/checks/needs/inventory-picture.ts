import type { Picture, PictureNode } from "#common/picture.ts";
import type { Text } from "#common/text.ts";
import { type Counted, qualified } from "./served-kinds.ts";

/** What `kubectl get all` shows beside what it leaves out, most objects first. */

const perColumn = 26;
const whyWords: Record<NonNullable<Counted["why"]>, Text> = {
  forbidden: { en: "may not be listed", "zh-CN": "无权列出" },
  "not-answered": { en: "did not answer", "zh-CN": "没有应答" },
  "not-counted": { en: "more than one", "zh-CN": "不止一个" },
  "not-asked": { en: "not asked", "zh-CN": "没有查询" },
};

export function inventoryPicture(kinds: readonly Counted[]): Picture {
  const shown = kinds.filter(inAll);
  const namespaced = kinds.filter((kind) => !inAll(kind) && kind.namespaced);
  const wide = kinds.filter((kind) => !inAll(kind) && !kind.namespaced);
  const nodes = [shown, namespaced, wide].flatMap((list, column) => boxes(list, column));
  return {
    id: "inventory",
    title: { en: "What get all shows, and what it leaves out", "zh-CN": "get all 显示了什么，漏掉了什么" },
    summary: summary(shown, [...namespaced, ...wide]),
    columns: [
      { en: "Shown by get all", "zh-CN": "get all 显示的" },
      { en: "Left out, in namespaces", "zh-CN": "漏掉的：命名空间内" },
      { en: "Left out, cluster-wide", "zh-CN": "漏掉的：集群范围" },
    ],
    nodes,
    edges: [],
  };
}

export function inAll({ categories }: Pick<Counted, "categories">): boolean {
  return categories.includes("all");
}

function boxes(list: readonly Counted[], column: number): PictureNode[] {
  const first = list.slice(0, perColumn - 1);
  const rest = list.slice(first.length);
  const objects = rest.reduce((sum, { count }) => sum + (count ?? 0), 0);
  return [
    ...first.map((kind) => box(kind, column)),
    ...(rest.length > 0
      ? [
          {
            id: `rest ${column}`,
            column,
            label: { en: `${rest.length} more kinds`, "zh-CN": `另外 ${rest.length} 种` },
            detail: { en: `${objects} objects`, "zh-CN": `${objects} 个对象` },
          },
        ]
      : []),
  ];
}

function box(kind: Counted, column: number): PictureNode {
  const name = qualified(kind);
  const detail =
    kind.count === null
      ? whyWords[kind.why ?? "not-asked"]
      : { en: `${kind.count}`, "zh-CN": `${kind.count} 个` };
  return {
    id: name,
    column,
    label: name.slice(0, 120),
    detail,
    ...(kind.count === null && { verdict: "unknown" }),
  };
}

function summary(shown: readonly Counted[], left: readonly Counted[]): Text {
  const sum = (list: readonly Counted[]) => list.reduce((all, { count }) => all + (count ?? 0), 0);
  const hidden = [...shown, ...left].filter(({ count }) => count === null).length;
  return {
    en: `get all shows ${shown.length} kinds with ${sum(shown)} objects and leaves out ${left.length} kinds with ${sum(left)}; ${hidden} kinds could not be counted.`,
    "zh-CN": `get all 显示 ${shown.length} 种共 ${sum(shown)} 个对象，漏掉 ${left.length} 种共 ${sum(left)} 个；${hidden} 种无法计数。`,
  };
}
