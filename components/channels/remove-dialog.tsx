"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { ChannelView } from "#common/contracts/channel.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useTeam } from "#components/team/use-team.ts";
import { RemovalDialog } from "#components/ui/removal-dialog.tsx";
import { toast } from "#components/ui/toast.ts";

export default function RemoveDialog({ channel, onClose }: { channel: ChannelView; onClose: () => void }) {
  const t = useTranslations("channels");
  const team = useTeam();
  const queries = useQueryClient();
  const remove = useMutation(
    trpc.channel.remove.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.channel.pathKey() });
        toast(t("removed", { name: channel.name }));
        onClose();
      },
    }),
  );
  return (
    <RemovalDialog
      title={t("removeTitle", { name: channel.name })}
      description={t("removeText")}
      action={t("remove")}
      error={useErrorWords()(remove.error).form}
      busy={remove.isPending}
      onRemove={() => remove.mutate({ team, channelId: channel.id })}
      onClose={onClose}
    />
  );
}
