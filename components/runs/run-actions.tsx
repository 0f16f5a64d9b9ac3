"use client";

import { useTranslations } from "next-intl";
import type { RunView } from "#common/contracts/run.ts";
import JudgeAgain from "../judging/judge-again.tsx";
import DownloadMenu from "../shares/download-menu.tsx";
import ShareButton from "../shares/share-button.tsx";
import { ButtonLink } from "../ui/button-link.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { runQuery } from "./run-query.ts";

/** What to do with what a run has found. */
export default function RunActions({ team, run, canRun }: { team: string; run: RunView; canRun: boolean }) {
  const t = useTranslations("runs");
  const query = runQuery(run);
  return (
    <>
      <ButtonLink href={`/${team}/compare/${run.id}${query}`}>{t("compare")}</ButtonLink>
      {canRun && run.total > 0 ? <JudgeAgain team={team} run={run} /> : null}
      {run.runbook ? (
        <ButtonLink href={`/${team}/runbooks/${run.runbook}${query}`}>{t("runAgain")}</ButtonLink>
      ) : null}
      {canRun ? <ShareButton team={team} runId={run.id} /> : null}
      <DownloadMenu team={team} runId={run.id} />
      <CopyButton value={typeof window === "undefined" ? "" : window.location.href} label={t("copyLink")} />
    </>
  );
}
