import { randomUUID } from "node:crypto";
import { hashPassword } from "better-auth/crypto";
import { acceptInvitationSchema } from "#common/contracts/team.ts";
import type { DatabaseTransaction } from "#server/db.ts";
import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import type { Actor, DomainContext } from "../context.ts";
import { isUniqueViolation } from "../database-errors.ts";
import { parseInput } from "../parse.ts";
import { refuseWeak } from "../profile/password-rules.ts";
import { type OpenInvitation, openInvitation } from "./open.ts";

type Accept = {
  ctx: DomainContext;
  input: { token: string; name?: string; email?: string; password?: string };
};
/** `account` is what a newly made account signs in with. */
type Accepted = { team: string; account: { email: string; password: string } | null };

/** Joins the team: with the account that is signed in, or with a new one. Of two at once, one wins. */
export async function acceptInvitation({ ctx, input }: Accept): Promise<Accepted> {
  const invitation = await openInvitation(ctx, input.token);
  if (ctx.actor.type === "user") {
    await joinAs(ctx, invitation, { userId: ctx.actor.userId, email: ctx.actor.email });
    return { team: invitation.team.slug, account: null };
  }
  const account = parseInput(acceptInvitationSchema, input);
  const email = account.email.toLowerCase();
  refuseWeak(account.password, account);
  refuseOtherEmail(invitation, email);
  await createAndJoin(ctx, invitation, { name: account.name, email, password: account.password });
  return { team: invitation.team.slug, account: { email, password: account.password } };
}

async function joinAs(
  ctx: DomainContext,
  invitation: OpenInvitation,
  user: { userId: string; email: string },
) {
  refuseOtherEmail(invitation, user.email);
  try {
    await ctx.db.$transaction(async (tx) => {
      await consume(tx, ctx, invitation);
      await join(tx, ctx, { invitation, userId: user.userId });
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw new AppError("conflict", "already-member");
    throw error;
  }
}

async function createAndJoin(
  ctx: DomainContext,
  invitation: OpenInvitation,
  account: { name: string; email: string; password: string },
) {
  const password = await hashPassword(account.password);
  const id = randomUUID();
  try {
    await ctx.db.$transaction(async (tx) => {
      await consume(tx, ctx, invitation);
      const isFirst = (await tx.user.findFirst({ select: { id: true } })) === null;
      await tx.user.create({ data: { id, name: account.name, email: account.email } });
      await tx.account.create({
        data: { id: randomUUID(), accountId: id, providerId: "credential", userId: id, password },
      });
      const actor: Actor = { type: "user", userId: id, name: account.name, email: account.email };
      await join(tx, { actor }, { invitation, userId: id });
      if (isFirst) {
        const subject = { kind: "account", id, name: account.name } as const;
        await recordAudit(tx, { actor }, { action: "account.firstCreated", subject });
      }
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError("conflict", "email-taken", { fields: { email: "email-taken" } });
  }
}

/** The condition on `usedAt` is the lock: the second of two waits for the first and then finds nothing to update. */
async function consume(tx: DatabaseTransaction, ctx: DomainContext, invitation: OpenInvitation) {
  const { count } = await tx.invitation.updateMany({
    where: { id: invitation.id, usedAt: null },
    data: { usedAt: ctx.now() },
  });
  if (count === 0) throw new AppError("not-found", "invitation-gone");
}

async function join(
  tx: DatabaseTransaction,
  { actor }: { actor: Actor },
  { invitation, userId }: { invitation: OpenInvitation; userId: string },
) {
  const { id, teamId, role } = invitation;
  await tx.membership.create({ data: { teamId, userId, role } });
  const { name, email } = await tx.user.findUniqueOrThrow({ where: { id: userId } });
  await recordAudit(
    tx,
    { actor, team: { id: teamId } },
    {
      action: "member.joined",
      subject: { kind: "member", id: userId, name },
      details: { email, role, invitation: id },
    },
  );
}

function refuseOtherEmail(invitation: OpenInvitation, email: string) {
  if (invitation.email && invitation.email !== email.toLowerCase()) {
    throw new AppError("forbidden", "invitation-other-email", {
      fields: { email: "invitation-other-email" },
    });
  }
}
