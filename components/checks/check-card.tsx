"use client";

import { useLocale, useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import { inLocale, type Locale } from "#common/text.ts";
import { useRunbookSession } from "../runbooks/session.tsx";
import { isLive } from "../runs/is-live.ts";
import { Button } from "../ui/button.tsx";
import { PlayIcon } from "../ui/icons.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

const DocumentInput = lazy(() => import("./document-input.tsx"));
const InPlaceResult = lazy(() => import("./in-place-result.tsx"));
const ConfirmActive = lazy(() => import("./confirm-active.tsx"));
const CheckFolds = lazy(() => import("./check-folds.tsx"));
const LastState = lazy(() => import("./last-state.tsx"));

/** A check where the text speaks of it: what it asks, its parameters, and its results in place. */
export function CheckCard({ id }: { id: string }) {
  const session = useRunbookSession();
  const locale = useLocale() as Locale;
  const t = useTranslations("runbook");
  const [asking, setAsking] = useState(false);
  const check = session.runbook.checkViews.find((view) => view.id === id);
  if (!check) return null;
  const results = session.resultsOf(id);
  const state = session.runbook.states.find((one) => one.checkId === id);
  const live = session.run !== undefined && isLive(session.run);
  const draft = session.draftOf(id);
  return (
    <section
      aria-label={inLocale(check.title, locale)}
      className="my-6 border-y border-line text-dense leading-5"
      data-check={id}
    >
      <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 py-3">
        <div className="min-w-0 flex-1 basis-72">
          <h3 className="text-body">{inLocale(check.title, locale)}</h3>
          <p className="mt-0.5 text-soft">{inLocale(check.why, locale)}</p>
        </div>
        {session.canRun && session.cluster ? (
          <Button
            size="small"
            icon={<PlayIcon size={12} />}
            disabled={live || check.waiting || (check.takesDocument && draft.document === "")}
            busy={session.starting}
            onClick={() => (check.effect === "active" ? setAsking(true) : session.start([check]))}
            aria-label={t("runThis", { title: inLocale(check.title, locale) })}
          >
            {check.effect === "active" ? t("runActive") : t("run")}
          </Button>
        ) : null}
        {asking ? (
          <Suspense>
            <ConfirmActive check={check} onClose={() => setAsking(false)} />
          </Suspense>
        ) : null}
      </header>
      {check.waiting ? <p className="pb-3 text-soft">{t("waitingForApproval")}</p> : null}
      {check.takesDocument ? (
        <div className="pb-3">
          <Suspense fallback={<Skeleton className="h-48 w-full" />}>
            <DocumentInput
              value={draft.document}
              onChange={(document) => session.setDraft(id, { ...draft, document })}
            />
          </Suspense>
        </div>
      ) : null}
      <div className="flex flex-wrap gap-x-6 pb-2">
        <Suspense fallback={<Skeleton className="h-6 w-40" />}>
          <CheckFolds check={check} />
        </Suspense>
      </div>
      {results.length > 0 ? (
        <Suspense fallback={<Skeleton className="h-9 w-full" />}>
          {results.map((result) => (
            <InPlaceResult key={result.id} result={result} check={check} />
          ))}
        </Suspense>
      ) : state ? (
        <Suspense fallback={<Skeleton className="h-9 w-full" />}>
          <LastState state={state} />
        </Suspense>
      ) : null}
    </section>
  );
}
