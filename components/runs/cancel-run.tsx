"use client";

import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { RunView } from "#common/contracts/run.ts";
import { trpc } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";

/** Part of the page from its first moment: a button that is loaded later shows before it hears. */
export function CancelRun({ team, run }: { team: string; run: RunView }) {
  const t = useTranslations("runs");
  const cancel = useMutation(trpc.run.cancel.mutationOptions());
  const cancelling = cancel.isPending || run.cancelRequested;
  return (
    <Button busy={cancelling} onClick={() => cancel.mutate({ team, runId: run.id })}>
      {cancelling ? t("cancelling") : t("cancel")}
    </Button>
  );
}
