"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import type { EndpointView } from "#common/contracts/endpoint.ts";
import { trpc } from "#components/api/trpc.ts";
import { useTeam } from "#components/team/use-team.ts";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormEnd } from "#components/ui/form-end.tsx";
import { Input } from "#components/ui/input.tsx";
import { toast } from "#components/ui/toast.ts";
import { useEndpointErrors } from "./use-endpoint-errors.ts";

type Props = { cluster: string; view: EndpointView; onClose: () => void };

/** The stored secret is dropped for the typed one; nobody can read either back. */
export default function SecretDialog({ cluster, view, onClose }: Props) {
  const t = useTranslations("endpoints");
  const team = useTeam();
  const queries = useQueryClient();
  const [secret, setSecret] = useState("");
  const replace = useMutation(
    trpc.endpoint.replaceSecret.mutationOptions({
      gcTime: 0,
      onSuccess: async () => {
        toast(t("secretReplaced"));
        onClose();
        await queries.invalidateQueries({ queryKey: trpc.endpoint.pathKey() });
      },
    }),
  );
  const { fields, form } = useEndpointErrors()(replace.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (secret !== "") replace.mutate({ team, cluster, connectionId: view.id, secret });
  };
  const isToken = "auth" in view.endpoint && view.endpoint.auth.type === "bearer";
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t("replaceTitle", { name: view.name })}
      description={t("replaceText")}
    >
      <form onSubmit={submit} noValidate autoComplete="off" className="mt-4 space-y-4">
        <Field label={isToken ? t("field.token") : t("field.password")} error={fields.secret} required>
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="new-password"
              value={secret}
              onChange={(event) => setSecret(event.target.value)}
            />
          )}
        </Field>
        <FormEnd problem={form} disabled={secret === ""} busy={replace.isPending} onCancel={onClose}>
          {t("replace")}
        </FormEnd>
      </form>
    </Dialog>
  );
}
