"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useRef } from "react";
import { checkSourceNames } from "#common/check-source-names.ts";
import type { Problem, TeamRunbookView } from "#common/contracts/team-runbook.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useMe, useTeam, useTeamHref } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { ButtonLink } from "#components/ui/button-link.tsx";
import { FieldError } from "#components/ui/field.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import { Approvals } from "./approvals.tsx";
import { CheckPreviews } from "./check-previews.tsx";
import { Conflict } from "./conflict.tsx";
import { ProblemList } from "./problem-list.tsx";
import { emptyRunbook, snippets } from "./snippets.ts";
import { insertAt, moveTo, TextArea } from "./text-area.tsx";
import { useDraft } from "./use-draft.ts";
import { useSave } from "./use-save.ts";
import { useValidation } from "./use-validation.ts";

const DraftView = lazy(() => import("./draft-view.tsx"));

/** Writes a runbook: the text, what is wrong with it, how it will look, and what its checks would say. */
export default function RunbookEditor({ slug }: { slug?: string }) {
  const t = useTranslations("editor");
  const team = useTeam();
  const { can } = useMe();
  const saved = useQuery({
    ...trpc.teamRunbook.get.queryOptions({ team, slug: slug ?? "" }),
    enabled: slug !== undefined,
  });
  if (slug !== undefined && !saved.data) return <Skeleton className="h-96 w-full" />;
  if (!can("operator")) return <EmptyState title={t("needOperator")} />;
  return <Editor key={saved.data?.number ?? 0} saved={saved.data} />;
}

function Editor({ saved }: { saved: TeamRunbookView | undefined }) {
  const t = useTranslations("editor");
  const team = useTeam();
  const href = useTeamHref();
  const slug = saved?.slug ?? null;
  const area = useRef<HTMLTextAreaElement>(null);
  const base = { text: saved?.text ?? emptyRunbook, baseNumber: saved?.number ?? 0 };
  const { draft, write, forget, restored } = useDraft(`runbook:${team}:${slug ?? "new"}`, base);
  const { validation, current, error } = useValidation({ team, slug, text: draft.text });
  const save = useSave({ slug, onSaved: (number) => forget({ text: draft.text, baseNumber: number }) });
  const words = useErrorWords();
  const problems = validation?.problems ?? [];
  const change = (text: string) => write({ ...draft, text });
  const insert = (snippet: string) => area.current && insertAt(area.current, `\n${snippet}`, change);
  const choose = (problem: Problem) => area.current && moveTo(area.current, problem);
  return (
    <>
      <PageHeader
        title={saved ? t("editTitle", { title: saved.title }) : t("newTitle")}
        actions={
          <>
            {saved && saved.newest > 1 ? (
              <ButtonLink href={href(`/runbooks/${saved.slug}/versions`)}>{t("versions")}</ButtonLink>
            ) : null}
            {saved?.draft ? (
              <ButtonLink href={href("/runbooks/drafts")}>{t("drafts")}</ButtonLink>
            ) : slug ? (
              <ButtonLink href={href(`/runbooks/${slug}`)}>{t("read")}</ButtonLink>
            ) : null}
            <Button
              tone="primary"
              busy={save.busy}
              disabled={!current || problems.length > 0}
              onClick={() => save.start(draft)}
            >
              {t("save")}
            </Button>
          </>
        }
      >
        {t("intro")}
      </PageHeader>
      <FieldError>{words(save.error ?? error).form}</FieldError>
      {restored ? (
        <p className="mb-4 flex flex-wrap items-center gap-3 text-soft">
          {t("restored")}
          <Button size="small" onClick={() => forget(base)}>
            {t("discard")}
          </Button>
        </p>
      ) : null}
      {save.conflict ? (
        <Conflict
          current={save.conflict}
          onKeepMine={() => {
            write({ text: draft.text, baseNumber: save.conflict?.number ?? draft.baseNumber });
            save.settle();
          }}
          onTakeTheirs={() => {
            write({ text: save.conflict?.text ?? "", baseNumber: save.conflict?.number ?? draft.baseNumber });
            save.settle();
          }}
        />
      ) : null}
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <span className="text-faint">{t("insert")}</span>
        {checkSourceNames.map((type) => (
          <Button key={type} size="small" onClick={() => insert(snippets[type])}>
            {t(`kind.${type}`)}
          </Button>
        ))}
      </div>
      <div className="grid gap-8 lg:grid-cols-2">
        <div className="min-w-0 space-y-6">
          <TextArea
            area={area}
            text={draft.text}
            readOnly={false}
            invalid={problems.length > 0}
            onChange={change}
          />
          <ProblemList problems={problems} checking={!current} onChoose={choose} />
        </div>
        <div className="min-w-0 space-y-8">
          {saved ? <Approvals slug={saved.slug} approvals={saved.approvals} /> : null}
          <CheckPreviews team={team} slug={slug} text={draft.text} />
          <section aria-label={t("preview")} className="border-t border-line pt-4">
            {validation ? (
              <Suspense fallback={<Skeleton className="h-64 w-full" />}>
                <DraftView team={team} validation={validation} />
              </Suspense>
            ) : null}
          </section>
        </div>
      </div>
    </>
  );
}
