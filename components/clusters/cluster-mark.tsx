import clsx from "clsx";
import { useTranslations } from "next-intl";
import { Badge } from "#components/ui/badge.tsx";

type Marked = { practice: boolean; production: boolean };

/** The word for what kind of cluster it is; an ordinary one has none. */
export function ClusterMark({ cluster }: { cluster: Marked }) {
  const t = useTranslations("common");
  if (cluster.production) return <Badge outline="strong">{t("production")}</Badge>;
  if (cluster.practice) return <Badge outline="dashed">{t("practice")}</Badge>;
  return null;
}

/** The edge of whatever speaks about the cluster: solid for production, dashed for practice. */
export function clusterEdge(cluster: Marked | null): string {
  return clsx(cluster?.production && "edge-production", cluster?.practice && "edge-practice");
}
