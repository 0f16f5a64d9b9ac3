"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { trpc } from "#components/api/trpc.ts";
import { ClusterMark } from "#components/clusters/cluster-mark.tsx";
import { useTeam } from "#components/team/use-team.ts";
import { FieldError } from "#components/ui/field.tsx";
import { Checkbox } from "#components/ui/toggle.tsx";
import type { ScheduleDraft } from "./schedule-draft.ts";

type Props = {
  draft: ScheduleDraft;
  error: string | undefined;
  onChange: (part: Partial<ScheduleDraft>) => void;
};

/** Where it runs: all of them in one run. */
export function ClusterFields({ draft, error, onChange }: Props) {
  const t = useTranslations("schedules");
  const { data: clusters } = useQuery(trpc.cluster.list.queryOptions({ team: useTeam() }));
  return (
    <fieldset>
      <legend className="mb-1 font-medium">{t("clusters")}</legend>
      <div className="grid gap-1.5 border-y border-line py-2 sm:grid-cols-2">
        {clusters?.map((cluster) => (
          <Checkbox
            key={cluster.slug}
            label={
              <span className="flex flex-wrap items-center gap-2">
                {cluster.name} <ClusterMark cluster={cluster} />
              </span>
            }
            checked={draft.clusters.includes(cluster.slug)}
            onChange={(event) => {
              const others = draft.clusters.filter((slug) => slug !== cluster.slug);
              onChange({ clusters: event.target.checked ? [...others, cluster.slug] : others });
            }}
          />
        ))}
      </div>
      <FieldError>{error}</FieldError>
    </fieldset>
  );
}
