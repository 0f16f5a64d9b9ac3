"use client";
import clsx from "clsx";
import { useTranslations } from "next-intl";
import { useTeamHref } from "#components/team/use-team.ts";
import { PlusIcon, SelectorIcon } from "#components/ui/icons.tsx";
import { Menu, type MenuEntry } from "#components/ui/menu.tsx";
import { ClusterMark, clusterEdge } from "./cluster-mark.tsx";
import { useChosenCluster } from "./use-chosen-cluster.ts";

/** Which cluster every page speaks about. */
export function ClusterSwitcher() {
  const t = useTranslations("layout");
  const href = useTeamHref();
  const { clusters, cluster, choose } = useChosenCluster();
  const entries: MenuEntry[] = [
    ...clusters.map((one) => ({
      key: one.slug,
      label: one.name,
      hint: <ClusterMark cluster={one} />,
      checked: one.slug === cluster?.slug,
      onSelect: () => choose(one.slug),
    })),
    ...(clusters.length > 0 ? [{ type: "separator" as const, key: "line" }] : []),
    { key: "connect", label: t("connectCluster"), icon: <PlusIcon />, href: href("/clusters/connect") },
  ];
  return (
    <Menu
      label={cluster ? `${t("chooseCluster")}: ${cluster.name}` : t("chooseCluster")}
      entries={entries}
      className={clsx(
        "flex min-h-10 w-full items-center gap-2 rounded-control bg-raised py-1.5 pr-2 pl-3 text-left shadow-[inset_0_0_0_1px_var(--line)] hover:bg-hover",
      )}
      trigger={
        <>
          <span
            aria-hidden="true"
            className={clsx("-ml-1.5 h-6 w-[3px] shrink-0", clusterEdge(cluster) || "hidden")}
          />
          <span className="min-w-0 flex-1">
            <span className="block truncate leading-4 font-medium">{cluster?.name ?? t("noClusters")}</span>
            {cluster?.production || cluster?.practice ? (
              <span className="mt-0.5 block">
                <ClusterMark cluster={cluster} />
              </span>
            ) : null}
          </span>
          <SelectorIcon size={14} className="shrink-0 text-faint" />
        </>
      }
    />
  );
}
