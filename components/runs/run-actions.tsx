"use client";

import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { RunView } from "#common/contracts/run.ts";
import { trpc } from "../api/trpc.ts";
import JudgeAgain from "../judging/judge-again.tsx";
import { Button } from "../ui/button.tsx";
import { ButtonLink } from "../ui/button-link.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { isLive } from "./is-live.ts";
import { runQuery } from "./run-query.ts";

/** While it runs, cancel it; afterwards, what to do with what it found. */
export default function RunActions({ team, run, canRun }: { team: string; run: RunView; canRun: boolean }) {
  const t = useTranslations("runs");
  const cancel = useMutation(trpc.run.cancel.mutationOptions());
  if (isLive(run)) {
    const cancelling = cancel.isPending || run.cancelRequested;
    return canRun ? (
      <Button busy={cancelling} onClick={() => cancel.mutate({ team, runId: run.id })}>
        {cancelling ? t("cancelling") : t("cancel")}
      </Button>
    ) : null;
  }
  const query = runQuery(run);
  return (
    <>
      <ButtonLink href={`/${team}/compare/${run.id}${query}`}>{t("compare")}</ButtonLink>
      {canRun && run.total > 0 ? <JudgeAgain team={team} run={run} /> : null}
      {run.runbook ? (
        <ButtonLink href={`/${team}/runbooks/${run.runbook}${query}`}>{t("runAgain")}</ButtonLink>
      ) : null}
      <CopyButton value={typeof window === "undefined" ? "" : window.location.href} label={t("copyLink")} />
    </>
  );
}
