import Link from "next/link";
import { useTranslations } from "next-intl";
import type { AuditFilter, AuditPage as Page } from "#common/contracts/audit.ts";
import type { TeamView } from "#common/contracts/team.ts";
import { EmptyState } from "../ui/states.tsx";
import { AuditFilters } from "./audit-filters.tsx";
import { auditQuery } from "./audit-query.ts";
import { AuditTable } from "./audit-table.tsx";

type Props = {
  team: string;
  filter: AuditFilter;
  page: Page;
  members: TeamView["members"];
  /** not the first page */
  isLater: boolean;
};

/** What was done in the team, the newest first. All of it is rendered on the server; the filter is in the address. */
export function AuditPage({ team, filter, page, members, isLater }: Props) {
  const t = useTranslations("audit");
  const here = `/${team}/settings/audit`;
  const link = "text-accent underline decoration-1 underline-offset-[0.18em] hover:text-accent-strong";
  return (
    <>
      <AuditFilters action={here} filter={filter} members={members} />
      {page.items.length === 0 ? (
        <EmptyState title={t("none")}>{t("noneLead")}</EmptyState>
      ) : (
        <AuditTable events={page.items} />
      )}
      <p className="mt-4 flex flex-wrap gap-x-5 gap-y-1">
        {isLater ? (
          <Link className={link} href={`${here}${auditQuery(filter)}`}>
            {t("newest")}
          </Link>
        ) : null}
        {page.next ? (
          <Link className={link} href={`${here}${auditQuery(filter, page.next)}`}>
            {t("older")}
          </Link>
        ) : null}
        <a className={link} href={`/api/audit/${team}${auditQuery(filter)}`} download>
          {t("export")}
        </a>
      </p>
      <p className="mt-2 text-soft">{t("exportHelp")}</p>
    </>
  );
}
