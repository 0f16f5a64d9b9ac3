"use client";
import clsx from "clsx";
import { useTranslations } from "next-intl";
import type { DeliveryState } from "#common/contracts/channel.ts";
import { CheckIcon } from "#components/ui/icons.tsx";
import { FailGlyph, SkipGlyph, WarnGlyph } from "#components/ui/verdict-glyphs.tsx";

const looks = {
  delivered: { Mark: CheckIcon, color: "text-pass" },
  failed: { Mark: WarnGlyph, color: "text-warn" },
  given_up: { Mark: FailGlyph, color: "text-fail" },
  waiting: { Mark: SkipGlyph, color: "text-soft" },
  held: { Mark: SkipGlyph, color: "text-soft" },
  dropped: { Mark: SkipGlyph, color: "text-faint" },
} as const;

/** How a message fares: a shape and a word. */
export function DeliveryMark({ state, sending = false }: { state: DeliveryState; sending?: boolean }) {
  const t = useTranslations("channels");
  const { Mark, color } = looks[state];
  return (
    <span className={clsx("inline-flex items-center gap-1.5 font-medium", color)} data-state={state}>
      <Mark size={14} className="shrink-0" />
      {sending ? t("state.sending") : t(`state.${state}`)}
    </span>
  );
}
