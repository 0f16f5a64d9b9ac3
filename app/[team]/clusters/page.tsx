import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ClusterList } from "#components/clusters/cluster-list.tsx";
import { Messages } from "#components/layout/messages.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("clusters");
  return { title: t("title") };
}

/** The list itself is prefetched by the layout: its switcher needs the same. */
export default function Page() {
  return (
    <Messages of={["clusters"]}>
      <ClusterList />
    </Messages>
  );
}
