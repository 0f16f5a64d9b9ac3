"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { EndpointView } from "#common/contracts/endpoint.ts";
import { trpc } from "#components/api/trpc.ts";
import { useTeam } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogActions } from "#components/ui/dialog.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { toast } from "#components/ui/toast.ts";
import { useEndpointErrors } from "./use-endpoint-errors.ts";

type Props = { cluster: string; view: EndpointView; onClose: () => void };

export default function RemoveDialog({ cluster, view, onClose }: Props) {
  const t = useTranslations("endpoints");
  const common = useTranslations("common");
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
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t("removeTitle", { name: view.name })}
      description={t("removeText")}
    >
      <FormError>{form}</FormError>
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
