"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { ImportView } from "#common/contracts/notes.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useTeam, useTeamHref } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { ButtonLink } from "#components/ui/button-link.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { RemovalDialog } from "#components/ui/removal-dialog.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states.tsx";
import { toast } from "#components/ui/toast.ts";
import { ImportSection } from "./import-section.tsx";

/** The imports of a team and what became of their entries: drafts to be published, or everything taken back. */
export default function ImportsPage() {
  const t = useTranslations("notes");
  const common = useTranslations("common");
  const team = useTeam();
  const href = useTeamHref();
  const words = useErrorWords();
  const imports = useQuery(trpc.notes.imports.queryOptions({ team }));
  const [undoing, setUndoing] = useState<ImportView | null>(null);
  const { publish, undo } = useImportActions(() => setUndoing(null));
  return (
    <>
      <PageHeader
        title={t("draftsTitle")}
        actions={<ButtonLink href={href("/runbooks/import")}>{t("importTitle")}</ButtonLink>}
      >
        {t("draftsIntro")}
      </PageHeader>
      {imports.isPending ? <SkeletonRows rows={8} label={common("loading")} /> : null}
      {imports.error ? (
        <ErrorState
          title={words(imports.error).form ?? common("unreachable")}
          action={<Button onClick={() => void imports.refetch()}>{common("retry")}</Button>}
        />
      ) : null}
      {publish.error ? <ErrorState className="mb-4" title={words(publish.error).form} /> : null}
      {imports.data?.length === 0 ? (
        <EmptyState
          title={t("noImports")}
          action={<ButtonLink href={href("/runbooks/import")}>{t("importTitle")}</ButtonLink>}
        >
          {t("noImportsText")}
        </EmptyState>
      ) : null}
      {imports.data?.map((each) => (
        <ImportSection
          key={each.id}
          imported={each}
          busy={publish.isPending}
          onPublish={(slugs) => publish.mutate({ team, slugs })}
          onUndo={() => setUndoing(each)}
        />
      ))}
      {undoing ? (
        <RemovalDialog
          title={t("undoTitle", { name: undoing.name })}
          description={t("undoText")}
          action={t("undo")}
          error={words(undo.error).form}
          busy={undo.isPending}
          onRemove={() => undo.mutate({ team, importId: undoing.id })}
          onClose={() => setUndoing(null)}
        />
      ) : null}
    </>
  );
}

function useImportActions(onUndone: () => void) {
  const t = useTranslations("notes");
  const queries = useQueryClient();
  const refresh = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: trpc.notes.pathKey() }),
      queries.invalidateQueries({ queryKey: trpc.runbook.pathKey() }),
    ]);
  return {
    publish: useMutation(
      trpc.notes.publish.mutationOptions({
        onSuccess: async ({ published, refused }) => {
          toast(t("published", { count: published.length, refused: refused.length }));
          await refresh();
        },
      }),
    ),
    undo: useMutation(
      trpc.notes.undo.mutationOptions({
        onSuccess: async ({ removed, kept }) => {
          onUndone();
          toast(t("undone", { count: removed, kept: kept.length }));
          await refresh();
        },
      }),
    ),
  };
}
