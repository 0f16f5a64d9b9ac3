"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import type { RunView } from "#common/contracts/run.ts";
import { call } from "../api/call.ts";
import { Button } from "../ui/button.tsx";

/** Part of the page from its first moment: a button that is loaded later shows before it hears. */
export function CancelRun({ team, run }: { team: string; run: RunView }) {
  const t = useTranslations("runs");
  const [asking, setAsking] = useState(false);
  const cancelling = asking || run.cancelRequested;
  const cancel = () => {
    setAsking(true);
    call("mutation", "run.cancel", { team, runId: run.id }).catch(() => setAsking(false));
  };
  return (
    <Button busy={cancelling} onClick={cancel}>
      {cancelling ? t("cancelling") : t("cancel")}
    </Button>
  );
}
