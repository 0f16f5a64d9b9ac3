"use client";
import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { randomKey } from "#common/random-key.ts";
import { askedWords } from "#common/session-summary.ts";
import { trpc } from "../api/trpc.ts";
import { useErrorWords } from "../layout/use-error-words.ts";
import { Button } from "../ui/button.tsx";
import { Spinner } from "../ui/spinner.tsx";
import { Time } from "../ui/time.tsx";
import { VerdictBadge } from "../ui/verdict.tsx";
import { useSession } from "./use-session.ts";

/** The runs that were started from here, with what they came to, and the way to start another. */
export function SessionRuns({ sessionId }: { sessionId: string }) {
  const t = useTranslations("sessions");
  const tRuns = useTranslations("runs");
  const { team, state, mayAct, isOpen } = useSession(sessionId);
  const run = useMutation(trpc.runbookSession.run.mutationOptions());
  const { form, fields } = useErrorWords()(run.error);
  const error = form ?? Object.values(fields)[0];
  return (
    <>
      <ul className="mb-3 space-y-1">
        {state.runs.map(({ id, verdict, status, createdAt, requestedBy, checks }) => {
          const isLive = status === "queued" || status === "running";
          return (
            <li key={id}>
              <Link href={`/${team}/runs/${id}`} className="inline-flex items-center gap-2 hover:text-accent">
                {verdict && !isLive ? <VerdictBadge verdict={verdict} /> : <Spinner />}
                {isLive || !verdict ? tRuns(`status.${status}`) : null} {requestedBy} <Time at={createdAt} />
              </Link>
              {checks.map((check) =>
                checks.length === 1 || check.params.length > 0 ? (
                  <p key={check.id} className="pl-6 font-mono text-[0.75rem] break-words text-faint">
                    {askedWords(check)}
                  </p>
                ) : null,
              )}
            </li>
          );
        })}
      </ul>
      {isOpen && mayAct && !state.cluster.removed ? (
        <Button
          busy={run.isPending}
          onClick={() => run.mutate({ team, sessionId, idempotencyKey: randomKey() })}
        >
          {t("runChecks")}
        </Button>
      ) : null}
      {error ? (
        <p role="alert" className="mt-2 text-fail">
          {error}
        </p>
      ) : null}
    </>
  );
}
