"use client";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import type { ImportView } from "#common/contracts/notes.ts";
import { calendarDay } from "#common/format.ts";
import { useTeamHref } from "#components/team/use-team.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Section } from "#components/ui/page-header.tsx";
import { Time } from "#components/ui/time.tsx";

type Props = {
  imported: ImportView;
  busy: boolean;
  onPublish: (slugs: string[]) => void;
  onUndo: () => void;
};

export function ImportSection({ imported, busy, onPublish, onUndo }: Props) {
  const t = useTranslations("notes");
  const { name, by, at, undone, drafts } = imported;
  const ready = drafts.filter(({ published, problems }) => !published && problems === 0);
  return (
    <Section title={name} aside={t.rich("importedBy", { by, when: () => <Time at={at} /> })}>
      <div className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-2">
        {undone ? (
          <p className="text-soft">
            {t.rich("undoneBy", { by: undone.by, kept: drafts.length, when: () => <Time at={undone.at} /> })}
          </p>
        ) : (
          <>
            <p>{t("draftCounts", { count: drafts.length, ready: ready.length })}</p>
            <Button
              size="small"
              busy={busy}
              disabled={ready.length === 0}
              onClick={() => onPublish(ready.map(({ slug }) => slug))}
            >
              {t("publishAll", { count: ready.length })}
            </Button>
            <Button size="small" onClick={onUndo}>
              {t("undo")}
            </Button>
          </>
        )}
      </div>
      <ul className="divide-y divide-line border-y border-line">
        {drafts.map((draft) => (
          <DraftRow key={draft.slug} draft={draft} busy={busy} onPublish={() => onPublish([draft.slug])} />
        ))}
      </ul>
    </Section>
  );
}

function DraftRow({
  draft,
  busy,
  onPublish,
}: {
  draft: ImportView["drafts"][number];
  busy: boolean;
  onPublish: () => void;
}) {
  const t = useTranslations("notes");
  const locale = useLocale();
  const href = useTeamHref();
  const { slug, title, week, problems, changed, published } = draft;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-1.5">
      <Link
        href={href(published ? `/runbooks/${slug}` : `/runbooks/${slug}/edit`)}
        className="min-w-0 font-medium break-words hover:text-accent"
      >
        {title}
      </Link>
      {published ? <Badge>{t("isPublished")}</Badge> : <Badge outline="dashed">{t("draft")}</Badge>}
      {changed ? <Badge>{t("changed")}</Badge> : null}
      {week ? <span className="text-faint">{t("week", { day: calendarDay(week, locale) })}</span> : null}
      {problems > 0 ? <span className="text-fail">{t("problems", { count: problems })}</span> : null}
      {published ? null : (
        <Button
          size="small"
          className="ml-auto"
          aria-label={t("publishOne", { title })}
          busy={busy}
          disabled={problems > 0}
          onClick={onPublish}
        >
          {t("publish")}
        </Button>
      )}
    </li>
  );
}
