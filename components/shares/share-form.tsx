"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Input } from "#components/ui/input.tsx";
import { OnceShown } from "#components/ui/once-shown.tsx";
import { Select } from "#components/ui/select.tsx";
import { Checkbox } from "#components/ui/toggle.tsx";

const lives = [1, 7, 30, 90] as const;

/** Makes a link and shows its address this once. */
export function ShareForm({ team, runId, withRunId }: { team: string; runId: string; withRunId?: string }) {
  const t = useTranslations("shares");
  const queries = useQueryClient();
  const [hideNames, setHideNames] = useState(true);
  const create = useMutation(
    trpc.share.create.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.share.list.pathKey() }),
    }),
  );
  const { form, fields } = useErrorWords()(create.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const [days, note] = [Number(data.get("days")), String(data.get("note"))];
    create.mutate({ team, runId, withRunId: withRunId ?? null, days, note, hideNames });
  };
  if (create.data) {
    return (
      <OnceShown label={t("link")} help={t("linkOnce")} value={create.data.url} copy={t("copy")}>
        <Button onClick={() => create.reset()}>{t("another")}</Button>
      </OnceShown>
    );
  }
  return (
    <form onSubmit={submit} noValidate className="mt-4 space-y-4">
      <Field label={t("note")} help={t("noteHelp")} error={fields.note}>
        {(control) => <Input {...control} name="note" maxLength={120} autoComplete="off" />}
      </Field>
      <Field label={t("life")} error={fields.days}>
        {(control) => (
          <Select {...control} name="days" defaultValue={7}>
            {lives.map((days) => (
              <option key={days} value={days}>
                {t("days", { days })}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Checkbox
        checked={hideNames}
        onChange={(event) => setHideNames(event.target.checked)}
        label={t("hideNames")}
        help={t("hideNamesHelp")}
      />
      <p className="text-soft">{t("always")}</p>
      <FormError>{form}</FormError>
      <div className="flex justify-end">
        <Button type="submit" tone="primary" busy={create.isPending}>
          {t("make")}
        </Button>
      </div>
    </form>
  );
}
