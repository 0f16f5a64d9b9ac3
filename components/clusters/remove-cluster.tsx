"use client";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import type { ClusterView } from "#common/contracts/cluster.ts";
import { Button } from "#components/ui/button.tsx";

const RemoveDialog = lazy(() => import("./remove-dialog.tsx"));

export function RemoveCluster({ cluster }: { cluster: ClusterView }) {
  const t = useTranslations("clusters");
  const [open, setOpen] = useState(false);
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <p className="text-soft">{t("removeHelp")}</p>
      <Button tone="danger" onClick={() => setOpen(true)}>
        {t("remove")}
      </Button>
      <Suspense>{open ? <RemoveDialog cluster={cluster} onClose={() => setOpen(false)} /> : null}</Suspense>
    </div>
  );
}
