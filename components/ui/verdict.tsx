import clsx from "clsx";
import { useTranslations } from "next-intl";
import type { Verdict } from "#common/verdict.ts";
import { FailGlyph, PassGlyph, SkipGlyph, UnknownGlyph, WarnGlyph } from "./verdict-glyphs.tsx";

const glyphs = { pass: PassGlyph, warn: WarnGlyph, fail: FailGlyph, unknown: UnknownGlyph, skip: SkipGlyph };
export const verdictText: Record<Verdict, string> = {
  pass: "text-pass",
  warn: "text-warn",
  fail: "text-fail",
  unknown: "text-unknown",
  skip: "text-skip",
};
export const verdictWash: Record<Verdict, string> = {
  pass: "bg-pass-wash text-pass",
  warn: "bg-warn-wash text-warn",
  fail: "bg-fail-wash text-fail",
  unknown: "bg-unknown-wash text-unknown",
  skip: "bg-skip-wash text-skip",
};

/** The drawn sign alone: only where the word stands beside it, or where `labelled` gives it one. */
export function VerdictIcon({
  verdict,
  size = 16,
  labelled,
  className,
}: {
  verdict: Verdict;
  size?: number;
  labelled?: boolean;
  className?: string;
}) {
  const t = useTranslations("verdict");
  const Glyph = glyphs[verdict];
  return (
    <span
      className={clsx("inline-flex shrink-0", verdictText[verdict], className)}
      title={labelled ? t(verdict) : undefined}
    >
      <Glyph size={size} />
      {labelled ? <span className="sr-only">{t(verdict)}</span> : null}
    </span>
  );
}

/** Sign and word. `wash` gives it a ground, for headers; rows go without. */
export function VerdictBadge({
  verdict,
  wash,
  size = "small",
  className,
}: {
  verdict: Verdict;
  wash?: boolean;
  size?: "small" | "large";
  className?: string;
}) {
  const t = useTranslations("verdict");
  const Glyph = glyphs[verdict];
  return (
    <span
      data-verdict={verdict}
      className={clsx(
        "inline-flex items-center font-medium whitespace-nowrap",
        size === "large" ? "gap-2 text-lead" : "gap-1.5",
        wash ? clsx(verdictWash[verdict], "rounded-control px-2 py-0.5") : verdictText[verdict],
        className,
      )}
    >
      <Glyph size={size === "large" ? 20 : 15} className="shrink-0" />
      {t(verdict)}
    </span>
  );
}
