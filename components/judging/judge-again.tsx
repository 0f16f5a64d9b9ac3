"use client";

import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import type { RunSummary } from "#common/contracts/run.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

const JudgeForm = lazy(() => import("./judge-form.tsx"));

/** Judges a run, or one result of it, again with other parameters. The form is loaded when it is asked for. */
export default function JudgeAgain(props: {
  team: string;
  run: Pick<RunSummary, "id" | "checks">;
  resultId?: string;
}) {
  const t = useTranslations("judge");
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t("again")}</Button>
      <Dialog wide open={open} onOpenChange={setOpen} title={t("title")} description={t("lead")}>
        <Suspense fallback={<Skeleton className="mt-4 h-40 w-full" />}>
          <JudgeForm {...props} onClose={() => setOpen(false)} />
        </Suspense>
      </Dialog>
    </>
  );
}
