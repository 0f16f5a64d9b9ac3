"use client";

import { type ComponentProps, lazy, Suspense } from "react";
import { Skeleton } from "../ui/skeleton.tsx";

const Across = lazy(() => import("./across-page.tsx"));
const Hosts = lazy(() => import("./hosts-page.tsx"));

const loading = <Skeleton className="h-64 w-full" />;

/** Loaded by those who ask for it: most comparisons are in time. */
export function AcrossPage(props: ComponentProps<typeof Across>) {
  return (
    <Suspense fallback={loading}>
      <Across {...props} />
    </Suspense>
  );
}

export function HostsPage(props: ComponentProps<typeof Hosts>) {
  return (
    <Suspense fallback={loading}>
      <Hosts {...props} />
    </Suspense>
  );
}
