"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, use, useCallback, useMemo, useRef, useState } from "react";
import type { ResultView, RunView } from "#common/contracts/run.ts";
import type { CheckView, RunbookView } from "#common/contracts/runbook.ts";
import { randomKey } from "#common/random-key.ts";
import { textPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { apiErrorOf } from "../api/api-error.ts";
import { trpc } from "../api/trpc.ts";
import { type ParamDraft, paramsOf } from "../checks/param-draft.ts";
import { useRun } from "../runs/use-run.ts";

const addressParts = { run: textPart() };

type Drafts = Record<string, { params: ParamDraft; document: string }>;
const emptyDraft = { params: {}, document: "" };

type Confirmed = { check: string; cluster: string; target: string };
export type StartProblem = { key: string; values: Record<string, string | number> };

type RunbookSession = {
  team: string;
  cluster: string | null;
  runbook: RunbookView;
  canRun: boolean;
  /** further clusters that the next run is to cover */
  also: string[];
  setAlso: (clusters: string[]) => void;
  run: RunView | undefined;
  reconnecting: boolean;
  draftOf: (checkId: string) => Drafts[string];
  setDraft: (checkId: string, draft: Drafts[string]) => void;
  /** sentence keys by parameter, from the last refusal */
  errorsOf: (checkId: string) => Record<string, string>;
  problem: StartProblem | null;
  starting: boolean;
  /** active checks with the targets that were agreed to, and on the chosen cluster alone */
  start: (checks: CheckView[], confirmActive?: Confirmed[]) => void;
  cancel: () => void;
  cancelling: boolean;
  resultsOf: (checkId: string) => ResultView[];
};

const Session = createContext<RunbookSession | null>(null);

export function useRunbookSession(): RunbookSession {
  const session = use(Session);
  if (!session) throw new Error("useRunbookSession is used outside a runbook page");
  return session;
}

/** What the article, its checks and the rail share: the drafts of parameters and the run in view (`?run=`). */
export function RunbookSessionProvider({
  team,
  cluster,
  canRun,
  runbook,
  walk,
  children,
}: {
  team: string;
  cluster: string | null;
  canRun: boolean;
  runbook: RunbookView;
  /** the session of people walking it together that runs belong to, if any */
  walk?: string;
  children: ReactNode;
}) {
  const queries = useQueryClient();
  const [{ run: runId }, address] = useUrlState(addressParts);
  const { run, reconnecting } = useRun(team, runId);
  const [drafts, setDrafts] = useState<Drafts>({});
  const [asked, setAsked] = useState<string[]>([]);
  const [also, setAlso] = useState<string[]>([]);
  // One key per click: a click repeated because the answer was lost must not start a second run.
  const attempt = useRef<{ body: string; key: string }>(undefined);

  const onSuccess = async ({ runId: started }: { runId: string }) => {
    attempt.current = undefined;
    address({ run: started });
    await queries.invalidateQueries({ queryKey: trpc.run.list.pathKey() });
  };
  const startHere = useMutation(trpc.run.start.mutationOptions({ onSuccess }));
  const startInWalk = useMutation(trpc.runbookSession.run.mutationOptions({ onSuccess }));
  const startRun = walk ? startInWalk : startHere;
  const cancelRun = useMutation(trpc.run.cancel.mutationOptions());

  const { mutate: mutateHere } = startHere;
  const { mutate: mutateInWalk } = startInWalk;
  const start = useCallback(
    (checks: CheckView[], confirmActive: Confirmed[] = []) => {
      if (!cluster) return;
      const selection = checks.map((check) => {
        const draft = drafts[check.id] ?? emptyDraft;
        return {
          id: check.id,
          params: paramsOf(check.params, draft.params),
          ...(check.takesDocument && draft.document ? { document: draft.document } : {}),
        };
      });
      const others = confirmActive.length > 0 ? [] : also.filter((one) => one !== cluster);
      const clusters = [cluster, ...others];
      const body = JSON.stringify([clusters, selection, confirmActive]);
      if (attempt.current?.body !== body) attempt.current = { body, key: randomKey() };
      setAsked(checks.map((check) => check.id));
      const asked = { team, checks: selection, confirmActive, idempotencyKey: attempt.current.key };
      if (walk) mutateInWalk({ ...asked, sessionId: walk });
      else mutateHere({ ...asked, clusters, runbook: runbook.slug });
    },
    [also, cluster, drafts, mutateHere, mutateInWalk, runbook.slug, team, walk],
  );

  const refusal = startRun.error ? apiErrorOf(startRun.error) : null;
  const { mutate: mutateCancel } = cancelRun;
  const session = useMemo<RunbookSession>(() => {
    const sameCluster = run?.clusters.some((one) => one.slug === cluster) ? run : undefined;
    return {
      team,
      cluster,
      runbook,
      canRun,
      also,
      setAlso,
      run: sameCluster,
      reconnecting,
      draftOf: (checkId) => drafts[checkId] ?? emptyDraft,
      setDraft: (checkId, draft) => setDrafts((held) => ({ ...held, [checkId]: draft })),
      errorsOf: (checkId) => fieldErrors(refusal?.fields ?? {}, asked.indexOf(checkId)),
      problem: startRun.error ? { key: refusal?.key ?? "unavailable", values: refusal?.values ?? {} } : null,
      starting: startRun.isPending,
      start,
      cancel: () => sameCluster && mutateCancel({ team, runId: sameCluster.id }),
      cancelling: cancelRun.isPending || (sameCluster?.cancelRequested ?? false),
      resultsOf: (checkId) => sameCluster?.results.filter((result) => result.checkId === checkId) ?? [],
    };
  }, [
    team,
    cluster,
    runbook,
    canRun,
    also,
    run,
    reconnecting,
    drafts,
    refusal,
    asked,
    startRun.error,
    startRun.isPending,
    start,
    mutateCancel,
    cancelRun.isPending,
  ]);
  return <Session value={session}>{children}</Session>;
}

/** "checks.2.params.warnPercent" of the third check asked → { warnPercent }; its document likewise. */
function fieldErrors(fields: Record<string, string>, position: number): Record<string, string> {
  const own: Record<string, string> = {};
  for (const [path, key] of Object.entries(fields)) {
    const match = /^checks\.(\d+)\.(?:params\.)?([^.]+)/.exec(path);
    if (match?.[2] && Number(match[1]) === position) own[match[2]] = key;
  }
  return own;
}
