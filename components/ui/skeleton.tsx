import clsx from "clsx";

/** Holds the place of what comes, in its shape. Give width and height by class. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={clsx("block animate-breathe rounded-[4px] bg-hover", className)} />;
}

const widths = ["w-3/5", "w-2/5", "w-1/2", "w-4/5", "w-1/3"];

/** Rows of a dense table to come. `label` is said to a screen reader. */
export function SkeletonRows({ rows = 6, label }: { rows?: number; label: string }) {
  return (
    <div role="status" className="divide-y divide-line border-y border-line">
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
        <div key={row} className="flex h-8 items-center gap-6 px-2">
          <Skeleton className="size-3.5 rounded-full" />
          <Skeleton className={clsx("h-3", widths[row % widths.length])} />
          <Skeleton className="ml-auto h-3 w-16" />
        </div>
      ))}
    </div>
  );
}
