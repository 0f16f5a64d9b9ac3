"use client";
import clsx from "clsx";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { CheckIcon, CopyIcon } from "./icons.tsx";

const shownForMs = 1_600;

/** Copies `value` and says so in place. `label` names what is copied; without `words` it is an icon alone. */
export function CopyButton({
  value,
  label,
  words,
  className,
}: {
  value: string;
  label?: string;
  words?: boolean;
  className?: string;
}) {
  const t = useTranslations("common");
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const copy = async () => {
    clearTimeout(timer.current);
    setState(
      await writeClipboard(value).then(
        () => "copied" as const,
        () => "failed" as const,
      ),
    );
    timer.current = setTimeout(() => setState("idle"), shownForMs);
  };

  const name = label ?? t("copy");
  const said = state === "copied" ? t("copied") : state === "failed" ? t("copyFailed") : name;
  return (
    <button
      type="button"
      onClick={copy}
      title={said}
      aria-label={words ? undefined : name}
      className={clsx(
        "inline-flex h-7 shrink-0 items-center justify-center gap-1.5 rounded-control px-1.5 text-soft",
        "transition-colors hover:bg-hover hover:text-ink",
        className,
      )}
    >
      {state === "copied" ? <CheckIcon size={15} className="text-accent" /> : <CopyIcon size={15} />}
      {words ? <span>{said}</span> : null}
      <span className="sr-only" aria-live="polite">
        {state === "idle" || words ? "" : said}
      </span>
    </button>
  );
}

async function writeClipboard(value: string) {
  if (navigator.clipboard) return navigator.clipboard.writeText(value);
  // Plain http on another host has no clipboard interface; the old command still works there.
  const area = document.createElement("textarea");
  area.value = value;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("The browser did not copy.");
}
