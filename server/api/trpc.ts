import { initTRPC } from "@trpc/server";
import { z } from "zod";
import { slugSchema } from "#common/contracts/cluster.ts";
import { type Role, roleCovers } from "#common/role.ts";
import { fromWire, toWire } from "#common/wire.ts";
import { maySomewhere } from "#server/domain/clusters/role-on.ts";
import type { TeamContext } from "#server/domain/context.ts";
import { resolveTeam } from "#server/domain/team/resolve.ts";
import { AppError } from "#server/errors.ts";
import { type ApiContext, domainContext } from "./context.ts";
import { toApiError, toRpcError } from "./error-shape.ts";
import { isStorable } from "./storable-input.ts";

const t = initTRPC
  .context<ApiContext>()
  .meta<{ role: Role; onCluster?: boolean }>()
  .create({
    transformer: { serialize: toWire, deserialize: fromWire },
    errorFormatter: ({ error, shape }) => {
      const data = toApiError(error);
      return { code: shape.code, message: data.key, data };
    },
    sse: {
      ping: { enabled: true, intervalMs: 10_000 },
      client: { reconnectAfterInactivityMs: 25_000 },
    },
  });

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

const withMappedErrors = t.middleware(async ({ next, path, ctx }) => {
  const result = await next();
  if (result.ok) return result;
  const { cause } = result.error;
  if (cause instanceof AppError) throw toRpcError(cause);
  if (toApiError(result.error).code === "internal") ctx.services.report(cause ?? result.error, path);
  return result;
});

const withStorableInput = t.middleware(async ({ next, getRawInput }) => {
  if (!isStorable(await getRawInput())) throw new AppError("invalid", "invalid");
  return next();
});

/** Anybody may call it. */
export const publicProcedure = t.procedure
  .use(withMappedErrors)
  .use(withStorableInput)
  .use(({ ctx, next }) => next({ ctx: { domain: domainContext(ctx) } }));

/** Somebody signed in. */
export const protectedProcedure = publicProcedure.use(({ ctx, next }) => {
  if (ctx.actor.type === "nobody") throw new AppError("unauthenticated", "unauthenticated");
  return next();
});

/** A member of the team that `team` names, with at least `needed`. Strangers learn nothing: not found. */
export function teamProcedure(needed: Role) {
  return memberProcedure({ role: needed }, (team) => roleCovers(team.role, needed));
}

/**
 * The same for what acts on clusters, on each of which a member may be more or less than in the team: whoever may it
 * nowhere is refused here, and the verb asks for the very clusters it touches (server/domain/clusters/role-on.ts).
 */
export function clusterProcedure(needed: Role) {
  return memberProcedure({ role: needed, onCluster: true }, (team) => maySomewhere(team, needed));
}

function memberProcedure(meta: { role: Role; onCluster?: boolean }, may: (team: TeamContext) => boolean) {
  return protectedProcedure
    .meta(meta)
    .input(z.object({ team: slugSchema }))
    .use(async ({ ctx, input, next }) => {
      const team: TeamContext = await resolveTeam({ ctx: ctx.domain, input });
      if (!may(team)) throw new AppError("forbidden", "forbidden");
      return next({ ctx: { team } });
    });
}
