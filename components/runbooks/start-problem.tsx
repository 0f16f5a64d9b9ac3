"use client";

import { useTranslations } from "next-intl";
import { FailGlyph } from "../ui/verdict-glyphs.tsx";
import { useRunbookSession } from "./session.tsx";

/** Why the last run was not begun. */
export function StartProblem() {
  const tError = useTranslations("error");
  const { problem } = useRunbookSession();
  return (
    <div role="alert">
      {problem ? (
        <p className="mt-2 flex gap-1.5 text-fail">
          <FailGlyph size={14} className="mt-[3px] shrink-0" />
          {tError(problem.key, problem.values)}
        </p>
      ) : null}
    </div>
  );
}
