"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { trpc } from "#components/api/trpc.ts";
import { useMe, useTeam } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Input } from "#components/ui/input.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import { toast } from "#components/ui/toast.ts";
import { Switch } from "#components/ui/toggle.tsx";
import { emptySource, missingFields, type SourceDraft, toSource } from "./source-draft.ts";
import { SourceFields } from "./source-fields.tsx";
import { type SourceErrors, useMissingWords, useSourceErrors } from "./use-source-errors.ts";

export function ConnectCluster() {
  const t = useTranslations("clusters");
  const { can } = useMe();
  return (
    <div className="max-w-2xl">
      <PageHeader title={t("connectTitle")}>{t("connectIntro")}</PageHeader>
      {can("admin") ? <ConnectForm /> : <EmptyState title={t("needAdmin")}>{t("emptyTextOther")}</EmptyState>}
    </div>
  );
}

function ConnectForm() {
  const t = useTranslations("clusters");
  const team = useTeam();
  const [draft, setDraft] = useState<SourceDraft>(emptySource);
  const [typedName, setName] = useState<string | null>(null);
  const [production, setProduction] = useState(false);
  const [withApi, setWithApi] = useState(true);
  const [missing, setMissing] = useState<SourceErrors>({});
  const missingWords = useMissingWords();
  const connect = useConnect(() => setDraft(emptySource));
  const refused = useSourceErrors()(connect.error, draft);
  // Until somebody types a name, it is the context's.
  const name = typedName ?? draft.context ?? "";

  const change = (part: Partial<SourceDraft>) => {
    setDraft((held) => ({ ...held, ...part }));
    setMissing({});
    if (connect.error) connect.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!withApi) return connect.mutate({ team, name, production });
    setMissing(missingWords(draft));
    if (missingFields(draft).length > 0) return;
    connect.mutate({ team, name, production, source: toSource(draft) });
  };

  return (
    <form onSubmit={submit} noValidate autoComplete="off" className="space-y-6">
      <ApiChoice withApi={withApi} onChange={setWithApi} />
      <div hidden={!withApi}>
        <SourceFields draft={draft} onChange={change} errors={{ ...refused.source, ...missing }} />
      </div>
      <div className="max-w-md space-y-4">
        <Field label={t("name")} help={t("nameHelp")} error={refused.fields.name} required>
          {(control) => (
            <Input
              {...control}
              value={name}
              maxLength={80}
              autoComplete="off"
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Switch
          label={t("production")}
          help={t("productionHelp")}
          checked={production}
          onChange={(event) => setProduction(event.target.checked)}
        />
      </div>
      <FormError>{refused.form}</FormError>
      <Button type="submit" tone="primary" size="large" busy={connect.isPending || connect.isSuccess}>
        {t("connect")}
      </Button>
    </form>
  );
}

/** What was typed for an API stays while somebody looks at the other choice. */
function ApiChoice({ withApi, onChange }: { withApi: boolean; onChange: (withApi: boolean) => void }) {
  const t = useTranslations("clusters");
  const choice = (value: boolean, label: string, help: string) => (
    <label className="flex items-start gap-2.5">
      <input
        type="radio"
        name="with-api"
        checked={withApi === value}
        onChange={() => onChange(value)}
        className="mt-0.5 size-4 shrink-0"
      />
      <span>
        <span className="block text-ink">{label}</span>
        <span className="block text-faint">{help}</span>
      </span>
    </label>
  );
  return (
    <fieldset className="space-y-2">
      <legend className="sr-only">{t("manual")}</legend>
      {choice(true, t("connectApi"), t("connectApiHelp"))}
      {choice(false, t("onlyEndpoints"), t("onlyEndpointsHelp"))}
    </fieldset>
  );
}

/** After success the secrets are gone from the page and from the cache of requests. */
function useConnect(clear: () => void) {
  const t = useTranslations("clusters");
  const team = useTeam();
  const router = useRouter();
  const queries = useQueryClient();
  return useMutation(
    trpc.cluster.connect.mutationOptions({
      gcTime: 0,
      onSuccess: async ({ slug }, { name }) => {
        clear();
        toast(t("connected", { name }));
        await queries.invalidateQueries({ queryKey: trpc.cluster.list.queryKey() });
        router.push(`/${team}/clusters/${slug}?cluster=${slug}`);
      },
    }),
  );
}
