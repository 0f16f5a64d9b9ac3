import type { Comparison } from "#common/contracts/run.ts";
import { exactTime } from "#common/format.ts";
import type { Locale, Text } from "#common/text.ts";
import type { Check } from "#server/checks/define-check.ts";
import { loadWords } from "#server/words.ts";
import type { DomainContext, TeamContext } from "../context.ts";
import { html, type Markup } from "../html-report/markup.ts";
import type { ReportWords } from "../html-report/words.ts";
import { writeComparison } from "../html-report/write-comparison.ts";
import { writeHtml } from "../html-report/write-html.ts";
import { readReport } from "../run-exports/read-report.ts";
import { loadRunbooks } from "../runbooks/load-runbooks.ts";
import { compareRun } from "../runs/compare.ts";
import { libraryOf } from "../team-runbooks/library-of.ts";
import { knownNames } from "./known-names.ts";
import type { OpenShare } from "./open.ts";
import { createPseudonyms } from "./pseudonyms.ts";
import { type Hiding, redactReport } from "./redact.ts";
import { redactComparison } from "./redact-comparison.ts";
import { vocabulary } from "./vocabulary.ts";

type Render = { ctx: DomainContext; share: OpenShare; locale: Locale };

/** The page of a link, in parts; null where what it shares is no longer kept. */
export async function renderShare({ ctx, share, locale }: Render): Promise<AsyncIterable<string> | null> {
  const { teamId, runId, withRunId } = share;
  const runs = await ctx.db.run.findMany({
    where: { teamId, id: { in: withRunId ? [runId, withRunId] : [runId] } },
    select: { id: true, clusterIds: true },
  });
  if (runs.length < (withRunId ? 2 : 1)) return null;
  const library = await libraryOf(ctx, teamId);
  const hiding = share.hideNames ? await hidingOf(ctx, share, runs) : null;
  const notice = (t: ReportWords) => noticeOf(share, t);
  if (withRunId) {
    const comparison = await compareRun({ ctx: readerOf(ctx, teamId), input: { runId, with: withRunId } });
    const shown: Comparison = redactComparison(comparison, hiding);
    return writeComparison(shown, { locale, notice, titleOf: (check) => titleOf(check, library, hiding) });
  }
  const report = await readReport(ctx.db, { teamId, runId }, library);
  return report && writeHtml(redactReport(report, hiding), { locale, notice });
}

/** Whoever holds a link reads as one who may read and nothing else. */
function readerOf(ctx: DomainContext, teamId: string): TeamContext {
  const actor = { type: "system", name: "share" } as const;
  return { ...ctx, actor, team: { id: teamId, slug: "", name: "" }, role: "viewer" };
}

async function hidingOf(
  { db }: DomainContext,
  { teamId, nameKey }: OpenShare,
  runs: { id: string; clusterIds: string[] }[],
): Promise<Hiding> {
  const words = await vocabulary();
  const runIds = runs.map(({ id }) => id);
  const ids = runs.flatMap(({ clusterIds }) => clusterIds);
  const clusters = await db.cluster.findMany({
    where: { teamId, id: { in: ids } },
    select: { slug: true, name: true },
  });
  const known = await knownNames(db, runIds, words);
  for (const { slug, name } of clusters)
    for (const each of [slug, name]) known.set(each.toLowerCase(), "cluster");
  const names = createPseudonyms({ key: nameKey, vocabulary: words, known });
  const ours = await loadRunbooks();
  const [en, zh] = await Promise.all([loadWords("en", "report"), loadWords("zh-CN", "report")]);
  const text = (key: string): Text => ({ en: en(key) ?? key, "zh-CN": zh(key) ?? key });
  return {
    names,
    clusters: new Map(
      clusters.flatMap(({ slug, name }) =>
        [slug, name].map((each) => [each, names.of("cluster", slug)] as const),
      ),
    ),
    isOurs: (slug) => ours.has(slug),
    words: { check: text("teamCheck"), message: text("teamMessage") },
  };
}

function titleOf(id: string, library: readonly Check[], hiding: Hiding | null): Text {
  const title = library.find((check) => check.id === id)?.title;
  if (hiding && id.startsWith("check-")) return hiding.words.check;
  return title ?? { en: id, "zh-CN": id };
}

/** Says what this page is, how long it lasts and what of the run it leaves out. */
function noticeOf({ hideNames, expiresAt }: OpenShare, t: ReportWords): Markup {
  const other = t.locale === "en" ? "zh-CN" : "en";
  return html`<aside class="note" aria-label="${t.report("shareTitle")}">
<p><strong>${t.report("shareTitle")}</strong> ${t.report("shareUntil", { when: exactTime(expiresAt, t.locale, "UTC") })}</p>
<p>${t.report(hideNames ? "shareHidesNames" : "shareHides")}</p>
<p class="onscreen small"><a href="?language=${other}" hreflang="${other}" lang="${other}">${other === "en" ? "English" : "中文"}</a></p>
</aside>
`;
}
