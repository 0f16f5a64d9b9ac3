import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Messages } from "#components/layout/messages.tsx";
import { ImportsPage } from "#components/notes/lazy-imports-page.tsx";
import { HydrateClient, prefetch, trpc } from "#server/api/caller.ts";

type Props = { params: Promise<{ team: string }> };

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("notes");
  return { title: t("draftsTitle") };
}

export default async function Page({ params }: Props) {
  const { team } = await params;
  void prefetch(trpc.notes.imports.queryOptions({ team }));
  return (
    <HydrateClient>
      <Messages of={["notes"]}>
        <ImportsPage />
      </Messages>
    </HydrateClient>
  );
}
