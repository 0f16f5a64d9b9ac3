"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import type { ClusterView } from "#common/contracts/cluster.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useTeam } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogActions } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Input } from "#components/ui/input.tsx";
import { toast } from "#components/ui/toast.ts";

/** Asks for the cluster's name first: there is no way back to its credential. */
export default function RemoveDialog({ cluster, onClose }: { cluster: ClusterView; onClose: () => void }) {
  const t = useTranslations("clusters");
  const common = useTranslations("common");
  const team = useTeam();
  const router = useRouter();
  const queries = useQueryClient();
  const [typed, setTyped] = useState("");
  const remove = useMutation(
    trpc.cluster.remove.mutationOptions({
      onSuccess: async () => {
        toast(t("removed", { name: cluster.name }));
        router.push(`/${team}/clusters`);
        await queries.invalidateQueries({ queryKey: trpc.cluster.list.queryKey() });
      },
    }),
  );
  const { form } = useErrorWords()(remove.error);
  const confirmed = typed.trim() === cluster.name;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (confirmed) remove.mutate({ team, cluster: cluster.slug });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t("removeTitle", { name: cluster.name })}
      description={t("removeHelp")}
    >
      <form onSubmit={submit} className="mt-4 space-y-4">
        <Field label={t("removeType", { name: cluster.name })}>
          {(control) => (
            <Input
              {...control}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              autoComplete="off"
            />
          )}
        </Field>
        <FormError>{form}</FormError>
        <DialogActions>
          <Button onClick={onClose}>{common("cancel")}</Button>
          <Button
            type="submit"
            tone="danger"
            disabled={!confirmed}
            busy={remove.isPending || remove.isSuccess}
          >
            {t("remove")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
