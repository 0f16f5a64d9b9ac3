"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import type { ApiKeyView } from "#common/contracts/api-key.ts";
import { trpc } from "#components/api/trpc.ts";
import { SettingsFrame } from "#components/team/settings-frame.tsx";
import { useMe, useTeam } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { PlusIcon } from "#components/ui/icons.tsx";
import { Section } from "#components/ui/page-header.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import { KeyRow } from "./key-row.tsx";

const MakeKeyDialog = lazy(() => import("./make-key-dialog.tsx"));
const RevokeKeyDialog = lazy(() => import("./revoke-key-dialog.tsx"));

/** The team's API keys for an admin, the own ones for anybody else. */
export function KeySettings() {
  const t = useTranslations("keys");
  const team = useTeam();
  const { can } = useMe();
  const { data: keys } = useSuspenseQuery(trpc.apiKey.list.queryOptions({ team }));
  const [making, setMaking] = useState(false);
  const [ending, setEnding] = useState<ApiKeyView | null>(null);
  const make = can("admin") ? (
    <Button size="small" icon={<PlusIcon size={14} />} onClick={() => setMaking(true)}>
      {t("make")}
    </Button>
  ) : null;
  return (
    <SettingsFrame part="keys">
      {keys.length === 0 ? (
        <EmptyState title={t("noneTitle")} action={make}>
          {can("admin") ? t("noneText") : t("needAdmin")}
        </EmptyState>
      ) : (
        <Section title={can("admin") ? t("ofTeam") : t("yours")} aside={make ?? t("needAdmin")}>
          <ul className="divide-y divide-line">
            {keys.map((key) => (
              <KeyRow key={key.id} apiKey={key} onRevoke={() => setEnding(key)} />
            ))}
          </ul>
        </Section>
      )}
      <Section title={t("usage")}>
        <p className="max-w-[72ch] text-soft">{t("usageText")}</p>
        <p className="mt-2">
          <a href="/api/v1/openapi.json" className="text-accent underline-offset-2 hover:underline">
            {t("document")}
          </a>
        </p>
      </Section>
      <Suspense>
        {making ? <MakeKeyDialog onClose={() => setMaking(false)} /> : null}
        {ending ? <RevokeKeyDialog apiKey={ending} onClose={() => setEnding(null)} /> : null}
      </Suspense>
    </SettingsFrame>
  );
}
