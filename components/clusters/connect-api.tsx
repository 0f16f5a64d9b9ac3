"use client";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import type { ClusterView } from "#common/contracts/cluster.ts";
import { useMe } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";

const ReplaceDialog = lazy(() => import("./replace-dialog.tsx"));

/** For a cluster of hosts and endpoints: says what is missing for checks of Kubernetes, and connects it. */
export function ConnectApi({ cluster }: { cluster: ClusterView }) {
  const t = useTranslations("clusters");
  const { can } = useMe([cluster.slug]);
  const [open, setOpen] = useState(false);
  const machine = cluster.connections.some(({ kind }) => kind === "local_host");
  if (cluster.managed || machine || cluster.connections.some(({ kind }) => kind === "kubernetes"))
    return null;
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <p className="max-w-[60ch] text-soft">{t("withoutApi")}</p>
      {can("admin") ? <Button onClick={() => setOpen(true)}>{t("connectApi")}</Button> : null}
      <Suspense>{open ? <ReplaceDialog cluster={cluster} onClose={() => setOpen(false)} /> : null}</Suspense>
    </div>
  );
}
