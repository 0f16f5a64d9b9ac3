"use client";

import { useTranslations } from "next-intl";
import { lazy, Suspense } from "react";
import { Skeleton } from "../ui/skeleton.tsx";

const Tool = lazy(() => import("./tool-of-registry.tsx"));

/** A tool where the text speaks of it. */
export function ArticleTool({ id }: { id: string }) {
  const t = useTranslations("runbook");
  return (
    <div className="article-tool my-7">
      <Suspense fallback={<Skeleton className="h-64 w-full" />}>
        <Tool id={id} />
      </Suspense>
      <span className="sr-only">{t("endOfTool")}</span>
    </div>
  );
}
