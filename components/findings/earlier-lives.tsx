"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import type { EarlierLife } from "#common/contracts/finding.ts";
import type { Text } from "#common/text.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { trpc } from "#components/api/trpc.ts";
import { SubjectName } from "#components/runs/subject.tsx";
import { useTeamHref } from "#components/team/use-team.ts";
import { Section } from "#components/ui/page-header.tsx";
import { Time } from "#components/ui/time.tsx";

type Props = { team: string; id: string; checks: { id: string; title: Text }[] };

/** How it went the last times that it looked like that: who said what, and which checks were asked meanwhile. */
export default function EarlierLives({ team, id, checks }: Props) {
  const t = useTranslations("findings");
  const { data } = useQuery(trpc.finding.earlier.queryOptions({ team, id }));
  if (!data || data.length === 0) return null;
  return (
    <Section title={t("earlier")}>
      <ul className="divide-y divide-line">
        {data.map((life) => (
          <Earlier key={life.id} life={life} checks={checks} />
        ))}
      </ul>
    </Section>
  );
}

function Earlier({ life, checks }: { life: EarlierLife; checks: Props["checks"] }) {
  const t = useTranslations("findings");
  const locale = useLocale() as Locale;
  const href = useTeamHref();
  const titleOf = (id: string) => {
    const check = checks.find((one) => one.id === id);
    return check ? inLocale(check.title, locale) : id;
  };
  return (
    <li className="py-2.5">
      <p className="flex flex-wrap gap-x-3">
        <Link href={href(`/findings/${life.id}`)} className="hover:text-accent hover:underline">
          <SubjectName subject={life.subject} />
        </Link>
        <span className="text-soft">{life.cluster.name}</span>
        <span className="text-faint">
          {t.rich("resolvedBy", {
            by: life.resolvedBy ?? t("byRun"),
            at: () => <Time at={life.resolvedAt} />,
          })}
        </span>
      </p>
      {life.notes.map((note) => (
        <p
          key={note.at.getTime()}
          className="mt-1 max-w-[76ch] border-l-2 border-line pl-3 whitespace-pre-wrap"
        >
          <span className="text-faint">{note.by}: </span>
          {note.text}
        </p>
      ))}
      {life.checks.length > 0 ? (
        <p className="mt-1 text-soft">
          {t("checkedAfter")}{" "}
          {life.checks.map((check, at) => (
            <span key={check.checkId}>
              {at > 0 ? " · " : ""}
              <Link href={href(`/runs/${check.runId}`)} className="text-accent underline">
                {titleOf(check.checkId)}
              </Link>{" "}
              <span className="text-faint">{check.by}</span>
            </span>
          ))}
        </p>
      ) : null}
    </li>
  );
}
