"use client";
import { useTranslations } from "next-intl";
import { expandHosts } from "#common/hosts/range.ts";
import { Field } from "#components/ui/field.tsx";
import { Input, Textarea } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import { Tabs } from "#components/ui/tabs.tsx";
import { Switch } from "#components/ui/toggle.tsx";
import type { DraftErrors, DraftField, GroupDraft } from "./group-draft.ts";

export type GroupFieldsProps = {
  draft: GroupDraft;
  onChange: (change: Partial<GroupDraft>) => void;
  errors: DraftErrors;
};
type Named = GroupFieldsProps & { name: DraftField; label: string; help?: string; required?: boolean };

/** Which hosts, and how to reach them. */
export function GroupFields(props: GroupFieldsProps) {
  const t = useTranslations("hosts");
  const { draft, onChange } = props;
  return (
    <>
      <TextField {...props} name="name" label={t("name")} required />
      <Tabs<GroupDraft["source"]>
        label={t("source")}
        value={draft.source}
        onChange={(source) => onChange({ source })}
        tabs={[
          { value: "list", label: t("fromList"), panel: <HostsField {...props} /> },
          { value: "nodes", label: t("fromNodes"), panel: <NodesFields {...props} /> },
        ]}
      />
      <div className="grid gap-4 sm:grid-cols-[1fr_7rem]">
        <TextField {...props} name="user" label={t("user")} required />
        <TextField {...props} name="port" label={t("port")} required />
      </div>
      <Switch
        label={t("sudo")}
        help={t("sudoHelp")}
        checked={draft.sudo}
        onChange={(event) => onChange({ sudo: event.target.checked })}
      />
      <Switch
        label={t("jump")}
        checked={draft.usesJump}
        onChange={(event) => onChange({ usesJump: event.target.checked })}
      />
      {draft.usesJump ? (
        <div className="grid gap-4 sm:grid-cols-[1fr_1fr_7rem]">
          <TextField {...props} name="jumpHost" label={t("jumpHost")} required />
          <TextField {...props} name="jumpUser" label={t("jumpUser")} required />
          <TextField {...props} name="jumpPort" label={t("jumpPort")} required />
        </div>
      ) : null}
    </>
  );
}

/** What is sealed, and whose key is known. */
export function KeyFields({ isNew, ...props }: GroupFieldsProps & { isNew: boolean }) {
  const t = useTranslations("hosts");
  const keyHelp = isNew ? t("keyHelp") : t("keyKeepHelp");
  return (
    <>
      <CodeField {...props} name="privateKey" label={t("key")} help={keyHelp} required={isNew} secret />
      <TextField {...props} name="passphrase" label={t("passphrase")} secret />
      <CodeField {...props} name="certificate" label={t("certificate")} help={t("certificateHelp")} />
      {props.draft.usesJump ? (
        <>
          <CodeField {...props} name="jumpPrivateKey" label={t("jumpKey")} help={t("jumpKeyHelp")} secret />
          <TextField {...props} name="jumpPassphrase" label={t("jumpPassphrase")} secret />
        </>
      ) : null}
      <CodeField {...props} name="knownHosts" label={t("hostKeys")} help={t("hostKeysHelp")} />
    </>
  );
}

function HostsField(props: GroupFieldsProps) {
  const t = useTranslations("hosts");
  const { hosts, errors } = expandHosts(props.draft.hosts);
  const [first] = errors;
  const own = first
    ? t(`problem.hosts-${first.problem}`, { line: first.line, column: first.column, part: first.part })
    : undefined;
  const count = hosts.length > 0 ? ` ${t("hostsFound", { count: hosts.length })}.` : "";
  const said = { ...props.errors, hosts: own ?? props.errors.hosts };
  return (
    <CodeField
      {...props}
      errors={said}
      name="hosts"
      label={t("hosts")}
      help={t("hostsHelp") + count}
      required
    />
  );
}

function NodesFields(props: GroupFieldsProps) {
  const t = useTranslations("hosts");
  const { draft, onChange } = props;
  return (
    <div className="grid gap-4 sm:grid-cols-[1fr_10rem]">
      <TextField {...props} name="labelSelector" label={t("labelSelector")} help={t("labelSelectorHelp")} />
      <Field label={t("nodeAddress")}>
        {(control) => (
          <Select
            {...control}
            value={draft.address}
            onChange={(event) => onChange({ address: event.target.value as GroupDraft["address"] })}
          >
            <option value="InternalIP">InternalIP</option>
            <option value="Hostname">Hostname</option>
          </Select>
        )}
      </Field>
    </div>
  );
}

function TextField({
  draft,
  onChange,
  errors,
  name,
  label,
  help,
  required,
  secret,
}: Named & { secret?: boolean }) {
  return (
    <Field label={label} help={help} error={errors[name]} required={required}>
      {(control) => (
        <Input
          {...control}
          type={secret ? "password" : "text"}
          autoComplete={secret ? "new-password" : "off"}
          spellCheck={false}
          value={draft[name]}
          onChange={(event) => onChange({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
}

function CodeField({
  draft,
  onChange,
  errors,
  name,
  label,
  help,
  required,
  secret,
}: Named & { secret?: boolean }) {
  return (
    <Field label={label} help={help} error={errors[name]} required={required}>
      {(control) => (
        <Textarea
          {...control}
          code
          rows={4}
          value={draft[name]}
          onChange={(event) => onChange({ [name]: event.target.value })}
          className={secret ? "[-webkit-text-security:disc]" : undefined}
        />
      )}
    </Field>
  );
}
