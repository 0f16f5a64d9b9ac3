"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { ScheduleView } from "#common/contracts/schedule.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useTeam } from "#components/team/use-team.ts";
import { RemovalDialog } from "#components/ui/removal-dialog.tsx";
import { toast } from "#components/ui/toast.ts";

export default function RemoveDialog({ schedule, onClose }: { schedule: ScheduleView; onClose: () => void }) {
  const t = useTranslations("schedules");
  const team = useTeam();
  const queries = useQueryClient();
  const words = useErrorWords();
  const remove = useMutation(
    trpc.schedule.remove.mutationOptions({
      onSuccess: async () => {
        toast(t("removed", { name: schedule.name }));
        await queries.invalidateQueries({ queryKey: trpc.schedule.pathKey() });
        onClose();
      },
    }),
  );
  return (
    <RemovalDialog
      title={t("removeTitle", { name: schedule.name })}
      description={t("removeHelp")}
      action={t("remove")}
      error={words(remove.error).form}
      busy={remove.isPending}
      onRemove={() => remove.mutate({ team, scheduleId: schedule.id })}
      onClose={onClose}
    />
  );
}
