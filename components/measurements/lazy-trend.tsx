"use client";

import { useTranslations } from "next-intl";
import { lazy, Suspense, useCallback, useState } from "react";
import { Disclosure } from "../ui/disclosure.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

const TrendPanel = lazy(() => import("./trend-panel.tsx"));

/** The trend of what a check measures, loaded when it is asked for. */
export function LazyTrend(place: { team: string; cluster: string; checkId: string; targets: string[] }) {
  const t = useTranslations("trend");
  const [open, setOpen] = useState(false);
  // The browser opens it without us, so also before this code has come to hear of it.
  const look = useCallback((frame: HTMLDivElement | null) => {
    if (frame?.querySelector("details")?.open) setOpen(true);
  }, []);
  return (
    <div ref={look} className="basis-full">
      <Disclosure summary={t("title")} onToggle={setOpen}>
        {open ? (
          <Suspense fallback={<Skeleton className="h-48 w-full" />}>
            <TrendPanel {...place} />
          </Suspense>
        ) : null}
      </Disclosure>
    </div>
  );
}
