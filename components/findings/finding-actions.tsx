"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { FindingLife } from "#common/contracts/finding.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useMe } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { FieldError } from "#components/ui/field.tsx";
import { ActionDialog, type AskedFor } from "./action-dialog.tsx";

type Props = { team: string; lives: FindingLife[]; onDone?: () => void };

/** What can be done with one finding or with many at a time, as far as it makes sense for any of them. */
export default function FindingActions({ team, lives, onDone }: Props) {
  const t = useTranslations("findings");
  const { can } = useMe(lives.map(({ cluster }) => cluster.slug));
  const queries = useQueryClient();
  const words = useErrorWords();
  const [asked, setAsked] = useState<AskedFor | null>(null);
  const done = {
    onSuccess: async () => {
      setAsked(null);
      await queries.invalidateQueries({ queryKey: trpc.finding.pathKey() });
      onDone?.();
    },
  };
  const unmute = useMutation(trpc.finding.unmute.mutationOptions(done));
  const reopen = useMutation(trpc.finding.reopen.mutationOptions(done));
  if (!can("operator")) return null;
  const ids = lives.map(({ id }) => id);
  const any = (...states: FindingLife["state"][]) => lives.some(({ state }) => states.includes(state));
  const there = any("open", "acknowledged", "muted");
  return (
    <fieldset className="mb-3 flex flex-wrap items-center gap-2">
      <legend className="sr-only">{t("actions")}</legend>
      {lives.length > 1 ? (
        <span className="text-soft" role="status">
          {t("chosen", { count: lives.length })}
        </span>
      ) : null}
      {there ? <Button onClick={() => setAsked("acknowledge")}>{t("acknowledge")}</Button> : null}
      {there ? <Button onClick={() => setAsked("mute")}>{t("mute")}</Button> : null}
      {any("muted") ? (
        <Button busy={unmute.isPending} onClick={() => unmute.mutate({ team, ids })}>
          {t("unmute")}
        </Button>
      ) : null}
      {any("acknowledged", "resolved") ? (
        <Button busy={reopen.isPending} onClick={() => reopen.mutate({ team, ids })}>
          {t("reopen")}
        </Button>
      ) : null}
      {there ? (
        <Button tone="quiet" onClick={() => setAsked("settle")}>
          {t("settle")}
        </Button>
      ) : null}
      <FieldError>{words(unmute.error ?? reopen.error).form}</FieldError>
      {asked ? (
        <ActionDialog
          key={asked}
          {...{ team, ids, asked, onDone: done.onSuccess }}
          onClose={() => setAsked(null)}
        />
      ) : null}
    </fieldset>
  );
}
