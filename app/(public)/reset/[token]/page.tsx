import { TRPCError } from "@trpc/server";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Door } from "#components/auth/door.tsx";
import { ResetForm } from "#components/auth/reset-form.tsx";
import { Messages } from "#components/layout/messages.tsx";
import { getQueryClient, trpc } from "#server/api/caller.ts";

type Props = { params: Promise<{ token: string }> };

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth");
  // The address is a secret: it must not travel on as a referrer.
  return { title: t("resetTitle"), referrer: "no-referrer" };
}

export default async function ResetPage({ params }: Props) {
  const { token } = await params;
  const [t, whose] = await Promise.all([getTranslations("auth"), readReset(token)]);
  return (
    <Messages of={["layout", "auth"]}>
      {whose ? (
        <Door title={t("resetTitle")} intro={t("resetIntro", whose)}>
          <ResetForm token={token} />
        </Door>
      ) : (
        <Door title={t("linkGoneTitle")} intro={t("resetGone")}>
          {null}
        </Door>
      )}
    </Messages>
  );
}

async function readReset(token: string) {
  try {
    return await getQueryClient().fetchQuery(trpc.session.readReset.queryOptions({ token }));
  } catch (error) {
    if (error instanceof TRPCError && ["NOT_FOUND", "BAD_REQUEST"].includes(error.code)) return null;
    throw error;
  }
}
