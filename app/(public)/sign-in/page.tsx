import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { Door } from "#components/auth/door.tsx";
import { NoTeam } from "#components/auth/no-team.tsx";
import { OidcButton } from "#components/auth/oidc-button.tsx";
import { oidcError } from "#components/auth/oidc-error.ts";
import { OrLine } from "#components/auth/or-line.tsx";
import { safeNext } from "#components/auth/safe-next.ts";
import { SignInForm } from "#components/auth/sign-in-form.tsx";
import { Messages } from "#components/layout/messages.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { getQueryClient, trpc } from "#server/api/caller.ts";

type Props = { searchParams: Promise<{ next?: string | string[]; error?: string | string[] }> };

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth");
  return { title: t("signIn") };
}

export default async function SignInPage({ searchParams }: Props) {
  const [t, query, { oidc }, session] = await Promise.all([
    getTranslations("auth"),
    searchParams,
    getQueryClient().fetchQuery(trpc.session.methods.queryOptions()),
    getQueryClient().fetchQuery(trpc.session.current.queryOptions()),
  ]);
  const next = safeNext([query.next].flat()[0]);
  const error = [query.error].flat()[0];
  if (session.user && session.teams.length > 0) redirect(next);
  if (session.user) {
    return (
      <Messages of={["layout", "auth"]}>
        <Door title={t("noTeamTitle")} intro={t("noTeamIntro")}>
          <NoTeam user={session.user} />
        </Door>
      </Messages>
    );
  }
  return (
    <Messages of={["layout", "auth"]}>
      <Door title={t("signInTitle")}>
        {oidc ? (
          <>
            {error ? <FormError>{t(oidcError(error), { name: oidc.name })}</FormError> : null}
            <OidcButton name={oidc.name} next={next} />
            <OrLine>{t("or")}</OrLine>
          </>
        ) : null}
        <SignInForm next={next} />
      </Door>
    </Messages>
  );
}
