"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { HostGroupView } from "#common/contracts/host.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useTeam } from "#components/team/use-team.ts";
import { RemovalDialog } from "#components/ui/removal-dialog.tsx";
import { toast } from "#components/ui/toast.ts";

type Props = { cluster: string; view: HostGroupView; onClose: () => void };

export default function RemoveDialog({ cluster, view, onClose }: Props) {
  const t = useTranslations("hosts");
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
    <RemovalDialog
      title={t("removeTitle", { name })}
      description={t("removeText")}
      action={t("remove")}
      error={words(remove.error).form}
      busy={remove.isPending}
      onRemove={() => remove.mutate({ team, cluster, connectionId: view.id })}
      onClose={onClose}
    />
  );
}
