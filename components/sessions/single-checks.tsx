"use client";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import { Disclosure } from "../ui/disclosure.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { useSession } from "./use-session.ts";

const SessionChecks = lazy(() => import("./session-checks.tsx"));

/**
 * For who may act: each check of the runbook by itself, with its parameters. Loaded when it is asked for, and
 * kept when it is folded again: what was typed stays.
 */
export function SingleChecks({ sessionId }: { sessionId: string }) {
  const t = useTranslations("sessions");
  const { state, mayAct, isOpen } = useSession(sessionId);
  const [opened, setOpened] = useState(false);
  if (!isOpen || !mayAct || state.cluster.removed) return null;
  return (
    <Disclosure
      summary={t("singleChecks")}
      onToggle={(open) => setOpened((before) => before || open)}
      className="mt-8 border-t border-line pt-4"
    >
      {opened ? (
        <Suspense fallback={<Skeleton className="h-48 w-full" />}>
          <SessionChecks sessionId={sessionId} />
        </Suspense>
      ) : null}
    </Disclosure>
  );
}
