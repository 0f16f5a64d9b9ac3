"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { SavedView } from "#common/contracts/history.ts";
import { trpc } from "../api/trpc.ts";
import { useErrorWords } from "../layout/use-error-words.ts";
import { RemovalDialog } from "../ui/removal-dialog.tsx";

export default function RemoveViewDialog({
  team,
  view,
  onClose,
}: {
  team: string;
  view: SavedView;
  onClose: () => void;
}) {
  const t = useTranslations("history");
  const queries = useQueryClient();
  const words = useErrorWords();
  const remove = useMutation(
    trpc.savedView.remove.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.savedView.pathKey() });
        onClose();
      },
    }),
  );
  return (
    <RemovalDialog
      title={t("removeViewTitle", { name: view.name })}
      description={t(view.shared ? "removeSharedHelp" : "removeViewHelp")}
      action={t("removeView")}
      error={words(remove.error).form}
      busy={remove.isPending}
      onRemove={() => remove.mutate({ team, viewId: view.id })}
      onClose={onClose}
    />
  );
}
