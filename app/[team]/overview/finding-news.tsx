import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { getQueryClient, trpc } from "#server/api/caller.ts";

/** How many findings are open, and how many of all are muted; what is new for whoever looks. Made on the server. */
export async function FindingNews({ team }: { team: string }) {
  const t = await getTranslations("findings");
  const queries = getQueryClient();
  const [counts, inbox] = await Promise.all([
    queries.fetchQuery(trpc.finding.counts.queryOptions({ team, filter: {} })),
    queries.fetchQuery(trpc.inbox.read.queryOptions({ team })),
  ]);
  const link = "hover:text-accent hover:underline";
  return (
    <p className="-mt-4 mb-6 flex flex-wrap gap-x-5 gap-y-1 text-soft">
      <Link href={`/${team}/findings`} className={link}>
        {t("summary", { open: counts.open, muted: counts.muted })}
      </Link>
      <Link href={`/${team}/inbox`} className={link}>
        {t("inboxNew", { count: inbox.fresh })}
      </Link>
    </p>
  );
}
