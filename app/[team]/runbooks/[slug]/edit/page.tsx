import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { RunbookEditor } from "#components/editor/lazy-editor.tsx";
import { Messages } from "#components/layout/messages.tsx";
import { fetchOrNotFound, HydrateClient, trpc } from "#server/api/caller.ts";

type Props = { params: Promise<{ team: string; slug: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await getTranslations("editor");
  const runbook = await fetchOrNotFound(trpc.teamRunbook.get.queryOptions(await params));
  return { title: t("editTitle", { title: runbook.title }) };
}

export default async function Page({ params }: Props) {
  const { team, slug } = await params;
  await fetchOrNotFound(trpc.teamRunbook.get.queryOptions({ team, slug }));
  return (
    <HydrateClient>
      <Messages of={["editor", "runbook", "runs", "reason"]}>
        <RunbookEditor slug={slug} />
      </Messages>
    </HydrateClient>
  );
}
