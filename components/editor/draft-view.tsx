"use client";
import { useTranslations } from "next-intl";
import type { RunbookView } from "#common/contracts/runbook.ts";
import type { Validation } from "#common/contracts/team-runbook.ts";
import { Article } from "#components/runbooks/article.tsx";
import { RunbookSessionProvider } from "#components/runbooks/session.tsx";

/** The text as it will be read, by the same components; its checks cannot be run from here. */
export default function DraftView({ team, validation }: { team: string; validation: Validation }) {
  const t = useTranslations("editor");
  const { meta } = validation;
  return (
    <RunbookSessionProvider team={team} cluster={null} canRun={false} runbook={toView(validation)}>
      <p className="mb-1 text-title font-semibold">{meta?.title ?? t("untitled")}</p>
      {meta ? <p className="mt-1 text-body text-soft">{meta.summary}</p> : null}
      <Article nodes={validation.article} />
    </RunbookSessionProvider>
  );
}

function toView({ meta, article, checkViews }: Validation): RunbookView {
  return {
    ...{ slug: "draft", own: true, number: 1, title: meta?.title ?? "", summary: meta?.summary ?? "" },
    ...{ week: meta?.week ?? "", tags: meta?.tags ?? [], article, checkViews },
    ...{ checks: [], tools: [], sources: [], headings: [], states: [], strip: [] },
    ...{ lastProven: null, previous: null, next: null },
  };
}
