"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import { type EndpointView, secretNeedOf } from "#common/contracts/endpoint.ts";
import { duration } from "#common/format.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useMe, useTeam } from "#components/team/use-team.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import { Time } from "#components/ui/time.tsx";
import { FailGlyph, PassGlyph, UnknownGlyph } from "#components/ui/verdict-glyphs.tsx";

const EndpointDialog = lazy(() => import("./endpoint-dialog.tsx"));
const SecretDialog = lazy(() => import("./secret-dialog.tsx"));
const RemoveDialog = lazy(() => import("./remove-dialog.tsx"));

type Props = { cluster: string; view: EndpointView };

/** One endpoint: what and where it is, what its last test found, and how to change that. */
export function EndpointRow({ cluster, view }: Props) {
  const t = useTranslations("endpoints");
  const { can } = useMe([cluster]);
  const [open, setOpen] = useState<"edit" | "secret" | "remove" | null>(null);
  const close = () => setOpen(null);
  const test = useTest({ cluster, view });
  const need = secretNeedOf(view.endpoint);
  return (
    <li className="border-t border-line py-3 first:border-t-0">
      <div className="flex flex-wrap items-start justify-between gap-x-3 gap-y-2">
        <div className="min-w-0">
          <h3 className="flex flex-wrap items-center gap-2 text-dense">
            {view.name} <Badge>{t(`kind.${view.endpoint.kind}`)}</Badge>
          </h3>
          <p className="font-mono text-[0.75rem] leading-5 break-all text-soft">
            {view.endpoint.address.replaceAll(",", ", ")}
          </p>
          {need === "required" && !view.hasSecret ? <p className="text-fail">{t("noSecret")}</p> : null}
        </div>
        <div className="-mr-2.5 flex flex-wrap gap-1">
          <Button
            size="small"
            tone="quiet"
            busy={view.testing || test.isPending}
            disabled={!can("operator")}
            aria-label={t("testOf", { name: view.name })}
            onClick={test.start}
          >
            {t("test")}
          </Button>
          {can("admin") ? (
            <>
              <RowButton
                onClick={() => setOpen("edit")}
                label={t("editOf", { name: view.name })}
                word={t("edit")}
              />
              {need === "none" ? null : (
                <RowButton
                  onClick={() => setOpen("secret")}
                  label={t("replaceOf", { name: view.name })}
                  word={t("replace")}
                />
              )}
              <RowButton
                onClick={() => setOpen("remove")}
                label={t("removeOf", { name: view.name })}
                word={t("remove")}
              />
            </>
          ) : null}
        </div>
      </div>
      <div aria-live="polite" className="mt-1">
        <TestState view={view} />
        <FormError>{test.problem}</FormError>
      </div>
      <Suspense>
        {open === "edit" ? <EndpointDialog cluster={cluster} edited={view} onClose={close} /> : null}
        {open === "secret" ? <SecretDialog cluster={cluster} view={view} onClose={close} /> : null}
        {open === "remove" ? <RemoveDialog cluster={cluster} view={view} onClose={close} /> : null}
      </Suspense>
    </li>
  );
}

function RowButton({ onClick, label, word }: { onClick: () => void; label: string; word: string }) {
  return (
    <Button size="small" tone="quiet" aria-label={label} onClick={onClick}>
      {word}
    </Button>
  );
}

function TestState({ view: { test, testedAt, testing } }: { view: EndpointView }) {
  const t = useTranslations("endpoints");
  const reason = useTranslations("reason");
  const locale = useLocale();
  if (testing) {
    return (
      <p className="flex items-center gap-2 text-soft">
        <Spinner /> {t("testing")}
      </p>
    );
  }
  if (!test) {
    return (
      <p className="flex items-center gap-1.5 text-unknown">
        <UnknownGlyph size={15} /> {t("notTested")}
      </p>
    );
  }
  const when = testedAt ? <Time at={testedAt} className="text-faint" /> : null;
  if (test.ok) {
    return (
      <p className="flex flex-wrap items-center gap-x-2">
        <span className="inline-flex items-center gap-1.5 text-pass">
          <PassGlyph size={15} /> {t("reachable")}
        </span>
        <span className="font-mono text-[0.75rem] break-all text-soft">{test.version}</span>
        {test.userName === "" ? null : <span className="text-soft">{t("as", { name: test.userName })}</span>}
        <span className="text-soft">{duration(test.latencyMs, locale)}</span>
        {when}
      </p>
    );
  }
  return (
    <div>
      <p className="flex flex-wrap items-center gap-x-2">
        <span className="inline-flex items-center gap-1.5 text-fail">
          <FailGlyph size={15} /> {reason(test.reason.code)}
        </span>
        {when}
      </p>
      <p className="font-mono text-[0.75rem] leading-5 break-words text-soft">
        {test.reason.what}
        {test.reason.detail ? `: ${test.reason.detail}` : null}
      </p>
    </div>
  );
}

function useTest({ cluster, view }: Props) {
  const team = useTeam();
  const queries = useQueryClient();
  const words = useErrorWords();
  const test = useMutation(
    trpc.cluster.test.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.endpoint.list.queryKey() }),
    }),
  );
  return {
    isPending: test.isPending,
    start: () => test.mutate({ team, cluster, connectionId: view.id }),
    problem: words(test.error).form,
  };
}
