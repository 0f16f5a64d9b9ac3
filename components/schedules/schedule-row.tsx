"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import type { ScheduleView } from "#common/contracts/schedule.ts";
import { randomKey } from "#common/random-key.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useRunTitle } from "#components/runs/use-run-title.ts";
import { useMe, useTeam } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { PlayIcon } from "#components/ui/icons.tsx";
import { Td, Tr } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { toast } from "#components/ui/toast.ts";
import { Switch } from "#components/ui/toggle.tsx";
import { LastOutcome } from "./last-outcome.tsx";

type Props = { schedule: ScheduleView; onEdit: () => void; onRemove: () => void };

export function ScheduleRow({ schedule, onEdit, onRemove }: Props) {
  const t = useTranslations("schedules");
  const locale = useLocale() as Locale;
  const team = useTeam();
  const { can } = useMe(schedule.clusters.map(({ slug }) => slug));
  const titleOf = useRunTitle(team);
  return (
    <Tr id={schedule.id} className="align-top target:bg-sunken hover:bg-sunken">
      <Td className="min-w-40 py-2">
        <span className="block font-medium">{schedule.name}</span>
        <span className="block text-soft">{inLocale(schedule.description, locale)}</span>
        <span className="block text-faint">{schedule.timeZone}</span>
      </Td>
      <Td className="min-w-36 py-2">
        {titleOf({ runbook: schedule.runbook, checks: schedule.checks.map(({ id }) => id) })}
      </Td>
      <Td className="min-w-28 py-2">
        {schedule.clusters.length > 0 ? schedule.clusters.map(({ name }) => name).join(", ") : t("noneLeft")}
      </Td>
      <Td className="py-2">
        {schedule.nextAt ? (
          <Time at={schedule.nextAt} className="whitespace-nowrap" />
        ) : (
          <span className="block min-w-24 text-soft">
            {schedule.disabledReason ? t(`disabled.${schedule.disabledReason}`) : t("off")}
          </span>
        )}
      </Td>
      <Td className="min-w-28 py-2">
        <LastOutcome schedule={schedule} />
      </Td>
      <Td className="py-2">
        <OnOff schedule={schedule} disabled={!can("operator")} />
      </Td>
      <Td className="py-2">
        {can("operator") ? (
          <span className="flex justify-end gap-1 whitespace-nowrap">
            <RunNow schedule={schedule} />
            <Button
              size="small"
              tone="quiet"
              onClick={onEdit}
              aria-label={t("editThis", { name: schedule.name })}
            >
              {t("edit")}
            </Button>
            <Button
              size="small"
              tone="quiet"
              onClick={onRemove}
              aria-label={t("removeThis", { name: schedule.name })}
            >
              {t("remove")}
            </Button>
          </span>
        ) : null}
      </Td>
    </Tr>
  );
}

function useRefresh() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: trpc.schedule.pathKey() });
}

function OnOff({ schedule, disabled }: { schedule: ScheduleView; disabled: boolean }) {
  const t = useTranslations("schedules");
  const team = useTeam();
  const refresh = useRefresh();
  const wordsOf = useErrorWords();
  const then = {
    onSuccess: refresh,
    onError: (error: unknown) => toast(wordsOf(error).form ?? t("notChanged"), "problem"),
  };
  const enable = useMutation(trpc.schedule.enable.mutationOptions(then));
  const disable = useMutation(trpc.schedule.disable.mutationOptions(then));
  const changing = enable.isPending || disable.isPending;
  return (
    <Switch
      label={<span className="sr-only">{t("onThis", { name: schedule.name })}</span>}
      checked={changing ? enable.isPending : schedule.enabled}
      disabled={disabled || changing}
      onChange={(event) => {
        const change = event.target.checked ? enable : disable;
        change.mutate({ team, scheduleId: schedule.id });
      }}
    />
  );
}

function RunNow({ schedule }: { schedule: ScheduleView }) {
  const t = useTranslations("schedules");
  const team = useTeam();
  const refresh = useRefresh();
  const wordsOf = useErrorWords();
  const run = useMutation(
    trpc.schedule.runNow.mutationOptions({
      onSuccess: async () => {
        toast(t("started", { name: schedule.name }));
        await refresh();
      },
      onError: (error: unknown) => {
        const { form, fields } = wordsOf(error);
        toast(form ?? Object.values(fields)[0] ?? t("notChanged"), "problem");
      },
    }),
  );
  return (
    <Button
      size="small"
      icon={<PlayIcon size={12} />}
      busy={run.isPending}
      onClick={() => run.mutate({ team, scheduleId: schedule.id, idempotencyKey: randomKey() })}
      aria-label={t("runNowThis", { name: schedule.name })}
    >
      {t("runNow")}
    </Button>
  );
}
