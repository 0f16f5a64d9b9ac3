import { useTranslations } from "next-intl";
import { type ReactNode, useId } from "react";
import { type AuditFilter, auditActions, auditScopes, auditSubjectKinds } from "#common/contracts/audit.ts";
import type { TeamView } from "#common/contracts/team.ts";
import { buttonLook } from "../ui/button-look.ts";
import { Input } from "../ui/input.tsx";
import { Select } from "../ui/select.tsx";

type Props = { action: string; filter: AuditFilter; members: TeamView["members"] };

/** A plain form that asks for the same page with another filter: it needs no script. */
export function AuditFilters({ action, filter, members }: Props) {
  const t = useTranslations("audit");
  return (
    <form action={action} aria-label={t("filters")} className="mb-4 flex flex-wrap items-end gap-2">
      <Choice
        name="scope"
        value={filter.scope}
        options={auditScopes.map((scope) => [scope, t(`scope.${scope}`)])}
      />
      <Choice
        name="person"
        value={filter.person}
        options={members.map(({ userId, name }) => [userId, name])}
        any
      />
      <Choice
        name="action"
        value={filter.action}
        options={auditActions.map((each) => [each, t(`action.${each}`)])}
        any
      />
      <Choice
        name="kind"
        value={filter.kind}
        options={auditSubjectKinds.map((kind) => [kind, t(`subject.${kind}`)])}
        any
      />
      <Labelled label={t("field.subject")}>
        {(id) => (
          <Input id={id} name="subject" className="w-40" maxLength={200} defaultValue={filter.subject} />
        )}
      </Labelled>
      <Labelled label={t("field.from")}>
        {(id) => <Input id={id} name="from" type="date" className="w-36" defaultValue={filter.from} />}
      </Labelled>
      <Labelled label={t("field.to")}>
        {(id) => <Input id={id} name="to" type="date" className="w-36" defaultValue={filter.to} />}
      </Labelled>
      <button type="submit" className={buttonLook({})}>
        {t("show")}
      </button>
    </form>
  );
}

type ChoiceProps = {
  name: "scope" | "person" | "action" | "kind";
  value: string | undefined;
  options: (readonly [string, string])[];
  any?: boolean;
};

function Choice({ name, value, options, any }: ChoiceProps) {
  const t = useTranslations("audit");
  return (
    <Labelled label={t(`field.${name}`)}>
      {(id) => (
        <Select id={id} name={name} className="w-40" defaultValue={value ?? ""}>
          {any ? <option value="">{t("any")}</option> : null}
          {options.map(([key, words]) => (
            <option key={key} value={key}>
              {words}
            </option>
          ))}
        </Select>
      )}
    </Labelled>
  );
}

function Labelled({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-0.5 block text-faint">
        {label}
      </label>
      {children(id)}
    </div>
  );
}
