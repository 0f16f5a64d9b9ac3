"use client";
import { lazy, Suspense } from "react";
import { Skeleton } from "#components/ui/skeleton.tsx";

const Imports = lazy(() => import("./imports-page.tsx"));

export function ImportsPage() {
  return (
    <Suspense fallback={<Skeleton className="h-96 w-full" />}>
      <Imports />
    </Suspense>
  );
}
