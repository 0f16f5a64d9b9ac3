"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { EndpointView } from "#common/contracts/endpoint.ts";
import { trpc } from "#components/api/trpc.ts";
import { useTeam } from "#components/team/use-team.ts";
import { RemovalDialog } from "#components/ui/removal-dialog.tsx";
import { toast } from "#components/ui/toast.ts";
import { useEndpointErrors } from "./use-endpoint-errors.ts";

type Props = { cluster: string; view: EndpointView; onClose: () => void };

export default function RemoveDialog({ cluster, view, onClose }: Props) {
  const t = useTranslations("endpoints");
  const team = useTeam();
  const queries = useQueryClient();
  const remove = useMutation(
    trpc.endpoint.remove.mutationOptions({
      onSuccess: async () => {
        toast(t("removed", { name: view.name }));
        onClose();
        await Promise.all([
          queries.invalidateQueries({ queryKey: trpc.endpoint.pathKey() }),
          queries.invalidateQueries({ queryKey: trpc.cluster.pathKey() }),
        ]);
      },
    }),
  );
  const { form } = useEndpointErrors()(remove.error);
  return (
    <RemovalDialog
      title={t("removeTitle", { name: view.name })}
      description={t("removeText")}
      action={t("remove")}
      error={form}
      busy={remove.isPending}
      onRemove={() => remove.mutate({ team, cluster, connectionId: view.id })}
      onClose={onClose}
    />
  );
}
