"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import type { ChannelView } from "#common/contracts/channel.ts";
import { trpc } from "#components/api/trpc.ts";
import { SettingsFrame } from "#components/team/settings-frame.tsx";
import { useMe, useTeam } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { PlusIcon } from "#components/ui/icons.tsx";
import { Section } from "#components/ui/page-header.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import { ChannelRow } from "./channel-row.tsx";

const ChannelDialog = lazy(() => import("./channel-dialog.tsx"));
const DeliveryDialog = lazy(() => import("./delivery-dialog.tsx"));
const TestDialog = lazy(() => import("./test-dialog.tsx"));
const RotateDialog = lazy(() => import("./rotate-dialog.tsx"));
const RemoveDialog = lazy(() => import("./remove-dialog.tsx"));

export type ChannelAction = "edit" | "log" | "test" | "rotate" | "remove";

/** Where the team is told what changed. Whoever may not change it sees what is told, and no address. */
export function ChannelSettings() {
  const t = useTranslations("channels");
  const team = useTeam();
  const { can } = useMe();
  const { data } = useSuspenseQuery(trpc.channel.list.queryOptions({ team }, { refetchInterval: 15_000 }));
  const [open, setOpen] = useState<{ action: ChannelAction; channel: ChannelView | null } | null>(null);
  const close = () => setOpen(null);
  const add = can("admin") ? (
    <Button
      size="small"
      icon={<PlusIcon size={14} />}
      onClick={() => setOpen({ action: "edit", channel: null })}
    >
      {t("add")}
    </Button>
  ) : null;
  const { channel = null, action = null } = open ?? {};
  return (
    <SettingsFrame part="channels">
      {data.channels.length === 0 ? (
        <EmptyState title={t("noneTitle")} action={add}>
          {can("admin") ? t("noneText") : t("needAdmin")}
        </EmptyState>
      ) : (
        <Section title={t("ofTeam")} aside={add ?? t("needAdmin")}>
          <ul className="divide-y divide-line">
            {data.channels.map((each) => (
              <ChannelRow
                key={each.id}
                channel={each}
                onAction={(chosen) => setOpen({ action: chosen, channel: each })}
              />
            ))}
          </ul>
        </Section>
      )}
      <Section title={t("whatIsNot")}>
        <p className="max-w-[72ch] text-soft">{t("whatIsNotText")}</p>
      </Section>
      <Suspense>
        {action === "edit" ? <ChannelDialog channel={channel} mail={data.mail} onClose={close} /> : null}
        {action === "log" && channel ? <DeliveryDialog channel={channel} onClose={close} /> : null}
        {action === "test" && channel ? <TestDialog channel={channel} onClose={close} /> : null}
        {action === "rotate" && channel ? <RotateDialog channel={channel} onClose={close} /> : null}
        {action === "remove" && channel ? <RemoveDialog channel={channel} onClose={close} /> : null}
      </Suspense>
    </SettingsFrame>
  );
}
