"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { useId, useState } from "react";
import type { RunSummary } from "#common/contracts/run.ts";
import type { CheckView } from "#common/contracts/runbook.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { apiErrorOf } from "../api/api-error.ts";
import { trpc } from "../api/trpc.ts";
import { type ParamDraft, paramsOf } from "../checks/param-draft.ts";
import { ParamForm } from "../checks/param-form.tsx";
import { Button } from "../ui/button.tsx";
import { DialogActions } from "../ui/dialog.tsx";
import { Disclosure } from "../ui/disclosure.tsx";
import { Select } from "../ui/select.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { FailGlyph } from "../ui/verdict-glyphs.tsx";

const pasts = [10, 30, 50] as const;

/** The parameters of a run's checks as they were, to be changed; what is left alone stays as it was. */
export default function JudgeForm({
  team,
  run,
  resultId,
  onClose,
}: {
  team: string;
  run: Pick<RunSummary, "id" | "checks">;
  resultId?: string;
  onClose: () => void;
}) {
  const t = useTranslations("judge");
  const tError = useTranslations("error");
  const locale = useLocale() as Locale;
  const router = useRouter();
  const [drafts, setDrafts] = useState<Record<string, ParamDraft>>({});
  const { data: checks } = useQuery(
    trpc.check.list.queryOptions({ team }, { staleTime: Number.POSITIVE_INFINITY }),
  );
  const { data: had } = useQuery(trpc.run.get.queryOptions({ team, runId: run.id }));
  const [past, setPast] = useState("");
  const id = useId();
  const judge = useMutation(
    trpc.run.judgeAgain.mutationOptions({
      onSuccess: ({ runId }) => router.push(`/${team}/runs/${runId}`),
    }),
  );
  if (!checks || !had) return <Skeleton className="mt-4 h-40 w-full" />;
  const refusal = judge.error ? apiErrorOf(judge.error) : null;
  const results = had.results.filter(({ id }) => resultId === undefined || id === resultId);
  const asked = resultId === undefined ? run.checks : results.map(({ checkId }) => checkId);
  const shown = checks.filter((check) => asked.includes(check.id) && check.params.length > 0);
  const draftOf = ({ id, params }: CheckView): ParamDraft => {
    const before = results.find(({ checkId }) => checkId === id)?.params ?? {};
    const known = params.filter(({ name }) => before[name] !== undefined && before[name] !== null);
    return {
      ...Object.fromEntries(known.map(({ name }) => [name, draftValue(before[name])])),
      ...drafts[id],
    };
  };
  const submit = () => {
    const changed = shown.filter(({ id }) => drafts[id] !== undefined);
    const params = Object.fromEntries(
      changed.map((check) => [check.id, paramsOf(check.params, drafts[check.id] ?? {})]),
    );
    judge.mutate({ team, runId: run.id, resultId, past: past === "" ? undefined : Number(past), params });
  };
  return (
    <form
      className="mt-4"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {resultId === undefined ? null : (
        <div className="mb-4 max-w-72">
          <label htmlFor={id} className="mb-1 block font-medium">
            {t("what")}
          </label>
          <Select id={id} value={past} onChange={(event) => setPast(event.target.value)}>
            <option value="">{t("thisResult")}</option>
            {pasts.map((count) => (
              <option key={count} value={count}>
                {t("pastResults", { count })}
              </option>
            ))}
          </Select>
        </div>
      )}
      {shown.length === 0 ? <p className="text-soft">{t("noParameters")}</p> : null}
      <div className="space-y-3">
        {shown.map((check, index) => (
          <Disclosure
            key={check.id}
            open={shown.length === 1 || index === 0}
            summary={<span className="text-ink">{inLocale(check.title, locale)}</span>}
          >
            <ParamForm
              fields={check.params}
              draft={draftOf(check)}
              errors={errorsOf(refusal?.fields ?? {}, check.id)}
              onChange={(draft) => setDrafts((all) => ({ ...all, [check.id]: draft }))}
            />
          </Disclosure>
        ))}
      </div>
      <div role="alert">
        {judge.error ? (
          <p className="mt-3 flex gap-1.5 text-fail">
            <FailGlyph size={14} className="mt-[3px] shrink-0" />
            {tError(refusal?.key ?? "unavailable", refusal?.values ?? {})}
          </p>
        ) : null}
      </div>
      <DialogActions>
        <Button onClick={onClose}>{t("close")}</Button>
        <Button type="submit" tone="primary" busy={judge.isPending || judge.isSuccess}>
          {t("submit")}
        </Button>
      </DialogActions>
    </form>
  );
}

function draftValue(value: unknown): string | boolean {
  return typeof value === "boolean" ? value : String(value);
}

/** "params.host/cpu-throttling.warnPercent" → { warnPercent }. */
function errorsOf(fields: Record<string, string>, checkId: string): Record<string, string> {
  const prefix = `params.${checkId}.`;
  const own = Object.entries(fields).filter(([path]) => path.startsWith(prefix));
  return Object.fromEntries(own.map(([path, key]) => [path.slice(prefix.length), key]));
}
