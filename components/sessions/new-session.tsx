"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import type { FormEvent } from "react";
import type { Locale } from "#common/text.ts";
import { trpc } from "../api/trpc.ts";
import { useErrorWords } from "../layout/use-error-words.ts";
import { useTeam } from "../team/use-team.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Select } from "../ui/select.tsx";

type Props = { runbook: string; title: string; cluster: string | undefined };

/** Asks for a cluster and a title, and begins. */
export function NewSession({ runbook, title, cluster }: Props) {
  const t = useTranslations("sessions");
  const team = useTeam();
  const router = useRouter();
  const locale = useLocale() as Locale;
  const { data: clusters } = useQuery(trpc.cluster.list.queryOptions({ team }));
  const start = useMutation(
    trpc.runbookSession.start.mutationOptions({
      onSuccess: ({ sessionId }) => router.push(`/${team}/sessions/${sessionId}`),
    }),
  );
  const { form, fields } = useErrorWords()(start.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (start.isPending) return;
    const data = new FormData(event.currentTarget);
    const asked = { cluster: String(data.get("cluster")), title: String(data.get("title")) };
    start.mutate({ team, runbook, locale, ...asked });
  };
  return (
    <form onSubmit={submit} noValidate className="max-w-md space-y-4">
      <Field label={t("cluster")} error={fields.cluster}>
        {(control) => (
          <Select {...control} name="cluster" defaultValue={cluster} key={clusters?.length}>
            {(clusters ?? []).map((one) => (
              <option key={one.slug} value={one.slug}>
                {one.name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t("name")} error={fields.title ?? form}>
        {(control) => <Input {...control} name="title" maxLength={120} defaultValue={title} />}
      </Field>
      <Button type="submit" tone="primary" busy={start.isPending}>
        {t("begin")}
      </Button>
    </form>
  );
}
