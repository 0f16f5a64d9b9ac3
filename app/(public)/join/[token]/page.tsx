import { TRPCError } from "@trpc/server";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Door } from "#components/auth/door.tsx";
import { JoinForm } from "#components/auth/join-form.tsx";
import { JoinSignedIn } from "#components/auth/join-signed-in.tsx";
import { OidcButton } from "#components/auth/oidc-button.tsx";
import { OrLine } from "#components/auth/or-line.tsx";
import { Messages } from "#components/layout/messages.tsx";
import { getQueryClient, trpc } from "#server/api/caller.ts";

type Props = { params: Promise<{ token: string }> };

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth");
  // The address is a secret: it must not travel on as a referrer.
  return { title: t("createAccount"), referrer: "no-referrer" };
}

export default async function JoinPage({ params }: Props) {
  const { token } = await params;
  const [t, { user }, { oidc }, invitation] = await Promise.all([
    getTranslations("auth"),
    getQueryClient().fetchQuery(trpc.session.current.queryOptions()),
    getQueryClient().fetchQuery(trpc.session.methods.queryOptions()),
    readInvitation(token),
  ]);
  if (!invitation) {
    return (
      <Messages of={["layout"]}>
        <Door title={t("linkGoneTitle")} intro={t("linkGoneText")}>
          {null}
        </Door>
      </Messages>
    );
  }
  const { firstAccount, teamName, role } = invitation;
  return (
    <Messages of={["layout", "auth"]}>
      <Door
        title={firstAccount ? t("firstTitle") : t("joinTitle", { team: teamName })}
        intro={firstAccount ? t("firstIntro") : t("joinIntro", { role })}
      >
        {user ? (
          <JoinSignedIn token={token} user={user} teamName={teamName} />
        ) : (
          <>
            {oidc && !firstAccount ? (
              <>
                <OidcButton name={oidc.name} next={`/join/${token}`} />
                <OrLine>{t("or")}</OrLine>
              </>
            ) : null}
            <JoinForm token={token} invitation={invitation} />
          </>
        )}
      </Door>
    </Messages>
  );
}

/** A link that is used, expired or made up is one and the same to its holder. */
async function readInvitation(token: string) {
  try {
    return await getQueryClient().fetchQuery(trpc.invitation.read.queryOptions({ token }));
  } catch (error) {
    if (error instanceof TRPCError && ["NOT_FOUND", "BAD_REQUEST"].includes(error.code)) return null;
    throw error;
  }
}
