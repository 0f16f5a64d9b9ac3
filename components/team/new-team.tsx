"use client";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { FormEvent } from "react";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";

/** Another team on this instance. A full load afterwards: nothing of this team stays in memory. */
export function NewTeam() {
  const t = useTranslations("settings");
  const create = useMutation(
    trpc.team.create.mutationOptions({ onSuccess: ({ team }) => location.assign(`/${team}/settings/team`) }),
  );
  const { form, fields } = useErrorWords()(create.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    create.mutate({ name: String(new FormData(event.currentTarget).get("name")) });
  };
  return (
    <div className="max-w-3xl">
      <PageHeader title={t("newTeam")}>{t("newTeamIntro")}</PageHeader>
      <form onSubmit={submit} noValidate className="max-w-sm space-y-4">
        <Field label={t("teamName")} error={fields.name ?? form} required>
          {(control) => <Input {...control} name="name" maxLength={80} autoComplete="organization" />}
        </Field>
        <Button type="submit" tone="primary" busy={create.isPending || create.isSuccess}>
          {t("makeTeam")}
        </Button>
      </form>
    </div>
  );
}
