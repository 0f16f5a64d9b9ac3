import type { ReactNode } from "react";
import { FailGlyph } from "./verdict-glyphs.tsx";

/** What is wrong with a form as a whole. The region is there from the start, so that its words are announced. */
export function FormError({ children }: { children: ReactNode }) {
  return (
    <div aria-live="assertive">
      {children ? (
        <p className="flex items-start gap-2 border-l-2 border-fail bg-fail-wash px-3 py-2 text-ink">
          <FailGlyph className="mt-0.5 shrink-0 text-fail" />
          <span>{children}</span>
        </p>
      ) : null}
    </div>
  );
}
