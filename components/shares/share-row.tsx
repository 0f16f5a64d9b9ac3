"use client";
import { useTranslations } from "next-intl";
import type { ShareView } from "#common/contracts/share.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Time } from "#components/ui/time.tsx";

/** A link: what it shares and for what, who made it, how often it was opened, when it ends. */
export function ShareRow({
  share,
  subject,
  onRevoke,
}: {
  share: ShareView;
  /** what it shares, where the list is of more than one run */
  subject?: React.ReactNode;
  onRevoke: () => void;
}) {
  const t = useTranslations("shares");
  const ended = share.state !== "active";
  const what = share.note || t(share.withRunId ? "aComparison" : "aRun");
  return (
    <li className="flex flex-wrap items-start gap-x-6 gap-y-2 py-3">
      <div className="min-w-48 flex-1">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-medium wrap-anywhere">{what}</span>
          {share.withRunId && share.note ? <Badge>{t("comparison")}</Badge> : null}
          <Badge outline={share.hideNames ? "solid" : "dashed"}>
            {t(share.hideNames ? "namesHidden" : "namesShown")}
          </Badge>
          {ended ? <Badge outline="strong">{t(share.state)}</Badge> : null}
        </div>
        {subject ? <div className="mt-0.5 text-soft wrap-anywhere">{subject}</div> : null}
        <div className="mt-0.5 text-faint">
          {t.rich("madeBy", { name: share.createdBy, when: () => <Time at={share.createdAt} /> })}
        </div>
      </div>
      <dl className="grid min-w-44 grid-cols-[max-content_1fr] gap-x-3 text-faint">
        <dt>{t("opened")}</dt>
        <dd className="text-soft">
          {share.lastOpenedAt ? (
            <>
              {t("times", { count: share.opens })}, <Time at={share.lastOpenedAt} />
            </>
          ) : (
            t("never")
          )}
        </dd>
        <dt>{t(share.state === "active" ? "ends" : "ended")}</dt>
        <dd className="text-soft">
          <Time at={share.revokedAt ?? share.expiresAt} />
        </dd>
      </dl>
      <div className="ml-auto w-20 text-right">
        {ended || !share.mine ? null : (
          <Button tone="quiet" size="small" onClick={onRevoke} aria-label={t("revokeThis", { what })}>
            {t("revoke")}
          </Button>
        )}
      </div>
    </li>
  );
}
