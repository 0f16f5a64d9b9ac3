"use client";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Disclosure } from "#components/ui/disclosure.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";

const Steps = dynamic(() => import("./access-steps.tsx"), { ssr: false, loading: () => <Loading /> });

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
      {open ? <Steps pasteHere={pasteHere} /> : null}
    </Disclosure>
  );
}
