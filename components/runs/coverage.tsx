"use client";

import { useTranslations } from "next-intl";
import type { Coverage } from "#common/result.ts";
import { UnknownGlyph } from "../ui/verdict-glyphs.tsx";
import { ReasonText } from "./reason-text.tsx";

/** What was read of each need and, as loud as a warning, what was not. */
export function CoverageList({ coverage }: { coverage: Coverage[] }) {
  const t = useTranslations("runs");
  if (coverage.length === 0) return null;
  // Needs that pick different things of one list say the same of it.
  const said = new Map(coverage.map((one) => [JSON.stringify(one), one]));
  return (
    <ul className="min-w-0 space-y-0.5 wrap-anywhere">
      {[...said].map(([key, { what, unit, read, missing }]) => (
        <li key={key}>
          <span className="text-soft">
            {t("coverage", {
              what,
              read: t(t.has(`units.${unit}`) ? `units.${unit}` : "units.other", { count: read }),
            })}
          </span>
          {missing.map((reason) => (
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
