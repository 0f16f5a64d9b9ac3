"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { ApiKeyView } from "#common/contracts/api-key.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useTeam } from "#components/team/use-team.ts";
import { RemovalDialog } from "#components/ui/removal-dialog.tsx";
import { toast } from "#components/ui/toast.ts";

export default function RevokeKeyDialog({
  apiKey: key,
  onClose,
}: {
  apiKey: ApiKeyView;
  onClose: () => void;
}) {
  const t = useTranslations("keys");
  const team = useTeam();
  const queries = useQueryClient();
  const revoke = useMutation(
    trpc.apiKey.revoke.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.apiKey.list.queryKey() });
        toast(t("revokedDone", { name: key.name }));
        onClose();
      },
    }),
  );
  return (
    <RemovalDialog
      title={t("revokeTitle", { name: key.name })}
      description={t("revokeText")}
      action={t("revoke")}
      error={useErrorWords()(revoke.error).form}
      busy={revoke.isPending}
      onRemove={() => revoke.mutate({ team, keyId: key.id })}
      onClose={onClose}
    />
  );
}
