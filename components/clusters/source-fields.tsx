"use client";
import { useTranslations } from "next-intl";
import type { KubernetesSource } from "#common/contracts/cluster.ts";
import { Field } from "#components/ui/field.tsx";
import { Input, Textarea } from "#components/ui/input.tsx";
import { Tabs } from "#components/ui/tabs.tsx";
import { KubeconfigField } from "./kubeconfig-field.tsx";
import type { SourceDraft } from "./source-draft.ts";
import type { SourceErrors } from "./use-source-errors.ts";

export type SourceFieldsProps = {
  draft: SourceDraft;
  onChange: (change: Partial<SourceDraft>) => void;
  errors: SourceErrors;
};

/** The three ways to give a Kubernetes API: a kubeconfig, a token, a client certificate. */
export function SourceFields(props: SourceFieldsProps) {
  const t = useTranslations("clusters");
  return (
    <Tabs<KubernetesSource["type"]>
      label={t("manual")}
      value={props.draft.type}
      onChange={(type) => props.onChange({ type })}
      tabs={[
        { value: "kubeconfig", label: t("kubeconfigTab"), panel: <KubeconfigField {...props} /> },
        { value: "token", label: t("credentialToken"), panel: <TokenFields {...props} /> },
        {
          value: "client-certificate",
          label: t("credentialCertificate"),
          panel: <CertificateFields {...props} />,
        },
      ]}
    />
  );
}

function TokenFields(props: SourceFieldsProps) {
  const t = useTranslations("clusters");
  return (
    <div className="space-y-4">
      <ServerFields {...props} />
      <PemField {...props} name="token" label={t("token")} help={t("tokenHelp")} rows={3} secret />
    </div>
  );
}

function CertificateFields(props: SourceFieldsProps) {
  const t = useTranslations("clusters");
  return (
    <div className="space-y-4">
      <ServerFields {...props} />
      <PemField {...props} name="certificatePem" label={t("certificate")} rows={4} />
      <PemField {...props} name="keyPem" label={t("key")} rows={4} secret />
    </div>
  );
}

function ServerFields(props: SourceFieldsProps) {
  const t = useTranslations("clusters");
  const { draft, onChange, errors } = props;
  return (
    <>
      <Field label={t("server")} help={t("addressHelp")} error={errors.server} required>
        {(control) => (
          <Input
            {...control}
            value={draft.server}
            onChange={(event) => onChange({ server: event.target.value })}
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            className="font-mono"
          />
        )}
      </Field>
      <PemField {...props} name="caPem" label={t("ca")} help={t("caHelp")} rows={4} />
      <Field label={t("tlsServerName")} help={t("tlsServerNameHelp")} error={errors.tlsServerName}>
        {(control) => (
          <Input
            {...control}
            value={draft.tlsServerName}
            onChange={(event) => onChange({ tlsServerName: event.target.value })}
            autoComplete="off"
            spellCheck={false}
            className="font-mono"
          />
        )}
      </Field>
    </>
  );
}

function PemField({
  draft,
  onChange,
  errors,
  name,
  label,
  help,
  rows,
  secret,
}: SourceFieldsProps & {
  name: "caPem" | "token" | "certificatePem" | "keyPem";
  label: string;
  help?: string;
  rows: number;
  secret?: boolean;
}) {
  return (
    <Field label={label} help={help} error={errors[name]} required={name !== "caPem"}>
      {(control) => (
        <Textarea
          {...control}
          code
          rows={rows}
          value={draft[name]}
          onChange={(event) => onChange({ [name]: event.target.value })}
          className={secret ? "[-webkit-text-security:disc]" : undefined}
        />
      )}
    </Field>
  );
}
