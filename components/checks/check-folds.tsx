"use client";

import { useTranslations } from "next-intl";
import type { CheckView } from "#common/contracts/runbook.ts";
import { permissionWords } from "#common/kubernetes/credential-gaps.ts";
import { useRunbookSession } from "../runbooks/session.tsx";
import { Disclosure } from "../ui/disclosure.tsx";
import { ParamForm } from "./param-form.tsx";

/** What is folded away in a check's card: its parameters, and what it reads. */
export default function CheckFolds({ check }: { check: CheckView }) {
  return (
    <>
      {check.params.length > 0 ? <Params check={check} /> : null}
      <Reads check={check} />
    </>
  );
}

function Params({ check }: { check: CheckView }) {
  const session = useRunbookSession();
  const t = useTranslations("runbook");
  const draft = session.draftOf(check.id);
  const errors = session.errorsOf(check.id);
  return (
    <Disclosure
      className="basis-full"
      summary={t("parameters", { count: check.params.length })}
      open={Object.keys(errors).length > 0 || check.params.some((field) => field.required)}
    >
      <ParamForm
        fields={check.params}
        draft={draft.params}
        errors={errors}
        onChange={(params) => session.setDraft(check.id, { ...draft, params })}
      />
    </Disclosure>
  );
}

function Reads({ check }: { check: CheckView }) {
  const t = useTranslations("runbook");
  if (check.reads.length === 0) return null;
  const privileged = check.permissions.filter((permission) => permission.privileged);
  return (
    <Disclosure className="basis-full" summary={t("reads")}>
      <ul className="font-mono text-[0.75rem] text-soft">
        {check.reads.map((line) => (
          <li key={line} className="break-words">
            {line}
          </li>
        ))}
      </ul>
      {check.permissions.length > 0 ? (
        <p className="mt-1 text-faint">
          {t("permissions")}{" "}
          <span className="font-mono text-[0.75rem]">
            {check.permissions.map(permissionWords).join(", ")}
          </span>
        </p>
      ) : null}
      {privileged.length > 0 ? (
        <p className="mt-1 text-warn">
          {t("privileged", { permissions: privileged.map(permissionWords).join(", ") })}
        </p>
      ) : null}
    </Disclosure>
  );
}
