import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Messages } from "#components/layout/messages.tsx";
import { ScheduleList } from "#components/schedules/schedule-list.tsx";
import { HydrateClient, prefetch, trpc } from "#server/api/caller.ts";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("schedules");
  return { title: t("title") };
}

export default async function Page({ params }: { params: Promise<{ team: string }> }) {
  const { team } = await params;
  await prefetch(trpc.schedule.list.queryOptions({ team }));
  return (
    <HydrateClient>
      <Messages of={["schedules", "runs"]}>
        <ScheduleList />
      </Messages>
    </HydrateClient>
  );
}
