import { redirect } from "next/navigation";
import { getQueryClient, trpc } from "#server/api/caller.ts";

export const dynamic = "force-dynamic";

/** To the first of one's teams, or to the door. */
export default async function StartPage() {
  const { user, teams } = await getQueryClient().fetchQuery(trpc.session.current.queryOptions());
  const [first] = teams;
  redirect(user && first ? `/${first.slug}/overview` : "/sign-in");
}
