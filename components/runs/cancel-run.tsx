"use client";

import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import type { RunView } from "#common/contracts/run.ts";
import { call } from "../api/call.ts";
import { Button } from "../ui/button.tsx";

const CancelProblem = lazy(() => import("./cancel-problem.tsx"));

/** Part of the page from its first moment: a button that is loaded later shows before it hears. */
export function CancelRun({ team, run }: { team: string; run: RunView }) {
  const t = useTranslations("runs");
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<unknown>();
  const cancelling = asking || run.cancelRequested;
  const cancel = async () => {
    setAsking(true);
    setError(undefined);
    try {
      await call("mutation", "run.cancel", { team, runId: run.id });
    } catch (problem) {
      setAsking(false);
      setError(problem);
    }
  };
  return (
    <>
      <span aria-live="polite">
        <Suspense>{error === undefined ? null : <CancelProblem error={error} />}</Suspense>
      </span>
      <Button busy={cancelling} onClick={cancel}>
        {cancelling ? t("cancelling") : t("cancel")}
      </Button>
    </>
  );
}
