"use client";

import { useLocale, useTranslations } from "next-intl";
import { number } from "#common/format.ts";
import type { Coverage } from "#common/result.ts";
import { UnknownGlyph } from "../ui/verdict-glyphs.tsx";
import { ReasonText } from "./reason-text.tsx";

/** What was read of each need and, as loud as a warning, what was not. */
export function CoverageList({ coverage }: { coverage: Coverage[] }) {
  const t = useTranslations("runs");
  const locale = useLocale();
  if (coverage.length === 0) return null;
  return (
    <ul className="min-w-0 space-y-0.5 wrap-anywhere">
      {coverage.map((one) => (
        <li key={one.what}>
          <span className="text-soft">
            {t("read", { what: one.what, count: number(one.read, locale), unit: one.unit })}
          </span>
          {one.missing.map((reason) => (
            <p key={`${reason.code} ${reason.what}`} className="flex gap-1.5 text-unknown">
              <UnknownGlyph size={14} className="mt-[3px] shrink-0" />
              <ReasonText reason={reason} />
            </p>
          ))}
        </li>
      ))}
    </ul>
  );
}
