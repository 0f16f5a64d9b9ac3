"use client";

import { useTranslations } from "next-intl";
import { useTeamHref } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { ButtonLink } from "#components/ui/button-link.tsx";
import { EmptyState } from "#components/ui/states.tsx";

/** No findings: because of the filters, which `onClear` takes away, or because there are none. */
export default function NothingFound({ onClear }: { onClear: (() => void) | null }) {
  const t = useTranslations("findings");
  const href = useTeamHref();
  if (onClear) {
    return <EmptyState title={t("noMatch")} action={<Button onClick={onClear}>{t("clear")}</Button>} />;
  }
  return (
    <EmptyState
      title={t("empty")}
      action={<ButtonLink href={href("/runbooks")}>{t("openRunbooks")}</ButtonLink>}
    >
      {t("emptyLead")}
    </EmptyState>
  );
}
