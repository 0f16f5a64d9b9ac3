import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import type { Locale } from "#common/text.ts";
import { Messages } from "#components/layout/messages.tsx";
import { NewSession } from "#components/sessions/new-session.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { fetchOrNotFound, trpc } from "#server/api/caller.ts";

type Props = {
  params: Promise<{ team: string }>;
  searchParams: Promise<{ runbook?: string | string[]; cluster?: string | string[] }>;
};

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("sessions");
  return { title: t("new") };
}

export default async function Page({ params, searchParams }: Props) {
  const { team } = await params;
  const { runbook, cluster } = await searchParams;
  if (typeof runbook !== "string") notFound();
  const t = await getTranslations("sessions");
  const locale = (await getLocale()) as Locale;
  const { title } = await fetchOrNotFound(trpc.runbook.get.queryOptions({ team, slug: runbook, locale }));
  return (
    <Messages of={["sessions"]}>
      <PageHeader title={t("new")}>
        {t("newLead")}{" "}
        <Link href={`/${team}/sessions`} className="text-accent underline">
          {t("all")}
        </Link>
      </PageHeader>
      <NewSession
        runbook={runbook}
        title={title}
        cluster={typeof cluster === "string" ? cluster : undefined}
      />
    </Messages>
  );
}
