"use client";
import { useLocale, useNow, useTimeZone } from "next-intl";
import { exactTime, relativeTime } from "#common/format.ts";

/** "3 minutes ago", the exact moment on hover. Moves on by itself, once a minute. */
export function Time({ at, className }: { at: Date; className?: string }) {
  const locale = useLocale();
  const timeZone = useTimeZone();
  const now = useNow({ updateInterval: 60_000 });
  return (
    <time
      dateTime={at.toISOString()}
      title={exactTime(at, locale, timeZone)}
      className={className}
      suppressHydrationWarning
    >
      {relativeTime(at, now, locale)}
    </time>
  );
}
