import { afterAll, beforeAll, expect, test } from "vitest";
import type { Role } from "#common/role.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { getTeam } from "../team/get.ts";
import { invite } from "../team/invite.ts";
import { revokeInvitation } from "../team/revoke-invitation.ts";
import { acceptInvitation } from "./accept.ts";
import { readInvitation } from "./read.ts";
import { hashInvitationToken } from "./token.ts";

const nobody = { type: "nobody" } as const;
let instance: TestInstance;
let count = 0;

beforeAll(async () => {
  instance = await createTestInstance();
});
afterAll(() => instance.close());

function newcomer(token: string) {
  count += 1;
  return { token, name: "Grace", email: `Grace${count}@Example.com`, password: "twelve or more" };
}

async function invitation(role: Role = "operator", email?: string) {
  const owner = await instance.member(await instance.team(), "owner");
  const { token } = await invite({ ctx: owner, input: { role, email } });
  return { owner, token };
}

test("makes an account, joins with the invited role and can sign in", async () => {
  const { owner, token } = await invitation();
  const ctx = instance.contextOf(nobody);
  expect(await readInvitation({ ctx, input: { token } })).toEqual({
    teamName: owner.team.name,
    role: "operator",
    email: null,
    firstAccount: false,
  });
  const input = newcomer(token);
  const { team, account } = await acceptInvitation({ ctx, input });
  expect(team).toBe(owner.team.slug);
  expect(account?.email).toBe(input.email.toLowerCase());
  const signedIn = await instance.services.auth.api.signInEmail({
    body: { email: input.email, password: input.password },
  });
  const { members } = await getTeam({ ctx: owner });
  expect(members.find((member) => member.userId === signedIn.user.id)).toMatchObject({
    role: "operator",
    name: "Grace",
  });
});

test("stores neither the token nor the password", async () => {
  const { token } = await invitation();
  const stored = await instance.db.invitation.findUnique({
    where: { tokenHash: hashInvitationToken(token) },
  });
  expect(JSON.stringify(stored)).not.toContain(token);
  expect(Buffer.from(token, "base64url")).toHaveLength(32);
  const input = newcomer(token);
  await acceptInvitation({ ctx: instance.contextOf(nobody), input });
  const row = await instance.db.account.findFirst({
    where: { user: { email: input.email.toLowerCase() } },
  });
  expect(row?.password).toBeTruthy();
  expect(row?.password).not.toContain(input.password);
});

test("of two who open the same link at once, one joins", async () => {
  const { owner, token } = await invitation();
  const ctx = instance.contextOf(nobody);
  const answers = await Promise.allSettled(
    Array.from({ length: 4 }, () => acceptInvitation({ ctx, input: newcomer(token) })),
  );
  expect(answers.filter((answer) => answer.status === "fulfilled")).toHaveLength(1);
  for (const answer of answers) {
    if (answer.status === "rejected") expect(answer.reason).toMatchObject({ message: "invitation-gone" });
  }
  expect((await getTeam({ ctx: owner })).members).toHaveLength(2);
});

test("is over once used, revoked or expired, and says no more than that", async () => {
  const ctx = instance.contextOf(nobody);
  const gone = { code: "not-found", message: "invitation-gone" };

  const used = await invitation();
  await acceptInvitation({ ctx, input: newcomer(used.token) });
  await expect(acceptInvitation({ ctx, input: newcomer(used.token) })).rejects.toMatchObject(gone);

  const revoked = await invitation();
  const [open] = (await getTeam({ ctx: revoked.owner })).invitations;
  await revokeInvitation({ ctx: revoked.owner, input: { invitationId: open?.id ?? "" } });
  await expect(readInvitation({ ctx, input: { token: revoked.token } })).rejects.toMatchObject(gone);

  const expired = await invitation();
  const later = { ...ctx, now: () => new Date(Date.now() + 25 * 3_600_000) };
  await expect(acceptInvitation({ ctx: later, input: newcomer(expired.token) })).rejects.toMatchObject(gone);
  await expect(readInvitation({ ctx, input: { token: "made up" } })).rejects.toMatchObject(gone);
});

test("a refused attempt leaves the invitation open", async () => {
  const { token } = await invitation();
  const ctx = instance.contextOf(nobody);
  const taken = (await instance.person()).email;
  await expect(acceptInvitation({ ctx, input: { ...newcomer(token), email: taken } })).rejects.toMatchObject({
    code: "conflict",
    fields: { email: "email-taken" },
  });
  await expect(
    acceptInvitation({ ctx, input: { token, name: " ", email: "no", password: "short" } }),
  ).rejects.toMatchObject({
    code: "invalid",
    fields: { name: "field-required", email: "field-email", password: "field-too-short" },
  });
  await expect(acceptInvitation({ ctx, input: newcomer(token) })).resolves.toBeTruthy();
});

test("bound to an address, it is for that address only", async () => {
  const { token } = await invitation("viewer", "Linus@example.com");
  const ctx = instance.contextOf(nobody);
  const other = { code: "forbidden", message: "invitation-other-email" };
  await expect(acceptInvitation({ ctx, input: newcomer(token) })).rejects.toMatchObject(other);
  const stranger = instance.contextOf(await instance.person());
  await expect(acceptInvitation({ ctx: stranger, input: { token } })).rejects.toMatchObject(other);
  await acceptInvitation({ ctx, input: { ...newcomer(token), email: "linus@Example.com" } });
});

test("somebody signed in joins with that account; a member keeps the role and the link stays open", async () => {
  const { owner, token } = await invitation("admin");
  await expect(acceptInvitation({ ctx: owner, input: { token } })).rejects.toMatchObject({
    code: "conflict",
    message: "already-member",
  });
  const person = await instance.person();
  const joined = await acceptInvitation({ ctx: instance.contextOf(person), input: { token } });
  expect(joined).toEqual({ team: owner.team.slug, account: null });
  const { members } = await getTeam({ ctx: owner });
  expect(members.map((member) => [member.userId, member.role])).toContainEqual([person.userId, "admin"]);
});
