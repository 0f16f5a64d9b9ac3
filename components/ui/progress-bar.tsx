import clsx from "clsx";

/** Counts real things. Without a known `total` it is a moving line that claims no share. */
export function ProgressBar({
  done,
  total,
  label,
  className,
}: {
  done: number;
  total?: number | null;
  label: string;
  className?: string;
}) {
  const share = total ? Math.min(1, done / total) : null;
  return (
    <span
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total ?? undefined}
      aria-valuenow={share === null ? undefined : done}
      className={clsx("relative block h-1 w-full overflow-hidden rounded-full bg-hover", className)}
    >
      <span
        className={clsx(
          "absolute inset-y-0 left-0 w-full origin-left rounded-full bg-accent transition-transform duration-150 ease-settle",
          share === null && "animate-breathe",
        )}
        style={{ transform: share === null ? "scaleX(0.28)" : `scaleX(${share})` }}
      />
    </span>
  );
}
