"use client";
import { useTranslations } from "next-intl";
import { lazy, type ReactNode, Suspense } from "react";
import { Disclosure } from "#components/ui/disclosure.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";

const Steps = lazy(() => import("./access-steps.tsx"));

function Loading() {
  const t = useTranslations("clusters");
  return <SkeletonRows rows={3} label={t("guideLoading")} />;
}

/** How to make a credential with reading rights only: folded, and loaded when it is opened. */
export function AccessGuide({
  summary,
  pasteHere,
  open,
  onToggle,
}: {
  summary: ReactNode;
  /** the kubeconfig is pasted on this very page */
  pasteHere?: boolean;
  open: boolean;
  onToggle: (open: boolean) => void;
}) {
  return (
    <Disclosure summary={summary} open={open} onToggle={onToggle}>
      <Suspense fallback={<Loading />}>{open ? <Steps pasteHere={pasteHere} /> : null}</Suspense>
    </Disclosure>
  );
}
