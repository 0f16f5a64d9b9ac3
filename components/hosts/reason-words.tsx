"use client";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { Reason } from "#common/result.ts";

/** Why something could not be read: the kind of reason in words, then the system's own. */
export function ReasonWords({ title, reason }: { title?: ReactNode; reason: Reason }) {
  const t = useTranslations("reason");
  const [, ...rest] = (reason.detail ?? "").split(": ");
  return (
    <div className="my-1 min-w-0">
      <p className="text-fail">{title ?? t(reason.code)}</p>
      <p className="font-mono text-[0.75rem] leading-5 break-words text-soft">
        {rest.join(": ") || reason.detail}
      </p>
    </div>
  );
}
