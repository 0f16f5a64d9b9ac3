import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Messages } from "#components/layout/messages.tsx";
import { ShareSettings } from "#components/shares/share-settings.tsx";
import { SigningKeys } from "#components/shares/signing-keys.tsx";
import { HydrateClient, prefetch, trpc } from "#server/api/caller.ts";

type Props = { params: Promise<{ team: string }> };

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("settings");
  return { title: t("shares") };
}

export default async function Page({ params }: Props) {
  const { team } = await params;
  await prefetch(trpc.signingKey.list.queryOptions({ team }));
  return (
    <HydrateClient>
      <Messages of={["settings", "shares"]}>
        <ShareSettings>
          <SigningKeys />
        </ShareSettings>
      </Messages>
    </HydrateClient>
  );
}
