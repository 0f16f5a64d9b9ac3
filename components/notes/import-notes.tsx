"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { maxNotesEntries } from "#common/contracts/notes.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useMe, useTeam, useTeamHref } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { FieldError } from "#components/ui/field.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import { toast } from "#components/ui/toast.ts";
import { type Entry, entriesOf, noEdits } from "./group-entries.ts";
import { NotesReview } from "./notes-review.tsx";
import { NotesSource, type Source } from "./notes-source.tsx";

/** A notes document: read, looked over on one page, and made into drafts. */
export default function ImportNotes() {
  const t = useTranslations("notes");
  const team = useTeam();
  const { can } = useMe();
  const words = useErrorWords();
  const [source, setSource] = useState<Source>({ name: "", text: "", format: "auto" });
  const [edits, setEdits] = useState(noEdits);
  const read = useMutation(trpc.notes.read.mutationOptions({ onSuccess: () => setEdits(noEdits) }));
  const make = useMakeDrafts();
  if (!can("operator")) return <EmptyState title={t("needOperator")} />;

  const known = new Set(read.data?.knownTitles);
  const weeks = (read.data?.weeks ?? []).map((week, index) => ({
    week,
    entries: entriesOf(week, index, { edits, known }),
  }));
  const entries = weeks.flatMap((each) => each.entries);
  const chosen = entries.filter((entry) => entry.chosen);
  const chooseAll = (all: boolean) =>
    setEdits({ ...edits, chosen: Object.fromEntries(entries.map(({ place }) => [place, all])) });
  if (!read.data) {
    const { text, format } = source;
    return (
      <>
        <PageHeader title={t("importTitle")}>{t("importIntro")}</PageHeader>
        <NotesSource
          source={source}
          busy={read.isPending}
          error={words(read.error).form}
          onChange={setSource}
          onRead={() => read.mutate({ team, text, format: format === "auto" ? undefined : format })}
        />
      </>
    );
  }
  return (
    <>
      <PageHeader title={t("reviewTitle")} actions={<Button onClick={read.reset}>{t("back")}</Button>}>
        {t("reviewIntro", { format: t(`formats.${read.data.format}`) })}
      </PageHeader>
      {entries.length === 0 ? (
        <EmptyState title={t("nothingFound")}>{t("nothingFoundText")}</EmptyState>
      ) : null}
      <div className="sticky top-11 z-20 -mx-1 mb-4 flex min-h-11 flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-bg px-1 py-1.5 max-md:top-12">
        <p role="status">
          {t("counts", { weeks: weeks.length, entries: entries.length, chosen: chosen.length })}
        </p>
        <Button size="small" onClick={() => chooseAll(true)}>
          {t("all")}
        </Button>
        <Button size="small" onClick={() => chooseAll(false)}>
          {t("none")}
        </Button>
        <Button
          tone="primary"
          className="ml-auto"
          busy={make.busy}
          disabled={
            chosen.length === 0 ||
            chosen.length > maxNotesEntries ||
            chosen.some(({ title }) => title.trim() === "")
          }
          onClick={() => make.start(source.name.trim() || t("pasted"), chosen)}
        >
          {t("make", { count: chosen.length })}
        </Button>
      </div>
      {chosen.length > maxNotesEntries ? (
        <FieldError>{t("tooMany", { most: maxNotesEntries })}</FieldError>
      ) : null}
      <FieldError>{words(make.error).form ?? Object.values(words(make.error).fields)[0]}</FieldError>
      <NotesReview weeks={weeks} edits={edits} onChange={setEdits} />
    </>
  );
}

function useMakeDrafts() {
  const t = useTranslations("notes");
  const team = useTeam();
  const href = useTeamHref();
  const router = useRouter();
  const queries = useQueryClient();
  const make = useMutation(
    trpc.notes.import.mutationOptions({
      onSuccess: async ({ drafts }) => {
        toast(t("made", { count: drafts }));
        await queries.invalidateQueries({ queryKey: trpc.notes.pathKey() });
        router.push(href("/runbooks/drafts"));
      },
    }),
  );
  const start = (name: string, chosen: readonly Entry[]) =>
    make.mutate({
      team,
      name,
      entries: chosen.map(({ week, title, sections }) => ({
        week,
        title,
        sections: sections.map(({ section: { title: heading, depth, markdown } }) => ({
          title: heading,
          depth,
          markdown,
        })),
      })),
    });
  return { busy: make.isPending, error: make.error, start };
}
