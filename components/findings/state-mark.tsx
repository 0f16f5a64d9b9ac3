"use client";
import { useTranslations } from "next-intl";
import type { FindingLife } from "#common/contracts/finding.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Time } from "#components/ui/time.tsx";

type Props = { life: Pick<FindingLife, "state" | "muted" | "acknowledged" | "staleSince"> };

/** What a finding is now, with by whom and until when; an open one needs no word but that it is stale. */
export function StateMark({ life }: Props) {
  const t = useTranslations("findings");
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      <Badge outline={life.state === "muted" ? "dashed" : "solid"}>{t(`state.${life.state}`)}</Badge>
      {life.muted ? (
        <span className="text-faint">
          {t.rich("mutedBy", {
            by: life.muted.by,
            until: () => <Time at={life.muted?.until ?? new Date()} />,
          })}
        </span>
      ) : null}
      {life.acknowledged ? <span className="text-faint">{life.acknowledged.by}</span> : null}
      {life.staleSince ? <Badge outline="dashed">{t("stale")}</Badge> : null}
    </span>
  );
}
