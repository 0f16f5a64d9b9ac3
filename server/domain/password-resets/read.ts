import type { DomainContext } from "../context.ts";
import { openReset } from "./open.ts";

/** Whose password a link sets. */
export async function readReset({ ctx, input }: { ctx: DomainContext; input: { token: string } }) {
  const { user } = await openReset(ctx, input.token);
  return user;
}
