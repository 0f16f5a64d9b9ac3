"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import type { HostGroupView } from "#common/contracts/host.ts";
import { trpc } from "#components/api/trpc.ts";
import { useTeam } from "#components/team/use-team.ts";
import { Dialog } from "#components/ui/dialog.tsx";
import { FormEnd } from "#components/ui/form-end.tsx";
import { toast } from "#components/ui/toast.ts";
import { type DraftErrors, draftOf, emptyDraft, groupOf, missingFields, secretOf } from "./group-draft.ts";
import { GroupFields, KeyFields } from "./group-fields.tsx";
import { useHostErrors } from "./use-host-errors.ts";

type Props = { cluster: string; view?: HostGroupView; onClose: () => void };

/** Adds a group of hosts, or changes one. What was typed stays until the server has taken it. */
export default function GroupDialog({ cluster, view, onClose }: Props) {
  const t = useTranslations("hosts");
  const [draft, setDraft] = useState(view ? draftOf(view.group) : emptyDraft);
  const [missing, setMissing] = useState<DraftErrors>({});
  const { save, error, reset, isPending } = useSave({ cluster, view, onClose });
  const refused = useHostErrors()(error);
  const fields = {
    draft,
    errors: { ...refused.fields, ...missing },
    onChange: (change: Partial<typeof draft>) => {
      setDraft((held) => ({ ...held, ...change }));
      setMissing({});
      if (error) reset();
    },
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const empty = missingFields(draft, !view);
    setMissing(Object.fromEntries(empty.map((field) => [field, t("missing")])));
    if (empty.length === 0) save(draft);
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => open || onClose()}
      title={view ? t("editTitle", { name: view.group.name }) : t("addTitle")}
      description={view ? t("editText") : t("addText")}
    >
      <form onSubmit={submit} noValidate autoComplete="off" className="mt-4 space-y-4">
        <GroupFields {...fields} />
        <KeyFields {...fields} isNew={!view} />
        <FormEnd problem={refused.form} busy={isPending} onCancel={onClose}>
          {view ? t("save") : t("add")}
        </FormEnd>
      </form>
    </Dialog>
  );
}

function useSave({ cluster, view, onClose }: Props) {
  const t = useTranslations("hosts");
  const team = useTeam();
  const queries = useQueryClient();
  const done = async (words: string) => {
    toast(words);
    onClose();
    await queries.invalidateQueries({ queryKey: trpc.host.pathKey() });
  };
  const add = useMutation(
    trpc.host.add.mutationOptions({
      gcTime: 0,
      onSuccess: (_, { group }) => done(t("added", { name: group.name })),
    }),
  );
  const update = useMutation(
    trpc.host.update.mutationOptions({
      gcTime: 0,
      onSuccess: ({ secretDropped }) => done(secretDropped ? t("savedDropped") : t("saved")),
    }),
  );
  const used = view ? update : add;
  return {
    error: used.error,
    isPending: used.isPending,
    reset: () => used.reset(),
    save: (draft: typeof emptyDraft) => {
      const secret = secretOf(draft);
      const { knownHosts } = draft;
      const input = { team, cluster, group: groupOf(draft), knownHosts };
      if (view) update.mutate({ ...input, connectionId: view.id, secret });
      else if (secret) add.mutate({ ...input, secret });
    },
  };
}
