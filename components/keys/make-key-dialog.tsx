"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import type { ApiScope } from "#common/contracts/api-key.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useTeam } from "#components/team/use-team.ts";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field, FieldError } from "#components/ui/field.tsx";
import { FormEnd } from "#components/ui/form-end.tsx";
import { Input } from "#components/ui/input.tsx";
import { OnceShown } from "#components/ui/once-shown.tsx";
import { Select } from "#components/ui/select.tsx";
import { Checkbox } from "#components/ui/toggle.tsx";
import { scopeName } from "./scope-name.ts";

// Their own list: the contract's would bring zod into the browser. Nothing asks for "write" yet.
const scopes = ["read", "run", "write"] as const satisfies readonly ApiScope[];
const lives = [7, 30, 90, 180, 365] as const;

/** Makes a key and shows its secret this once. */
export default function MakeKeyDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations("keys");
  const queries = useQueryClient();
  const create = useMutation(
    trpc.apiKey.create.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.apiKey.list.queryKey() }),
    }),
  );
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t("makeTitle")}
      description={create.data ? t("madeOnce") : t("makeIntro")}
    >
      {create.data ? (
        <OnceShown
          label={t("secret")}
          help={t("secretHelp")}
          value={create.data.secret}
          copy={t("copy")}
          onClose={onClose}
        />
      ) : (
        <KeyForm create={create} onClose={onClose} />
      )}
    </Dialog>
  );
}

type Create = {
  mutate: (input: { team: string; name: string; scopes: ApiScope[]; days: number }) => void;
  isPending: boolean;
  error: unknown;
};

function KeyForm({ create, onClose }: { create: Create; onClose: () => void }) {
  const t = useTranslations("keys");
  const team = useTeam();
  const { form, fields } = useErrorWords()(create.error);
  const [chosen, setChosen] = useState<ApiScope[]>(["read", "run"]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    create.mutate({ team, name: String(data.get("name")), scopes: chosen, days: Number(data.get("days")) });
  };
  const change = (scope: ApiScope, on: boolean) =>
    setChosen(scopes.filter((each) => (each === scope ? on : chosen.includes(each))));
  return (
    <form onSubmit={submit} noValidate className="mt-4 space-y-4">
      <Field label={t("name")} help={t("nameHelp")} error={fields.name} required>
        {(control) => <Input {...control} name="name" maxLength={80} autoComplete="off" />}
      </Field>
      <fieldset>
        <legend className="mb-1 font-medium">{t("scopes")}</legend>
        <div className="space-y-1.5">
          {scopes.map((scope) => (
            <Checkbox
              key={scope}
              checked={chosen.includes(scope)}
              onChange={(event) => change(scope, event.target.checked)}
              label={t(scopeName[scope])}
              help={t(`${scopeName[scope]}Help`)}
            />
          ))}
        </div>
        <FieldError>{fields.scopes ? t("scopesNone") : null}</FieldError>
      </fieldset>
      <Field label={t("life")} help={t("lifeHelp")} error={fields.days}>
        {(control) => (
          <Select {...control} name="days" defaultValue={90}>
            {lives.map((days) => (
              <option key={days} value={days}>
                {t("days", { days })}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <FormEnd problem={form} busy={create.isPending} onCancel={onClose}>
        {t("make")}
      </FormEnd>
    </form>
  );
}
