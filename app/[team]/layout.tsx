import { notFound, redirect } from "next/navigation";
import type { ReactNode } from "react";
import { ApiProvider } from "#components/api/provider.tsx";
import { SignInFirst } from "#components/auth/sign-in-first.tsx";
import { Shell } from "#components/layout/shell.tsx";
import { getQueryClient, HydrateClient, prefetch, trpc } from "#server/api/caller.ts";

type Props = { children: ReactNode; params: Promise<{ team: string }> };

export default async function TeamLayout({ children, params }: Props) {
  const { team } = await params;
  const session = await getQueryClient().fetchQuery(trpc.session.current.queryOptions());
  if (!session.user) return <SignInFirst />;
  const membership = session.teams.find((one) => one.slug === team);
  if (!membership) notFound();
  if (membership.locked) redirect(`/two-factor?next=${encodeURIComponent(`/${team}/overview`)}`);
  await prefetch(trpc.cluster.list.queryOptions({ team }));
  return (
    <ApiProvider>
      <HydrateClient>
        <Shell>{children}</Shell>
      </HydrateClient>
    </ApiProvider>
  );
}
