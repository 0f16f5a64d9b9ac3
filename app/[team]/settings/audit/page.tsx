import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { type AuditFilter, auditFilterSchema } from "#common/contracts/audit.ts";
import { roleCovers } from "#common/role.ts";
import { AuditPage } from "#components/audit/audit-page.tsx";
import { Messages } from "#components/layout/messages.tsx";
import { SettingsFrame } from "#components/team/settings-frame.tsx";
import { fetchOrNotFound, trpc } from "#server/api/caller.ts";

type Props = {
  params: Promise<{ team: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("settings");
  return { title: t("audit") };
}

export default async function Page({ params, searchParams }: Props) {
  const { team } = await params;
  const { cursor, ...asked } = await searchParams;
  const t = await getTranslations("settings");
  const session = await fetchOrNotFound(trpc.session.current.queryOptions());
  const role = session.teams.find(({ slug }) => slug === team)?.role ?? "viewer";
  const filter = filterOf(asked);
  const at = typeof cursor === "string" ? cursor : null;
  return (
    <Messages of={["settings"]}>
      <SettingsFrame part="audit">
        {roleCovers(role, "admin") ? (
          <AuditPage
            team={team}
            filter={filter}
            isLater={at !== null}
            page={await fetchOrNotFound(trpc.audit.list.queryOptions({ team, filter, cursor: at }))}
            members={(await fetchOrNotFound(trpc.team.get.queryOptions({ team }))).members}
          />
        ) : (
          <p>{t("auditNeedsAdmin")}</p>
        )}
      </SettingsFrame>
    </Messages>
  );
}

/** The parts of an address that can be used; what somebody wrote into it by hand and is none is left out. */
function filterOf(asked: Record<string, string | string[] | undefined>): AuditFilter {
  const { shape } = auditFilterSchema;
  const parts = Object.entries(asked).filter(([name, value]) => {
    if (!value || !Object.hasOwn(shape, name)) return false;
    return shape[name as keyof typeof shape].safeParse(value).success;
  });
  return auditFilterSchema.parse(Object.fromEntries(parts));
}
