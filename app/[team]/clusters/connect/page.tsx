import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ConnectCluster } from "#components/clusters/connect-cluster.tsx";
import { Messages } from "#components/layout/messages.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("clusters");
  return { title: t("connectTitle") };
}

export default function Page() {
  return (
    <Messages of={["clusters", "kubeconfig"]}>
      <ConnectCluster />
    </Messages>
  );
}
