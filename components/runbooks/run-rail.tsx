"use client";

import { useTranslations } from "next-intl";
import { lazy, Suspense, useId } from "react";
import type { ClusterView } from "#common/contracts/cluster.ts";
import type { CheckView } from "#common/contracts/runbook.ts";
import { useChosenCluster } from "../clusters/use-chosen-cluster.ts";
import { isLive } from "../runs/is-live.ts";
import { useMe } from "../team/use-team.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { Select } from "../ui/select.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { useRunbookSession } from "./session.tsx";
import { StartProblem } from "./start-problem.tsx";

const RunStrip = lazy(() => import("../runs/run-strip.tsx"));
const AlsoOn = lazy(() => import("./also-on.tsx"));
const LastProven = lazy(() => import("./last-proven.tsx"));
const CurrentRun = lazy(() => import("./current-run.tsx"));

const connectionsFor: Record<"kubernetes" | "host", readonly string[]> = {
  kubernetes: ["kubernetes"],
  host: ["local_host", "ssh"],
};

/** Where to run, what it will read, Run check, and what the last runs said. Stays in view beside the article. */
export function RunRail() {
  const { team, runbook, run, canRun, reconnecting } = useRunbookSession();
  const t = useTranslations("runbook");
  return (
    <aside
      aria-label={t("rail")}
      className="space-y-5 xl:sticky xl:top-16 xl:max-h-[calc(100vh-5rem)] xl:overflow-y-auto xl:pb-4"
    >
      <div>
        <ClusterChoice />
        <Suspense>
          <AlsoOn />
        </Suspense>
      </div>
      <div>
        {canRun ? <RunButton /> : <WhyNot />}
        <StartProblem />
        {reconnecting ? <p className="mt-2 text-soft">{t("reconnecting")}</p> : null}
      </div>
      {run ? (
        <Suspense fallback={<Skeleton className="h-24 w-full" />}>
          <CurrentRun />
        </Suspense>
      ) : (
        <Suspense fallback={<Skeleton className="h-16 w-full" />}>
          <LastProven />
        </Suspense>
      )}
      {runbook.strip.length > 0 ? (
        <section>
          <h2 className="mb-1.5 font-medium">{t("strip", { count: runbook.strip.length })}</h2>
          <Suspense fallback={<Skeleton className="h-6 w-full" />}>
            <RunStrip team={team} runs={runbook.strip} />
          </Suspense>
        </section>
      ) : null}
    </aside>
  );
}

function ClusterChoice() {
  const t = useTranslations("runbook");
  const { clusters, cluster: chosen, choose } = useChosenCluster();
  const id = useId();
  return (
    <div>
      <span className="mb-1 flex items-center gap-2 font-medium">
        <label htmlFor={id}>{t("cluster")}</label>
        {chosen?.practice ? <Badge outline="dashed">{t("practice")}</Badge> : null}
        {chosen?.production ? <Badge outline="strong">{t("production")}</Badge> : null}
      </span>
      <Select id={id} value={chosen?.slug ?? ""} onChange={(event) => choose(event.target.value || null)}>
        {chosen ? null : <option value="">{t("chooseCluster")}</option>}
        {clusters.map((one) => (
          <option key={one.id} value={one.slug}>
            {one.name}
          </option>
        ))}
      </Select>
    </div>
  );
}

/** What the chosen cluster can answer: document checks run from their own place, once they have a document. */
function runnable(
  checks: CheckView[],
  cluster: ClusterView | undefined,
  hasDocument: (id: string) => boolean,
) {
  return checks.filter((check) => {
    if (check.effect === "active") return false;
    if (check.takesDocument) return hasDocument(check.id);
    if (check.target !== "kubernetes" && check.target !== "host") return true;
    const kinds = connectionsFor[check.target];
    return cluster?.connections.some(({ kind }) => kinds.includes(kind)) ?? false;
  });
}

function RunButton() {
  const session = useRunbookSession();
  const t = useTranslations("runbook");
  const chosen = useChosenCluster().cluster ?? undefined;
  const checks = runnable(session.runbook.checkViews, chosen, (id) => session.draftOf(id).document !== "");
  const onlyActive = session.runbook.checkViews.every(({ effect }) => effect === "active");
  if (session.run && isLive(session.run)) {
    return (
      <Button className="w-full" onClick={session.cancel} busy={session.cancelling}>
        {session.cancelling ? t("cancelling") : t("cancel")}
      </Button>
    );
  }
  return (
    <>
      <Button
        tone="primary"
        className="w-full"
        disabled={!chosen || checks.length === 0}
        busy={session.starting}
        onClick={() => session.start(checks)}
      >
        {checks.length > 1 ? t("runChecks", { count: checks.length }) : t("runCheck")}
      </Button>
      <p className="mt-1.5 text-faint">
        {!chosen
          ? t("chooseFirst")
          : checks.length === 0
            ? t(onlyActive ? "onlyActive" : "nothingToRun", { cluster: chosen.name })
            : t("willRead", { count: new Set(checks.flatMap((check) => check.reads)).size })}
      </p>
    </>
  );
}

/** Whom a role on this very cluster keeps from running is told so: elsewhere it may be more. */
function WhyNot() {
  const t = useTranslations("runbook");
  const { cluster } = useChosenCluster();
  const { canSomewhere } = useMe();
  const here = cluster && canSomewhere("operator") ? cluster.name : null;
  return <p className="text-soft">{here ? t("cannotRunHere", { cluster: here }) : t("viewersCannotRun")}</p>;
}
