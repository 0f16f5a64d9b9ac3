import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { Messages } from "#components/layout/messages.tsx";
import { SessionTable } from "#components/sessions/session-table.tsx";
import { PageHeader, Section } from "#components/ui/page-header.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import { fetchOrNotFound, trpc } from "#server/api/caller.ts";

type Props = { params: Promise<{ team: string }>; searchParams: Promise<{ cursor?: string | string[] }> };

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("sessions");
  return { title: t("title") };
}

export default async function Page({ params, searchParams }: Props) {
  const { team } = await params;
  const { cursor: asked } = await searchParams;
  const cursor = typeof asked === "string" ? asked : null;
  const t = await getTranslations("sessions");
  const list = (open: boolean, from: string | null) =>
    fetchOrNotFound(
      trpc.runbookSession.list.queryOptions({ team, open, cursor: from, limit: open ? 200 : 50 }),
    );
  const [open, closed] = await Promise.all([list(true, null), list(false, cursor)]);
  return (
    <Messages of={[]}>
      <PageHeader title={t("title")}>{t("lead")}</PageHeader>
      {open.items.length + closed.items.length === 0 ? (
        <EmptyState title={t("empty")}>{t("emptyLead")}</EmptyState>
      ) : null}
      {open.items.length > 0 ? (
        <Section title={t("open")}>
          <SessionTable team={team} label={t("open")} items={open.items} />
        </Section>
      ) : null}
      {closed.items.length > 0 ? (
        <Section title={t("closedOnes")}>
          <SessionTable team={team} label={t("closedOnes")} items={closed.items} />
        </Section>
      ) : null}
      {closed.next ? <Link href={`/${team}/sessions?cursor=${closed.next}`}>{t("older")}</Link> : null}
    </Messages>
  );
}
