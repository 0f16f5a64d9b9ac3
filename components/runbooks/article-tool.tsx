"use client";

import { useTranslations } from "next-intl";
import { Suspense } from "react";
import { tools } from "#components/tools/registry.gen.ts";
import { Skeleton } from "../ui/skeleton.tsx";

/** A tool where the text speaks of it. */
export function ArticleTool({ id }: { id: string }) {
  const Component = tools[id];
  const t = useTranslations("runbook");
  if (!Component) return null;
  return (
    <div className="article-tool my-7">
      <Suspense fallback={<Skeleton className="h-64 w-full" />}>
        <Component />
      </Suspense>
      <span className="sr-only">{t("endOfTool")}</span>
    </div>
  );
}
