"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useEffect, useState } from "react";
import type { SessionState } from "#common/contracts/runbook-session.ts";
import { followStream } from "../api/follow-stream.ts";
import { trpc } from "../api/trpc.ts";
import { Section } from "../ui/page-header.tsx";
import { SessionRuns } from "./session-runs.tsx";
import { useSession } from "./use-session.ts";

const SessionNotes = lazy(() => import("./session-notes.tsx"));
const CloseSession = lazy(() => import("./close-session.tsx"));

/** What goes on in the session, live: how far it is, who is here, runs, notes, its end. */
export function SessionRail({ sessionId }: { sessionId: string }) {
  const t = useTranslations("sessions");
  const { team, state, steps } = useSession(sessionId);
  const queries = useQueryClient();
  const [broken, setBroken] = useState(false);
  // Outside system: the stream of the session's changes.
  useEffect(() => {
    const queryKey = trpc.runbookSession.get.queryKey({ team, sessionId });
    const onMessage = (message: unknown) =>
      queries.setQueryData(queryKey, (held) => held && { ...held, state: message as SessionState });
    const procedure = "runbookSession.follow";
    return followStream(
      { procedure, input: { team, sessionId }, from: null },
      { onMessage, onBroken: setBroken },
    );
  }, [team, sessionId, queries]);
  return (
    <div className="min-w-0 space-y-6 lg:sticky lg:top-4 lg:self-start">
      <div>
        <p className="text-lead">{t("progress", { done: state.ticks.length, steps: steps.length })}</p>
        <p className="mt-1 text-soft">
          {state.present.length > 0 ? t("here", { names: state.present.join(", ") }) : null}
        </p>
        <p role="status" className="text-warn">
          {broken ? t("reconnecting") : ""}
        </p>
      </div>
      <Section title={t("runs")}>
        <SessionRuns sessionId={sessionId} />
      </Section>
      <Section title={t("notes")}>
        <Suspense fallback={<div className="h-32" />}>
          <SessionNotes sessionId={sessionId} />
        </Suspense>
      </Section>
      <Section title={t("end")}>
        <Suspense fallback={<div className="h-48" />}>
          <CloseSession sessionId={sessionId} />
        </Suspense>
      </Section>
    </div>
  );
}
