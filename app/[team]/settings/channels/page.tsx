import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ChannelSettings } from "#components/channels/channel-settings.tsx";
import { Messages } from "#components/layout/messages.tsx";
import { HydrateClient, prefetch, trpc } from "#server/api/caller.ts";

type Props = { params: Promise<{ team: string }> };

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("settings");
  return { title: t("channels") };
}

export default async function Page({ params }: Props) {
  const { team } = await params;
  await prefetch(trpc.channel.list.queryOptions({ team }));
  return (
    <HydrateClient>
      <Messages of={["settings", "channels", "reason"]}>
        <ChannelSettings />
      </Messages>
    </HydrateClient>
  );
}
