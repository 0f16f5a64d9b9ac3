import type { Message } from "./message.ts";
import { wordsOf } from "./words.ts";

const mostClusters = 3;

/** "prod, staging: 3 new, 1 gone": the one line that is read on a lock screen. */
export function headlineOf(message: Message): string {
  const words = wordsOf(message.locale);
  if (message.kind === "test") return words.test;
  const names = message.clusters.map(({ name }) => name);
  const shown = names.slice(0, mostClusters).join(words.between);
  const where = names.length > mostClusters ? shown + words.elsewhere(names.length - mostClusters) : shown;
  const counted = countsOf(message).join(words.between) || words.nothing;
  const what = where === "" ? counted : words.on(where, counted);
  return message.kind === "summary" ? words.quiet(what) : what;
}

function countsOf({ counts, locale }: Message): string[] {
  const { counted } = wordsOf(locale);
  const numbers = {
    new: (counts.opened ?? 0) + (counts.reopened ?? 0),
    worse: counts.worsened ?? 0,
    milder: counts.eased ?? 0,
    gone: counts.resolved ?? 0,
    unreadable: counts.unreadable ?? 0,
    readable: counts.readable ?? 0,
    notRun: counts.not_run ?? 0,
  };
  const names = ["new", "worse", "milder", "gone", "unreadable", "readable", "notRun"] as const;
  return names.flatMap((name) => (numbers[name] > 0 ? [counted[name](numbers[name])] : []));
}

/** "Pod payments/web-0 (app)" */
export function subjectOf({ subject }: Message["findings"][number]): string {
  const { kind, namespace, name, part } = subject;
  return `${kind} ${namespace ? `${namespace}/` : ""}${name}${part ? ` (${part})` : ""}`;
}

/** "Fail · new", and from what where it changed. */
export function changeOf(finding: Message["findings"][number], locale: Message["locale"]): string {
  const words = wordsOf(locale);
  const before =
    finding.previousVerdict && finding.previousVerdict !== finding.verdict && finding.change !== "resolved"
      ? `${words.verdict[finding.previousVerdict]} → `
      : "";
  return `${before}${words.verdict[finding.verdict]} · ${words.change[finding.change]}`;
}
