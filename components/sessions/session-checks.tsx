"use client";
import { useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import type { Locale } from "#common/text.ts";
import { trpc } from "../api/trpc.ts";
import { CheckCard } from "../checks/check-card.tsx";
import { RunbookSessionProvider } from "../runbooks/session.tsx";
import { StartProblem } from "../runbooks/start-problem.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { useSession } from "./use-session.ts";

/** The checks of the session's runbook as its own page has them; what is run from here is the session's. */
export default function SessionChecks({ sessionId }: { sessionId: string }) {
  const t = useTranslations("sessions");
  const locale = useLocale() as Locale;
  const { team, state, mayAct } = useSession(sessionId);
  const cluster = state.cluster.slug;
  const { data: runbook, isError } = useQuery(
    trpc.runbook.get.queryOptions({ team, slug: state.runbook, locale, cluster }),
  );
  if (isError) return <p className="text-unknown">{t("checksFailed")}</p>;
  if (!runbook) return <Skeleton className="h-48 w-full" />;
  if (runbook.checkViews.length === 0) return <p className="text-soft">{t("noChecks")}</p>;
  return (
    <RunbookSessionProvider {...{ team, cluster, runbook }} canRun={mayAct} walk={sessionId}>
      <StartProblem />
      {runbook.checkViews.map(({ id }) => (
        <CheckCard key={id} id={id} />
      ))}
    </RunbookSessionProvider>
  );
}
