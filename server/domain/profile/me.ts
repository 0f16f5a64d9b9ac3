import { AppError } from "#server/errors.ts";
import type { Actor, DomainContext } from "../context.ts";

export type Me = Extract<Actor, { type: "user" }>;

/** The person who acts. */
export function me(ctx: Pick<DomainContext, "actor">): Me {
  if (ctx.actor.type !== "user") throw new AppError("unauthenticated", "unauthenticated");
  return ctx.actor;
}
