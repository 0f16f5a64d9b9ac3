"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { ScheduleView } from "#common/contracts/schedule.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useTeam } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogActions } from "#components/ui/dialog.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { toast } from "#components/ui/toast.ts";

export default function RemoveDialog({ schedule, onClose }: { schedule: ScheduleView; onClose: () => void }) {
  const t = useTranslations("schedules");
  const common = useTranslations("common");
  const team = useTeam();
  const queries = useQueryClient();
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
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t("removeTitle", { name: schedule.name })}
      description={t("removeHelp")}
    >
      <div className="mt-4">
        <FormError>{useErrorWords()(remove.error).form}</FormError>
      </div>
      <DialogActions>
        <Button onClick={onClose}>{common("cancel")}</Button>
        <Button
          tone="danger"
          busy={remove.isPending}
          onClick={() => remove.mutate({ team, scheduleId: schedule.id })}
        >
          {t("remove")}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
