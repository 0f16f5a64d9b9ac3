"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { HostGroupView } from "#common/contracts/host.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useTeam } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogActions } from "#components/ui/dialog.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { toast } from "#components/ui/toast.ts";

type Props = { cluster: string; view: HostGroupView; onClose: () => void };

export default function RemoveDialog({ cluster, view, onClose }: Props) {
  const t = useTranslations("hosts");
  const common = useTranslations("common");
  const team = useTeam();
  const queries = useQueryClient();
  const words = useErrorWords();
  const { name } = view.group;
  const remove = useMutation(
    trpc.host.remove.mutationOptions({
      onSuccess: async () => {
        toast(t("removed", { name }));
        onClose();
        await queries.invalidateQueries({ queryKey: trpc.host.list.queryKey() });
      },
    }),
  );
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t("removeTitle", { name })}
      description={t("removeText")}
    >
      <FormError>{words(remove.error).form}</FormError>
      <DialogActions>
        <Button onClick={onClose}>{common("cancel")}</Button>
        <Button
          tone="danger"
          busy={remove.isPending}
          onClick={() => remove.mutate({ team, cluster, connectionId: view.id })}
        >
          {t("remove")}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
