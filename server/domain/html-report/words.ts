import type { Locale } from "#common/text.ts";
import { loadWords } from "#server/words.ts";

type Values = Record<string, string | number>;

/** What a report is written with: `t.report("who")`, `t.runs("observed")`, in one language. */
export type ReportWords = { locale: Locale } & Record<
  "report" | "runs" | "verdict" | "reason" | "compare" | "across",
  (key: string, values?: Values) => string
>;

export async function reportWords(locale: Locale): Promise<ReportWords> {
  const load = async (namespace: string) => {
    const say = await loadWords(locale, namespace);
    return (key: string, values?: Values) => say(key, values) ?? key;
  };
  const [report, runs, verdict, reason, compare, across] = await Promise.all(
    ["report", "runs", "verdict", "reason", "compare", "across"].map(load),
  );
  if (!report || !runs || !verdict || !reason || !compare || !across)
    throw new Error("messages of reports are missing");
  return { locale, report, runs, verdict, reason, compare, across };
}
