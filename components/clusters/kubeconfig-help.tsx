"use client";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { AccessGuide } from "./access-guide.tsx";

/** The way out for whoever has no kubeconfig that can be used; where one was refused, an action leads to it. */
export function KubeconfigHelp({ refused }: { refused: boolean }) {
  const t = useTranslations("clusters");
  const [open, setOpen] = useState(false);
  const guide = useRef<HTMLDivElement>(null);
  const leadThere = () => {
    setOpen(true);
    guide.current?.querySelector("summary")?.focus();
  };
  return (
    <>
      {refused ? (
        <Button size="small" onClick={leadThere}>
          {t("guideAction")}
        </Button>
      ) : null}
      <div ref={guide}>
        <AccessGuide summary={t("guideTitle")} pasteHere open={open} onToggle={setOpen} />
      </div>
    </>
  );
}
