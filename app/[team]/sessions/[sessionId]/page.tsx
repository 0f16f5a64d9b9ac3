import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { z } from "zod";
import { Messages } from "#components/layout/messages.tsx";
import { SessionRail } from "#components/sessions/session-rail.tsx";
import { SessionText } from "#components/sessions/session-text.tsx";
import { SingleChecks } from "#components/sessions/single-checks.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { fetchOrNotFound, getQueryClient, HydrateClient, trpc } from "#server/api/caller.ts";

type Props = { params: Promise<{ team: string; sessionId: string }> };

async function load({ params }: Props) {
  const { team, sessionId } = await params;
  if (!z.uuid().safeParse(sessionId).success) notFound();
  const options = trpc.runbookSession.get.queryOptions({ team, sessionId });
  return { team, sessionId, options, session: await fetchOrNotFound(options) };
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: (await load(props)).session.state.title };
}

export default async function Page(props: Props) {
  const { team, sessionId, options, session } = await load(props);
  const t = await getTranslations("sessions");
  const { title, cluster, runbook } = session.state;
  // The text is rendered here: what the browser keeps of the session need not hold it a second time.
  getQueryClient().setQueryData(options.queryKey, { ...session, article: [] });
  return (
    <HydrateClient>
      <Messages of={["sessions", "runs", "runbook", "reason", "trend"]}>
        <PageHeader title={title}>
          {t("on", { cluster: cluster.name })}{" "}
          <Link
            href={`/${team}/runbooks/${runbook}?cluster=${cluster.slug}`}
            className="text-accent underline"
          >
            {t("openRunbook")}
          </Link>
        </PageHeader>
        <div className="grid gap-8 lg:grid-cols-[minmax(0,1fr)_20rem]">
          <div className="min-w-0">
            <SessionText sessionId={sessionId} nodes={session.article} />
            <SingleChecks sessionId={sessionId} />
          </div>
          <SessionRail sessionId={sessionId} />
        </div>
      </Messages>
    </HydrateClient>
  );
}
