import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Messages } from "#components/layout/messages.tsx";
import { TeamSettings } from "#components/team/team-settings.tsx";
import { HydrateClient, prefetch, trpc } from "#server/api/caller.ts";

type Props = { params: Promise<{ team: string }> };

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("settings");
  return { title: t("team") };
}

export default async function Page({ params }: Props) {
  const { team } = await params;
  await prefetch(trpc.team.get.queryOptions({ team }));
  return (
    <HydrateClient>
      <Messages of={["settings"]}>
        <TeamSettings />
      </Messages>
    </HydrateClient>
  );
}
