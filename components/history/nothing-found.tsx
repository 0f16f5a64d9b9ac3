"use client";

import { useTranslations } from "next-intl";
import { useTeamHref } from "../team/use-team.ts";
import { Button } from "../ui/button.tsx";
import { ButtonLink } from "../ui/button-link.tsx";
import { EmptyState } from "../ui/states.tsx";
import { nothing } from "./history-filters.tsx";
import type { ListProps } from "./list-states.tsx";

type Props = Pick<ListProps, "filtered" | "onChange"> & { what: "runs" | "results" };

/** A list without anything: because of its filters, which can be cleared, or because nothing ever ran. */
export default function NothingFound({ filtered, onChange, what }: Props) {
  const t = useTranslations("history");
  const href = useTeamHref();
  if (filtered) {
    return (
      <EmptyState
        title={t(what === "runs" ? "noMatch" : "noMatchResults")}
        action={<Button onClick={() => onChange(nothing)}>{t("clear")}</Button>}
      >
        {t("noMatchLead")}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title={t("empty")}
      action={
        <ButtonLink tone="primary" href={href("/runbooks")}>
          {t("openRunbooks")}
        </ButtonLink>
      }
    >
      {t("emptyLead")}
    </EmptyState>
  );
}
