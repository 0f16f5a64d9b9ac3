"use client";
import { useTranslations } from "next-intl";
import { dnsTransports, endpointKinds } from "#common/contracts/endpoint.ts";
import { Field } from "#components/ui/field.tsx";
import { Input, Textarea } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import {
  authChoices,
  authOf,
  type EndpointDraft,
  exampleAddress,
  shownFields,
  tlsChoices,
} from "./endpoint-draft.ts";
import type { EndpointErrors } from "./use-endpoint-errors.ts";

type Props = {
  draft: EndpointDraft;
  onChange: (change: Partial<EndpointDraft>) => void;
  errors: EndpointErrors;
  /** the kind of what is there already does not change */
  fixedKind?: boolean;
  /** a secret is stored and stays as it is while this is empty */
  keepsSecret?: boolean;
};

/** What is asked of an endpoint depends on its kind; nothing typed is lost by choosing another. */
export function EndpointFields(props: Props) {
  const t = useTranslations("endpoints");
  const { draft, onChange } = props;
  const shown = shownFields(draft);
  return (
    <div className="space-y-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <Choice
          {...props}
          name="kind"
          disabled={props.fixedKind}
          options={endpointKinds.map((kind) => [kind, t(`kind.${kind}`)])}
        />
        <Text {...props} name="name" help={t("nameHelp")} required />
      </div>
      {shown.has("transport") ? (
        <Choice
          {...props}
          name="transport"
          options={dnsTransports.map((transport) => [transport, t(`transport.${transport}`)])}
        />
      ) : null}
      <Text
        {...props}
        name="address"
        help={t("addressHelp", { example: addressExample(draft) })}
        required
        code
      />
      {shown.has("tls") ? (
        <Choice
          {...props}
          name="tls"
          help={t(`tlsHelp.${draft.tls}`)}
          options={(tlsChoices[draft.kind] ?? []).map((choice) => [choice, t(`tls.${choice}`)])}
        />
      ) : null}
      {shown.has("auth") ? (
        <Choice
          {...props}
          draft={{ ...draft, auth: authOf(draft) }}
          name="auth"
          options={authChoices[draft.kind].map((choice) => [choice, t(`auth.${choice}`)])}
        />
      ) : null}
      <div className="grid gap-4 empty:hidden sm:grid-cols-2">
        {shown.has("username") ? <Text {...props} name="username" required code /> : null}
        {shown.has("secret") ? <Secret {...props} /> : null}
      </div>
      {shown.has("tokenHosts") ? <Text {...props} name="tokenHosts" help={t("tokenHostsHelp")} code /> : null}
      {shown.has("serverName") ? <Text {...props} name="serverName" help={t("serverNameHelp")} code /> : null}
      {shown.has("caPem") ? (
        <Field label={t("field.caPem")} help={t("caPemHelp")} error={props.errors.caPem}>
          {(control) => (
            <Textarea
              {...control}
              code
              rows={3}
              value={draft.caPem}
              onChange={(event) => onChange({ caPem: event.target.value })}
            />
          )}
        </Field>
      ) : null}
    </div>
  );
}

function addressExample({ kind, transport }: EndpointDraft): string {
  return kind === "dns" && transport.startsWith("doh")
    ? "https://dns.example/dns-query"
    : exampleAddress[kind];
}

type TextName = "name" | "address" | "username" | "tokenHosts" | "serverName";

function Text({
  draft,
  onChange,
  errors,
  name,
  help,
  required,
  code,
}: Props & { name: TextName; help?: string; required?: boolean; code?: boolean }) {
  const t = useTranslations("endpoints");
  return (
    <Field label={t(`field.${name}`)} help={help} error={errors[name]} required={required}>
      {(control) => (
        <Input
          {...control}
          value={draft[name]}
          onChange={(event) => onChange({ [name]: event.target.value })}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          className={code ? "font-mono" : undefined}
        />
      )}
    </Field>
  );
}

function Secret({ draft, onChange, errors, keepsSecret }: Props) {
  const t = useTranslations("endpoints");
  const isToken = authOf(draft) === "bearer";
  return (
    <Field
      label={isToken ? t("field.token") : t("field.password")}
      help={keepsSecret ? t("secretKept") : draft.kind === "mysql" ? t("passwordOptional") : undefined}
      error={errors.secret}
      required={!keepsSecret && draft.kind !== "mysql"}
    >
      {(control) => (
        <Input
          {...control}
          type="password"
          value={draft.secret}
          onChange={(event) => onChange({ secret: event.target.value })}
          autoComplete="new-password"
          className="font-mono"
        />
      )}
    </Field>
  );
}

function Choice({
  draft,
  onChange,
  errors,
  name,
  options,
  help,
  disabled,
}: Props & {
  name: "kind" | "transport" | "tls" | "auth";
  options: readonly (readonly [value: string, label: string])[];
  help?: string;
  disabled?: boolean;
}) {
  const t = useTranslations("endpoints");
  return (
    <Field label={t(`field.${name}`)} help={help} error={errors[name]}>
      {(control) => (
        <Select
          {...control}
          value={draft[name]}
          disabled={disabled}
          onChange={(event) => onChange({ [name]: event.target.value })}
        >
          {options.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
