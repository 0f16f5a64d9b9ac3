"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { FormEvent } from "react";
import type { ClusterView } from "#common/contracts/cluster.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useMe, useTeam } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Input } from "#components/ui/input.tsx";
import { toast } from "#components/ui/toast.ts";
import { Switch } from "#components/ui/toggle.tsx";

export default function ClusterSettings({ cluster }: { cluster: ClusterView }) {
  const t = useTranslations("clusters");
  const common = useTranslations("common");
  const team = useTeam();
  const queries = useQueryClient();
  const { can } = useMe([cluster.slug]);
  const update = useMutation(
    trpc.cluster.update.mutationOptions({
      onSuccess: async () => {
        toast(t("updated"));
        await queries.invalidateQueries({ queryKey: trpc.cluster.pathKey() });
      },
    }),
  );
  const { form, fields } = useErrorWords()(update.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    update.mutate({
      team,
      cluster: cluster.slug,
      name: String(data.get("name")),
      production: data.has("production"),
    });
  };
  return (
    <form onSubmit={submit} noValidate>
      <fieldset disabled={!can("admin")} className="max-w-md space-y-4">
        <Field label={t("name")} error={fields.name} required>
          {(control) => (
            <Input {...control} name="name" maxLength={80} autoComplete="off" defaultValue={cluster.name} />
          )}
        </Field>
        {cluster.practice ? null : (
          <Switch
            name="production"
            label={t("production")}
            help={t("productionHelp")}
            defaultChecked={cluster.production}
          />
        )}
        <FormError>{form}</FormError>
        <Button type="submit" busy={update.isPending}>
          {common("save")}
        </Button>
      </fieldset>
    </form>
  );
}
