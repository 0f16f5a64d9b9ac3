import clsx from "clsx";

/** Values to begin with, each a button. */
export function Examples({
  label,
  values,
  chosen,
  onChoose,
}: {
  label: string;
  values: readonly string[];
  chosen: string;
  onChoose: (value: string) => void;
}) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 font-medium text-ink">{label}</legend>
      <div className="flex flex-wrap gap-1.5">
        {values.map((value) => (
          <button
            key={value}
            type="button"
            aria-pressed={value === chosen}
            onClick={() => onChoose(value)}
            className={clsx(
              "min-h-8 min-w-9 rounded-control px-2 font-mono text-dense shadow-[inset_0_0_0_1px_var(--line)]",
              "text-soft hover:bg-hover aria-pressed:bg-accent-wash aria-pressed:text-accent",
              "focus-visible:outline-2 focus-visible:outline-accent",
            )}
          >
            {value}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
