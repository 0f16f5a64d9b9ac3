import type { Locale } from "#common/text.ts";

/** Every runbook has these sections, in this order. The id is the same in both languages, so anchors survive a switch. */
export const sections = [
  { id: "what-happens", en: "What happens", "zh-CN": "发生了什么" },
  { id: "see-it", en: "See it", "zh-CN": "看一看" },
  { id: "why", en: "Why", "zh-CN": "为什么" },
  { id: "fix", en: "Fix", "zh-CN": "怎么修" },
  { id: "verify", en: "Verify", "zh-CN": "怎么确认" },
  { id: "since-then", en: "Since then", "zh-CN": "后来的变化" },
  { id: "sources", en: "Sources", "zh-CN": "来源" },
] as const satisfies readonly ({ id: string } & Record<Locale, string>)[];

export function sectionId(title: string): string | undefined {
  return sections.find((section) => section.en === title || section["zh-CN"] === title)?.id;
}
