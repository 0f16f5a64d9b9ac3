"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import clsx from "clsx";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import type { InboxEntry } from "#common/contracts/inbox.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { trpc } from "#components/api/trpc.ts";
import { useLive } from "#components/comments/use-live.ts";
import { SubjectName } from "#components/runs/subject.tsx";
import { useTeamHref } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states.tsx";
import { Time } from "#components/ui/time.tsx";
import { VerdictIcon } from "#components/ui/verdict.tsx";

/** What changed for me since I looked. It stays marked until I say that I have seen it. */
export function InboxPage({ team }: { team: string }) {
  const t = useTranslations("inbox");
  const common = useTranslations("common");
  const queries = useQueryClient();
  useLive(team);
  const inbox = useQuery(trpc.inbox.read.queryOptions({ team }));
  const mark = useMutation(
    trpc.inbox.markSeen.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.inbox.pathKey() }),
    }),
  );
  const entries = inbox.data?.entries ?? [];
  const newest = entries[0];
  return (
    <>
      <PageHeader
        title={t("title")}
        actions={
          newest && inbox.data?.fresh ? (
            <Button busy={mark.isPending} onClick={() => mark.mutate({ team, until: newest.at })}>
              {t("markSeen")}
            </Button>
          ) : null
        }
      >
        <span role="status">{inbox.data ? t("fresh", { count: inbox.data.fresh }) : t("lead")}</span>
      </PageHeader>
      {inbox.isPending ? <SkeletonRows rows={6} label={common("loading")} /> : null}
      {inbox.isError && !inbox.data ? (
        <ErrorState
          title={t("failed")}
          action={<Button onClick={() => void inbox.refetch()}>{common("retry")}</Button>}
        />
      ) : null}
      {inbox.data && entries.length === 0 ? (
        <EmptyState title={t("empty")}>{t("emptyLead")}</EmptyState>
      ) : null}
      <ol className="divide-y divide-line border-y border-line empty:hidden">
        {entries.map((entry) => (
          <li
            key={`${entry.type} ${entry.at.getTime()} ${entry.findingId ?? entry.runId}`}
            className={clsx(
              "grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-4 border-l-2 py-2 pl-3",
              entry.fresh ? "border-l-accent" : "border-l-transparent text-soft",
            )}
          >
            <Entry team={team} entry={entry} />
            <span className="flex flex-col items-end text-faint">
              <Time at={entry.at} />
              {entry.fresh ? <span className="text-accent">{t("new")}</span> : null}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}

function Entry({ team, entry }: { team: string; entry: InboxEntry }) {
  const t = useTranslations("inbox");
  const href = useTeamHref();
  const locale = useLocale() as Locale;
  const { data: checks } = useQuery(trpc.check.list.queryOptions({ team }));
  if (entry.type === "comment") {
    return (
      <div className="min-w-0">
        <Link
          href={href(entry.findingId ? `/findings/${entry.findingId}` : `/runs/${entry.runId}`)}
          className="font-medium hover:text-accent hover:underline"
        >
          {t(entry.mentioned ? "mentioned" : "commented", { by: entry.author })}
        </Link>
        <p className="line-clamp-2 max-w-[76ch] wrap-anywhere text-soft">{entry.excerpt}</p>
      </div>
    );
  }
  const check = checks?.find(({ id }) => id === entry.checkId);
  const one = entry.count === 1;
  const many = href(
    `/findings?check=${encodeURIComponent(entry.checkId)}${entry.kind === "resolved" ? "&state=resolved" : ""}`,
  );
  return (
    <div className="flex min-w-0 gap-2">
      <VerdictIcon verdict={entry.verdict} size={14} labelled className="mt-0.5 shrink-0" />
      <div className="min-w-0">
        <Link
          href={one ? href(`/findings/${entry.findingId}`) : many}
          className="font-medium hover:text-accent hover:underline"
        >
          {t(`kind.${entry.kind}`, { count: entry.count })}
        </Link>{" "}
        <span>
          {check ? inLocale(check.title, locale) : entry.checkId} · {entry.cluster}
        </span>
        <p className="text-soft">
          {one ? <SubjectName subject={entry.subject} /> : null}
          {entry.by ? <span className="text-faint"> {t("by", { by: entry.by })}</span> : null}
        </p>
      </div>
    </div>
  );
}
