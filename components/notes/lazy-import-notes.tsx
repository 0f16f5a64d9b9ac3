"use client";
import { lazy, Suspense } from "react";
import { Skeleton } from "#components/ui/skeleton.tsx";

const Import = lazy(() => import("./import-notes.tsx"));

export function ImportNotes() {
  return (
    <Suspense fallback={<Skeleton className="h-96 w-full" />}>
      <Import />
    </Suspense>
  );
}
