"use client";
import { type ComponentProps, lazy, Suspense, useEffect } from "react";

const load = () => import("./result-detail.tsx");
const Loaded = lazy(load);

/** For where a result is opened, or becomes done, after the page is there. */
export function LazyResultDetail(props: ComponentProps<typeof Loaded>) {
  return (
    <Suspense>
      <Loaded {...props} />
    </Suspense>
  );
}

/** Outside system: the network. What will be shown soon is fetched while there is nothing else to do. */
export function useResultDetailSoon(): void {
  useEffect(() => void load(), []);
}
