"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { trpc } from "#components/api/trpc.ts";
import { useTeamHref } from "#components/team/use-team.ts";
import { ButtonLink } from "#components/ui/button-link.tsx";

/** The way to what changed since one last looked, and how much that is. */
export function InboxLink({ team }: { team: string }) {
  const t = useTranslations("findings");
  const href = useTeamHref();
  const { data } = useQuery(trpc.inbox.read.queryOptions({ team }, { refetchInterval: 60_000 }));
  return (
    <ButtonLink href={href("/inbox")}>
      {t("inbox")}
      {data?.fresh ? <span className="tabular font-semibold text-accent">{data.fresh}</span> : null}
    </ButtonLink>
  );
}
