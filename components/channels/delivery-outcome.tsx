"use client";
import { useTranslations } from "next-intl";
import type { DeliveryView } from "#common/contracts/channel.ts";
import { Time } from "#components/ui/time.tsx";

/** What the far end said, in its own words where it had any, and what follows from it. */
export function DeliveryOutcome({ delivery }: { delivery: DeliveryView }) {
  const t = useTranslations("channels");
  const reasonWords = useTranslations("reason");
  const { outcome, state, attempts, dueAt } = delivery;
  const { status = null, answer = "", reason = null, ended = null, refused = 0 } = outcome ?? {};
  return (
    <div className="text-soft wrap-anywhere">
      {ended ? <p className="text-ink">{t(`ended.${ended}`, { attempts })}</p> : null}
      {reason ? (
        <p>
          {reasonWords(reason.code)}
          {reason.detail ? `: ${withoutToken(reason.detail)}` : null}
        </p>
      ) : null}
      {status !== null ? (
        <p>
          {t("answered", { status: String(status) })}
          {answer ? <q className="ml-1 font-mono text-[0.75rem]">{answer}</q> : null}
        </p>
      ) : null}
      {refused > 0 ? <p>{t("refusedRecipients", { count: refused })}</p> : null}
      {state === "failed" ? (
        <p>
          {t("nextTry")} <Time at={dueAt} />
        </p>
      ) : null}
      {state === "held" ? (
        <p>
          {t("heldUntil")} <Time at={dueAt} />
        </p>
      ) : null}
    </div>
  );
}

/** "connection-refused: nothing listens …": the first word is for programs. */
function withoutToken(detail: string): string {
  return detail.replace(/^[a-z]+(?:-[a-z]+)+: /, "");
}
