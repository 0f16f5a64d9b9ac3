"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import type { ScheduleView } from "#common/contracts/schedule.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useMe, useTeam } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { PlusIcon } from "#components/ui/icons.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states.tsx";
import { Table, Th, Thead } from "#components/ui/table.tsx";
import { ScheduleRow } from "./schedule-row.tsx";

const ScheduleDialog = lazy(() => import("./schedule-dialog.tsx"));
const RemoveDialog = lazy(() => import("./remove-dialog.tsx"));

type Open = { dialog: "edit"; schedule: ScheduleView | null } | { dialog: "remove"; schedule: ScheduleView };

/** Runs that begin by themselves: when the next is, and what the last came to. */
export function ScheduleList() {
  const t = useTranslations("schedules");
  const common = useTranslations("common");
  const team = useTeam();
  const { canSomewhere } = useMe();
  const [open, setOpen] = useState<Open | null>(null);
  const schedules = useQuery(trpc.schedule.list.queryOptions({ team }, { refetchInterval: 10_000 }));
  const words = useErrorWords()(schedules.error);
  const any = (schedules.data?.length ?? 0) > 0;
  const close = () => setOpen(null);
  const create = (
    <Button
      tone="primary"
      icon={<PlusIcon size={14} />}
      onClick={() => setOpen({ dialog: "edit", schedule: null })}
    >
      {t("create")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("title")} actions={any && canSomewhere("operator") ? create : null}>
        {t("intro")}
      </PageHeader>
      {schedules.isPending ? <SkeletonRows rows={4} label={common("loading")} /> : null}
      {schedules.error && !schedules.data ? (
        <ErrorState
          title={words.form}
          action={<Button onClick={() => void schedules.refetch()}>{common("retry")}</Button>}
        />
      ) : null}
      {schedules.data && !any ? (
        <EmptyState title={t("emptyTitle")} action={canSomewhere("operator") ? create : null}>
          {canSomewhere("operator") ? t("emptyText") : t("emptyTextOther")}
        </EmptyState>
      ) : null}
      {any ? (
        <Table label={t("title")}>
          <Thead>
            <tr>
              <Th>{t("schedule")}</Th>
              <Th>{t("what")}</Th>
              <Th>{t("clusters")}</Th>
              <Th>{t("next")}</Th>
              <Th>{t("last")}</Th>
              <Th>{t("on")}</Th>
              <Th>
                <span className="sr-only">{t("actions")}</span>
              </Th>
            </tr>
          </Thead>
          <tbody>
            {schedules.data?.map((schedule) => (
              <ScheduleRow
                key={schedule.id}
                schedule={schedule}
                onEdit={() => setOpen({ dialog: "edit", schedule })}
                onRemove={() => setOpen({ dialog: "remove", schedule })}
              />
            ))}
          </tbody>
        </Table>
      ) : null}
      <Suspense>
        {open?.dialog === "edit" ? <ScheduleDialog schedule={open.schedule} onClose={close} /> : null}
        {open?.dialog === "remove" ? <RemoveDialog schedule={open.schedule} onClose={close} /> : null}
      </Suspense>
    </>
  );
}
