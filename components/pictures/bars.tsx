"use client";

import { useFormatter, useLocale } from "next-intl";
import type { BarsPicture } from "#common/picture.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { FailGlyph, PassGlyph, UnknownGlyph, WarnGlyph } from "../ui/verdict-glyphs.tsx";
import { wordsIn } from "./picture-words.ts";

const glyphs = { pass: PassGlyph, warn: WarnGlyph, fail: FailGlyph, unknown: UnknownGlyph };
type Bar = BarsPicture["bars"][number];

/** Bars below each other on one scale, as wide as there is room for, each with its words above it. */
export function Bars({ picture }: { picture: BarsPicture }) {
  const locale = useLocale() as Locale;
  const format = useFormatter();
  const end = Math.max(...picture.bars.map(({ to, most = to }) => most), Number.MIN_VALUE);
  const at = (value: number) => `${format.number(value, { maximumSignificantDigits: 3 })} ${picture.unit}`;
  return (
    <div
      role="img"
      aria-label={`${inLocale(picture.title, locale)}. ${inLocale(picture.summary, locale)}`}
      className="grid gap-2.5 p-3"
    >
      {picture.bars.map((bar) => (
        <Row key={bar.id} bar={bar} end={end} locale={locale} />
      ))}
      <div className="flex justify-between border-t border-line pt-1 text-dense text-faint tabular-nums">
        {[0, 0.5, 1].map((share) => (
          <span key={share}>{at(end * share)}</span>
        ))}
      </div>
    </div>
  );
}

function Row({ bar, end, locale }: { bar: Bar; end: number; locale: Locale }) {
  const Glyph = bar.verdict ? glyphs[bar.verdict] : undefined;
  const ink = bar.verdict && bar.verdict !== "pass" ? `var(--${bar.verdict})` : "var(--accent)";
  const x = (value: number) => (value / end) * 1000;
  return (
    <div className="min-w-0">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 text-dense">
        <span className="inline-flex items-center gap-1.5 text-ink">
          {Glyph && bar.verdict !== "pass" ? <Glyph size={13} style={{ color: ink }} /> : null}
          {wordsIn(bar.label, locale)}
        </span>
        <span className="text-soft tabular-nums">{wordsIn(bar.detail, locale)}</span>
      </div>
      <svg aria-hidden viewBox="0 0 1000 12" preserveAspectRatio="none" className="mt-0.5 block h-3 w-full">
        <rect width="1000" height="12" fill="var(--raised)" />
        {bar.most === undefined ? null : (
          <rect x={x(bar.to)} y="5" width={x(bar.most - bar.to)} height="2" fill={ink} />
        )}
        <rect x={x(bar.from)} width={Math.max(x(bar.to - bar.from), 3)} height="12" fill={ink} />
      </svg>
    </div>
  );
}
