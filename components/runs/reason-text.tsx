import { useTranslations } from "next-intl";
import type { Reason } from "#common/result.ts";

/** Why something was not read: the sentence for its kind, what it was, and the system's own words. */
export function ReasonText({ reason }: { reason: Reason }) {
  const t = useTranslations("reason");
  return (
    <span>
      {t(reason.code)} <span className="font-mono text-[0.92em]">{reason.what}</span>
      {reason.detail ? <span className="text-faint"> ({reason.detail})</span> : null}
    </span>
  );
}
