import type { Words } from "#common/result.ts";
import { inLocale, type Locale, type Text } from "#common/text.ts";
import type { Diagnosis } from "./diagnose.ts";
import type { Candidate, Scene } from "./scene.ts";

/** Why this cause and not another, as a reader of either language follows it. */

/** Without the full stop that some names carry: they are put into sentences. */
export const clause = (text: string) => text.replace(/[.。]$/, "");

const points = (value: number) => `${value > 0 ? "+" : "−"}${Number(Math.abs(value).toFixed(1))}`;

const wordsIn = (words: Words, locale: Locale) =>
  typeof words === "string" ? words : inLocale(words, locale);

/** The cause chosen, the runners-up and what was ruled out, each with its name, its weight and what makes it up. */
function argumentIn({ first, others, ruledOut }: Diagnosis, locale: Locale): string {
  const out = { en: "ruled out: ", "zh-CN": "已排除：" }[locale];
  const told = (head: string, { name, code, signals }: Candidate, score: string) => [
    `${head}${clause(name[locale])} [${code}]${score}`,
    ...signals.map((signal) => `   ${points(signal.points)} ${wordsIn(signal.words, locale)}`),
  ];
  return [
    ...[first, ...others]
      .slice(0, 4)
      .map((one, index) => told(`${index + 1}. `, one, ` ${points(one.score)}`)),
    ...ruledOut.slice(0, 3).map((one) => told(out, one, "")),
  ]
    .flat()
    .join("\n");
}

export const argument = (diagnosis: Diagnosis): Text => ({
  en: argumentIn(diagnosis, "en"),
  "zh-CN": argumentIn(diagnosis, "zh-CN"),
});

/** How it stands, since when, and what weighs most for the cause, in one line. */
export function observedOf({ scene, diagnosis }: { scene: Scene; diagnosis: Diagnosis }): Text {
  const { pod, container, since } = scene;
  const state = pod.deletedAt ? "Terminating" : (pod.reason ?? container?.waiting ?? pod.phase);
  const [best] = diagnosis.first.signals.toSorted((a, b) => b.points - a.points);
  return {
    en: `${state}, since ${since}${best ? `: ${wordsIn(best.words, "en")}` : ""}`,
    "zh-CN": `${state}，始于 ${since}${best ? `：${wordsIn(best.words, "zh-CN")}` : ""}`,
  };
}
