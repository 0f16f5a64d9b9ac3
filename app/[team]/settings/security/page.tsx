import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { SecuritySettings } from "#components/account/security-settings.tsx";
import { Messages } from "#components/layout/messages.tsx";
import { HydrateClient, prefetch, trpc } from "#server/api/caller.ts";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("settings");
  return { title: t("security") };
}

export default async function Page() {
  await prefetch(trpc.profile.security.queryOptions());
  return (
    <HydrateClient>
      <Messages of={["settings", "security", "auth"]}>
        <SecuritySettings />
      </Messages>
    </HydrateClient>
  );
}
