"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import type { ScheduleView } from "#common/contracts/schedule.ts";
import { apiErrorOf } from "#components/api/api-error.ts";
import { trpc } from "#components/api/trpc.ts";
import { useChosenCluster } from "#components/clusters/use-chosen-cluster.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useTeam } from "#components/team/use-team.ts";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormEnd } from "#components/ui/form-end.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import { toast } from "#components/ui/toast.ts";
import { Switch } from "#components/ui/toggle.tsx";
import { ClusterFields } from "./cluster-fields.tsx";
import { draftOf, inputOf, type ScheduleDraft } from "./schedule-draft.ts";
import { TimeFields } from "./time-fields.tsx";
import { WhatFields } from "./what-fields.tsx";

type Props = { schedule: ScheduleView | null; onClose: () => void };

/** Makes a schedule or changes one. */
export default function ScheduleDialog({ schedule, onClose }: Props) {
  const t = useTranslations("schedules");
  const common = useTranslations("common");
  const team = useTeam();
  const { cluster } = useChosenCluster();
  const [draft, setDraft] = useState(() =>
    draftOf(schedule, {
      clusters: cluster ? [cluster.slug] : [],
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    }),
  );
  const change = (part: Partial<ScheduleDraft>) => setDraft((held) => ({ ...held, ...part }));
  const { data: checks } = useQuery(trpc.check.list.queryOptions({ team }));
  const { save, pending, error } = useSave(schedule, onClose);
  const { form, fields } = useErrorWords()(error);
  const keys = apiErrorOf(error)?.fields ?? {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save({ team, ...inputOf(draft, checks ?? []) });
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => open || onClose()}
      title={schedule ? t("editTitle", { name: schedule.name }) : t("createTitle")}
    >
      <form onSubmit={submit} noValidate className="mt-4 space-y-5">
        <Field label={t("name")} error={fields.name} required>
          {(control) => (
            <Input
              {...control}
              value={draft.name}
              maxLength={80}
              autoComplete="off"
              placeholder={t("namePlaceholder")}
              onChange={(event) => change({ name: event.target.value })}
            />
          )}
        </Field>
        <TimeFields draft={draft} errors={fields} onChange={change} />
        <WhatFields draft={draft} checks={checks ?? []} errors={fields} keys={keys} onChange={change} />
        <ClusterFields draft={draft} error={fields.clusters} onChange={change} />
        <Field label={t("missedRule")} help={t(`missedHelp.${draft.missedRule}`)} error={fields.missedRule}>
          {(control) => (
            <Select
              {...control}
              value={draft.missedRule}
              onChange={(event) =>
                change({ missedRule: event.target.value === "skip" ? "skip" : "run_once" })
              }
            >
              <option value="run_once">{t("missedRunOnce")}</option>
              <option value="skip">{t("missedSkip")}</option>
            </Select>
          )}
        </Field>
        <Switch
          label={t("enabled")}
          help={t("enabledHelp")}
          checked={draft.enabled}
          onChange={(event) => change({ enabled: event.target.checked })}
        />
        <FormEnd
          problem={form ?? (error ? t("seeFields") : null)}
          busy={pending}
          disabled={!checks}
          onCancel={onClose}
        >
          {schedule ? common("save") : t("create")}
        </FormEnd>
      </form>
    </Dialog>
  );
}

function useSave(schedule: ScheduleView | null, onClose: () => void) {
  const t = useTranslations("schedules");
  const queries = useQueryClient();
  const onSuccess = async () => {
    toast(t("saved"));
    await queries.invalidateQueries({ queryKey: trpc.schedule.pathKey() });
    onClose();
  };
  const create = useMutation(trpc.schedule.create.mutationOptions({ onSuccess }));
  const update = useMutation(trpc.schedule.update.mutationOptions({ onSuccess }));
  const save = (input: Parameters<typeof create.mutate>[0]) => {
    if (schedule) update.mutate({ ...input, scheduleId: schedule.id });
    else create.mutate(input);
  };
  return { save, pending: create.isPending || update.isPending, error: create.error ?? update.error };
}
