"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import type { EndpointView } from "#common/contracts/endpoint.ts";
import { trpc } from "#components/api/trpc.ts";
import { useTeam } from "#components/team/use-team.ts";
import { Dialog } from "#components/ui/dialog.tsx";
import { FormEnd } from "#components/ui/form-end.tsx";
import { toast } from "#components/ui/toast.ts";
import {
  type EndpointDraft,
  emptyDraft,
  isSamePlace,
  missingFields,
  shownFields,
  toDraft,
  toEndpoint,
} from "./endpoint-draft.ts";
import { EndpointFields } from "./endpoint-fields.tsx";
import { type EndpointErrors, useEndpointErrors } from "./use-endpoint-errors.ts";

type Props = { cluster: string; edited?: EndpointView; onClose: () => void };

/** Adds an endpoint or changes one. What is typed stays until the server took it. */
export default function EndpointDialog({ cluster, edited, onClose }: Props) {
  const t = useTranslations("endpoints");
  const common = useTranslations("common");
  const [draft, setDraft] = useState<EndpointDraft>(edited ? toDraft(edited) : emptyDraft);
  const [missing, setMissing] = useState<EndpointErrors>({});
  const save = useSave({ cluster, edited, onClose });
  const refused = useEndpointErrors()(save.error);
  const keepsSecret = edited?.hasSecret === true && isSamePlace(draft, edited);

  const change = (part: Partial<EndpointDraft>) => {
    setDraft((held) => ({ ...held, ...part }));
    setMissing({});
    if (save.error) save.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const empty = missingFields(draft, keepsSecret);
    setMissing(Object.fromEntries(empty.map((field) => [field, t("notFilled")])));
    if (empty.length === 0) save.mutate(draft);
  };
  const loses = edited?.hasSecret === true && !keepsSecret;
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => open || onClose()}
      title={edited ? t("editTitle", { name: edited.name }) : t("addTitle")}
      description={edited ? undefined : t("addText")}
    >
      <form onSubmit={submit} noValidate autoComplete="off" className="mt-4 space-y-4">
        <EndpointFields
          draft={draft}
          onChange={change}
          errors={{ ...refused.fields, ...missing }}
          fixedKind={edited !== undefined}
          keepsSecret={keepsSecret}
        />
        {loses ? <p className="border-l-2 border-warn bg-warn-wash px-3 py-2">{t("secretDropped")}</p> : null}
        <FormEnd problem={refused.form} busy={save.isPending} onCancel={onClose}>
          {edited ? common("save") : t("add")}
        </FormEnd>
      </form>
    </Dialog>
  );
}

/** A secret that was typed travels after the change, to the new place alone. */
function useSave({ cluster, edited, onClose }: Props) {
  const t = useTranslations("endpoints");
  const team = useTeam();
  const queries = useQueryClient();
  const add = useMutation(trpc.endpoint.add.mutationOptions({ gcTime: 0 }));
  const update = useMutation(trpc.endpoint.update.mutationOptions({ gcTime: 0 }));
  const replace = useMutation(trpc.endpoint.replaceSecret.mutationOptions({ gcTime: 0 }));
  return useMutation({
    gcTime: 0,
    mutationFn: async (draft: EndpointDraft) => {
      const typed = shownFields(draft).has("secret") && draft.secret !== "" ? draft.secret : undefined;
      const input = { team, cluster, name: draft.name.trim(), endpoint: toEndpoint(draft) };
      if (!edited) return void (await add.mutateAsync({ ...input, secret: typed }));
      const connectionId = edited.id;
      await update.mutateAsync({ ...input, connectionId });
      if (typed !== undefined) await replace.mutateAsync({ team, cluster, connectionId, secret: typed });
    },
    onSuccess: async (_saved, { name }) => {
      toast(edited ? t("saved") : t("added", { name }));
      onClose();
      await Promise.all([
        queries.invalidateQueries({ queryKey: trpc.endpoint.pathKey() }),
        queries.invalidateQueries({ queryKey: trpc.cluster.pathKey() }),
      ]);
    },
  });
}
