import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { EnrolPage } from "#components/account/enrol-page.tsx";
import { Door } from "#components/auth/door.tsx";
import { safeNext } from "#components/auth/safe-next.ts";
import { Messages } from "#components/layout/messages.tsx";
import { getQueryClient, trpc } from "#server/api/caller.ts";

type Props = { searchParams: Promise<{ next?: string | string[] }> };

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("security");
  return { title: t("twoFactorTitle") };
}

/** Where a team that asks for a second factor leads who has none. */
export default async function TwoFactorPage({ searchParams }: Props) {
  const next = safeNext([(await searchParams).next].flat()[0]);
  const { user, teams } = await getQueryClient().fetchQuery(trpc.session.current.queryOptions());
  if (!user) redirect(`/sign-in?next=${encodeURIComponent(next)}`);
  if (!teams.some((team) => team.locked)) redirect(next);
  const [t, security] = await Promise.all([
    getTranslations("security"),
    getQueryClient().fetchQuery(trpc.profile.security.queryOptions()),
  ]);
  const canEnrol = security.hasPassword && !security.twoFactor;
  return (
    <Messages of={["layout", "auth", "security"]}>
      <Door title={t("requiredTitle")} intro={canEnrol ? t("requiredIntro") : t("requiredOtherWay")}>
        <EnrolPage next={next} canEnrol={canEnrol} />
      </Door>
    </Messages>
  );
}
