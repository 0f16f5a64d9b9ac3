"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { ParamValues } from "#common/contracts/param.ts";
import type { CheckView } from "#common/contracts/runbook.ts";
import { apiErrorOf } from "../api/api-error.ts";
import { trpc } from "../api/trpc.ts";
import { useRunbookSession } from "../runbooks/session.tsx";
import { useMe } from "../team/use-team.ts";
import { Button } from "../ui/button.tsx";
import { toast } from "../ui/toast.ts";
import { type ParamDraft, paramsOf } from "./param-draft.ts";

type Kept = { team: ParamValues; cluster: ParamValues };

/** What the team and the chosen cluster keep for a check. One question for all checks of the page. */
export function useKeptParams(checkId: string): Kept {
  const { team, cluster } = useRunbookSession();
  const { data } = useQuery(trpc.param.get.queryOptions({ team, cluster: cluster ?? undefined }));
  const valuesOf = (isCluster: boolean): ParamValues => {
    const row = data?.find((each) => each.check === checkId && (each.cluster !== null) === isCluster);
    const accepted = Object.entries(row?.values ?? {}).filter(([name]) => !row?.refused.includes(name));
    return Object.fromEntries(accepted);
  };
  return { team: valuesOf(false), cluster: valuesOf(true) };
}

/** Where a parameter's value comes from, and for admins the way back to what lies below. */
export function ParamSource({
  check,
  name,
  kept,
  typed,
}: {
  check: CheckView;
  name: string;
  kept: Kept;
  typed: boolean;
}) {
  const t = useTranslations("runbook");
  const { team, cluster } = useRunbookSession();
  const queries = useQueryClient();
  const reset = useMutation(
    trpc.param.reset.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.param.pathKey() }),
      onError: () => toast(t("notKept"), "problem"),
    }),
  );
  const from = Object.hasOwn(kept.cluster, name)
    ? "cluster"
    : Object.hasOwn(kept.team, name)
      ? "team"
      : "check";
  const { can } = useMe([from === "cluster" ? (cluster ?? undefined) : undefined]);
  if (typed) return <p className="mt-1 text-faint">{t("paramFrom.run")}</p>;
  return (
    <p className="mt-1 flex flex-wrap items-center gap-x-2 text-faint">
      {t(`paramFrom.${from}`)}
      {from !== "check" && can("admin") ? (
        <Button
          size="small"
          tone="quiet"
          busy={reset.isPending}
          aria-label={t("resetParamThis", { name })}
          onClick={() =>
            reset.mutate({
              team,
              check: check.id,
              cluster: from === "cluster" ? cluster : null,
              names: [name],
            })
          }
        >
          {t("resetParam")}
        </Button>
      ) : null}
    </p>
  );
}

/** For admins: keeps what was typed for the team or for the chosen cluster, in place of this run only. */
export function KeepParams({
  check,
  draft,
  onKept,
  onRefused,
}: {
  check: CheckView;
  draft: ParamDraft;
  onKept: () => void;
  onRefused: (errors: Record<string, string>) => void;
}) {
  const t = useTranslations("runbook");
  const { team, cluster } = useRunbookSession();
  const forTeam = useMe().can("admin");
  const forCluster = useMe([cluster ?? undefined]).can("admin");
  const queries = useQueryClient();
  const keep = useMutation(
    trpc.param.set.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.param.pathKey() });
        toast(t("kept"));
        onKept();
      },
      onError: (error) => {
        const fields = Object.entries(apiErrorOf(error)?.fields ?? {});
        onRefused(Object.fromEntries(fields.map(([path, key]) => [path.replace(/^values\./, ""), key])));
        if (fields.length === 0) toast(t("notKept"), "problem");
      },
    }),
  );
  const values = paramsOf(check.params, draft);
  if (!(forTeam || forCluster) || Object.keys(values).length === 0) return null;
  const send = (place: string | null) => keep.mutate({ team, check: check.id, cluster: place, values });
  return (
    <div className="mt-3 flex flex-wrap gap-2">
      {forTeam ? (
        <Button size="small" busy={keep.isPending} onClick={() => send(null)}>
          {t("keepForTeam")}
        </Button>
      ) : null}
      {cluster && forCluster ? (
        <Button size="small" busy={keep.isPending} onClick={() => send(cluster)}>
          {t("keepForCluster")}
        </Button>
      ) : null}
    </div>
  );
}
