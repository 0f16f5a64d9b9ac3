"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { CheckView } from "#common/contracts/runbook.ts";
import { permissionWords } from "#common/kubernetes/credential-gaps.ts";
import { trpc } from "../api/trpc.ts";
import { LazyTrend } from "../measurements/lazy-trend.tsx";
import { useRunbookSession } from "../runbooks/session.tsx";
import { Disclosure } from "../ui/disclosure.tsx";
import { KeepParams, ParamSource, useKeptParams } from "./kept-params.tsx";
import type { ParamDraft } from "./param-draft.ts";
import { ParamForm } from "./param-form.tsx";

/** What is folded away in a check's card: its parameters, and what it reads. */
export default function CheckFolds({ check }: { check: CheckView }) {
  return (
    <>
      {check.params.length > 0 ? <Params check={check} /> : null}
      <Reads check={check} />
      <Trend checkId={check.id} />
    </>
  );
}

/** Where it has run on the chosen cluster, what it measured there. */
function Trend({ checkId }: { checkId: string }) {
  const { team, cluster, runbook } = useRunbookSession();
  const states = runbook.states.filter((state) => state.checkId === checkId && state.target !== "none");
  if (!cluster || states.length === 0) return null;
  return <LazyTrend {...{ team, cluster, checkId, targets: states.map(({ target }) => target) }} />;
}

function Params({ check }: { check: CheckView }) {
  const session = useRunbookSession();
  const t = useTranslations("runbook");
  const draft = session.draftOf(check.id);
  const [refused, setRefused] = useState<Record<string, string>>({});
  const errors = { ...refused, ...session.errorsOf(check.id) };
  const kept = useKeptParams(check.id);
  const change = (params: ParamDraft) => {
    setRefused({});
    session.setDraft(check.id, { ...draft, params });
  };
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
        kept={{ ...kept.team, ...kept.cluster }}
        note={(name) => (
          <ParamSource check={check} name={name} kept={kept} typed={draft.params[name] !== undefined} />
        )}
        onChange={change}
      />
      <KeepParams check={check} draft={draft.params} onKept={() => change({})} onRefused={setRefused} />
    </Disclosure>
  );
}

function Reads({ check }: { check: CheckView }) {
  const t = useTranslations("runbook");
  const { team, cluster } = useRunbookSession();
  const [open, setOpen] = useState(false);
  if (check.reads.length === 0) return null;
  const privileged = check.permissions.filter((permission) => permission.privileged);
  return (
    <Disclosure className="basis-full" summary={t("reads")} onToggle={setOpen}>
      {open && cluster ? <Expected {...{ team, cluster, check: check.id }} /> : null}
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

/** How much of it there will be, going by the last run on this cluster. */
function Expected({ team, cluster, check }: { team: string; cluster: string; check: string }) {
  const t = useTranslations("runbook");
  const { data } = useQuery(trpc.check.expectedCost.queryOptions({ team, cluster, check }));
  if (data === undefined) return null;
  return <p className="mb-1 text-soft">{data ? t("expectedCost", data) : t("expectedUnknown")}</p>;
}
