"use client";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

const SharePanel = lazy(() => import("./share-panel.tsx"));

/** Shares a run, or two side by side. What the dialog holds is loaded when it is asked for. */
export default function ShareButton(props: { team: string; runId: string; withRunId?: string }) {
  const t = useTranslations("shares");
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t("share")}</Button>
      <Dialog
        wide
        open={open}
        onOpenChange={setOpen}
        title={t(props.withRunId ? "titleCompare" : "title")}
        description={t("lead")}
      >
        <Suspense fallback={<Skeleton className="mt-4 h-40 w-full" />}>
          <SharePanel {...props} />
        </Suspense>
      </Dialog>
    </>
  );
}
