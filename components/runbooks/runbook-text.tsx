import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import type { RunbookView } from "#common/contracts/runbook.ts";
import { calendarDay } from "#common/format.ts";
import { Badge } from "../ui/badge.tsx";
import { Article } from "./article.tsx";

export function RunbookHead({ team, runbook }: { team: string; runbook: RunbookView }) {
  const t = useTranslations("runbook");
  return (
    <header className="min-w-0 xl:col-span-2">
      <Eyebrow runbook={runbook} />
      <h1 className="mt-1 max-w-[26em] text-[1.75rem] leading-9 tracking-[-0.018em]">{runbook.title}</h1>
      <p className="mt-2 max-w-[62ch] text-lead text-soft">{runbook.summary}</p>
      <p className="mt-2">
        <Link
          href={`/${team}/sessions/new?runbook=${runbook.slug}`}
          className="text-accent underline decoration-1 underline-offset-[0.18em] hover:text-accent-strong"
        >
          {t("walkTogether")}
        </Link>
      </p>
      {runbook.own ? (
        <p className="mt-2">
          <Link
            href={`/${team}/runbooks/${runbook.slug}/edit`}
            className="text-accent underline decoration-1 underline-offset-[0.18em] hover:text-accent-strong"
          >
            {t("editOwn")}
          </Link>
        </p>
      ) : null}
    </header>
  );
}

type Props = { team: string; runbook: RunbookView; cluster: string | undefined };

/** The article, its sources, and the runbooks before and after. */
export function RunbookText({ team, runbook, cluster }: Props) {
  return (
    <>
      <Article nodes={runbook.article} />
      <Sources sources={runbook.sources} />
      <Neighbours team={team} runbook={runbook} cluster={cluster} />
    </>
  );
}

function Eyebrow({ runbook }: { runbook: RunbookView }) {
  const t = useTranslations("runbook");
  const locale = useLocale();
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-faint">
      <span>{t("week", { day: calendarDay(runbook.week, locale) })}</span>
      {runbook.tags.map((tag) => (
        <Badge key={tag}>{tag}</Badge>
      ))}
    </p>
  );
}

/** The last section of every article is its sources; the addresses stand in the front matter. */
function Sources({ sources }: Pick<RunbookView, "sources">) {
  return (
    <ul className="prose-article mt-4 space-y-1">
      {sources.map((source) => (
        <li key={source.url}>
          <a
            href={source.url}
            rel="noreferrer"
            className="text-accent underline decoration-1 underline-offset-[0.18em] hover:text-accent-strong"
          >
            {source.title}
          </a>
        </li>
      ))}
    </ul>
  );
}

function Neighbours({ team, runbook, cluster }: Props) {
  const t = useTranslations("runbook");
  const query = cluster ? `?cluster=${cluster}` : "";
  const { previous, next } = runbook;
  if (!previous && !next) return null;
  return (
    <nav aria-label={t("neighbours")} className="mt-14 grid gap-4 border-t border-line pt-4 sm:grid-cols-2">
      {previous ? (
        <Link href={`/${team}/runbooks/${previous.slug}${query}`} className="group">
          <span className="block text-faint">{t("previous")}</span>
          <span className="text-body group-hover:text-accent">{previous.title}</span>
        </Link>
      ) : (
        <span />
      )}
      {next ? (
        <Link href={`/${team}/runbooks/${next.slug}${query}`} className="group sm:text-right">
          <span className="block text-faint">{t("next")}</span>
          <span className="text-body group-hover:text-accent">{next.title}</span>
        </Link>
      ) : null}
    </nav>
  );
}
