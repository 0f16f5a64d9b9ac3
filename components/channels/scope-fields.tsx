"use client";
import { useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { useId } from "react";
import { inLocale, type Locale } from "#common/text.ts";
import { trpc } from "#components/api/trpc.ts";
import { useTeam } from "#components/team/use-team.ts";
import { Disclosure } from "#components/ui/disclosure.tsx";
import { FieldError } from "#components/ui/field.tsx";
import { Checkbox } from "#components/ui/toggle.tsx";
import type { PartProps } from "./address-fields.tsx";

/** Of which clusters, and of which runbooks or checks. */
export function ScopeFields(props: PartProps) {
  return (
    <>
      <Clusters {...props} />
      <Checks {...props} />
    </>
  );
}

function Clusters({ draft, errors, onChange }: PartProps) {
  const t = useTranslations("channels");
  const { data: clusters = [] } = useQuery(trpc.cluster.list.queryOptions({ team: useTeam() }));
  return (
    <fieldset>
      <legend className="mb-1 font-medium">{t("clusters")}</legend>
      <Choice
        all={draft.allClusters}
        words={[t("allClustersLater"), t("onlyThese")]}
        onChange={(allClusters) => onChange({ allClusters })}
      />
      {draft.allClusters ? null : (
        <Boxes
          entries={clusters.map(({ slug, name }) => [slug, name])}
          chosen={draft.clusters}
          onChange={(next) => onChange({ clusters: next })}
        />
      )}
      <FieldError>{errors.clusters ? t("chooseCluster") : null}</FieldError>
    </fieldset>
  );
}

function Checks({ draft, errors, onChange }: PartProps) {
  const t = useTranslations("channels");
  return (
    <fieldset>
      <legend className="mb-1 font-medium">{t("findingsOf")}</legend>
      <Choice
        all={draft.allChecks}
        words={[t("everything"), t("onlyThese")]}
        onChange={(allChecks) => onChange({ allChecks })}
      />
      {draft.allChecks ? null : <ChosenChecks draft={draft} onChange={onChange} />}
      <FieldError>{errors.runbooks ?? errors.checks}</FieldError>
    </fieldset>
  );
}

function ChosenChecks({ draft, onChange }: Pick<PartProps, "draft" | "onChange">) {
  const t = useTranslations("channels");
  const team = useTeam();
  const locale = useLocale() as Locale;
  const { data: runbooks = [] } = useQuery(trpc.runbook.list.queryOptions({ team, locale }));
  const { data: checks = [] } = useQuery(trpc.check.list.queryOptions({ team }));
  return (
    <div className="space-y-1">
      <Disclosure
        open={draft.runbooks.length > 0 || undefined}
        summary={t("countRunbooks", { count: draft.runbooks.length })}
      >
        <Boxes
          entries={runbooks.flatMap(({ slug, title, checks: own }) =>
            own.length > 0 ? [[slug, title]] : [],
          )}
          chosen={draft.runbooks}
          onChange={(next) => onChange({ runbooks: next })}
        />
      </Disclosure>
      <Disclosure
        open={draft.checks.length > 0 || undefined}
        summary={t("countChecks", { count: draft.checks.length })}
      >
        <Boxes
          entries={checks.map(({ id, title }) => [id, inLocale(title, locale)])}
          chosen={draft.checks}
          onChange={(next) => onChange({ checks: next })}
        />
      </Disclosure>
    </div>
  );
}

function Choice({
  all,
  words,
  onChange,
}: {
  all: boolean;
  words: readonly [string, string];
  onChange: (all: boolean) => void;
}) {
  const group = useId();
  return (
    <div className="mb-2 flex flex-wrap gap-x-5 gap-y-1">
      {([true, false] as const).map((one) => (
        <label key={String(one)} className="inline-flex items-center gap-2">
          <input type="radio" name={group} checked={all === one} onChange={() => onChange(one)} />
          {one ? words[0] : words[1]}
        </label>
      ))}
    </div>
  );
}

function Boxes({
  entries,
  chosen,
  onChange,
}: {
  entries: readonly (readonly string[])[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}) {
  return (
    <div className="grid max-h-48 gap-1.5 overflow-y-auto border-y border-line py-2 pl-1 sm:grid-cols-2">
      {entries.map(([id = "", name]) => (
        <Checkbox
          key={id}
          label={name}
          checked={chosen.includes(id)}
          onChange={(event) => {
            const others = chosen.filter((each) => each !== id);
            onChange(event.target.checked ? [...others, id] : others);
          }}
        />
      ))}
    </div>
  );
}
