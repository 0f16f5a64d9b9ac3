"use client";

import { type ComponentProps, lazy, Suspense } from "react";
import { Skeleton } from "../ui/skeleton.tsx";

const Editor = lazy(() => import("./runbook-editor.tsx"));

export function RunbookEditor(props: ComponentProps<typeof Editor>) {
  return (
    <Suspense fallback={<Skeleton className="h-96 w-full" />}>
      <Editor {...props} />
    </Suspense>
  );
}
