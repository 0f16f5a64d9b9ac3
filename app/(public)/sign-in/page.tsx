import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { Door } from "#components/auth/door.tsx";
import { safeNext } from "#components/auth/safe-next.ts";
import { SignInForm } from "#components/auth/sign-in-form.tsx";
import { Messages } from "#components/layout/messages.tsx";
import { getQueryClient, trpc } from "#server/api/caller.ts";

type Props = { searchParams: Promise<{ next?: string | string[] }> };

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth");
  return { title: t("signIn") };
}

export default async function SignInPage({ searchParams }: Props) {
  const [t, query, session] = await Promise.all([
    getTranslations("auth"),
    searchParams,
    getQueryClient().fetchQuery(trpc.session.current.queryOptions()),
  ]);
  const next = safeNext([query.next].flat()[0]);
  if (session.user && session.teams.length > 0) redirect(next);
  return (
    <Messages of={["layout", "auth"]}>
      <Door title={t("signInTitle")}>
        <SignInForm next={next} />
      </Door>
    </Messages>
  );
}
