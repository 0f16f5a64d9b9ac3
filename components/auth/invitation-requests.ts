import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "#server/api/root.ts";
import { call } from "../api/call.ts";

type Inputs = inferRouterInputs<AppRouter>;
type Outputs = inferRouterOutputs<AppRouter>;

/** The pages before one is signed in make these calls alone, so they do without what keeps the other pages' data. */
export function acceptInvitation(input: Inputs["invitation"]["accept"]) {
  return call("mutation", "invitation.accept", input) as Promise<Outputs["invitation"]["accept"]>;
}

export function renameTeam(input: Inputs["team"]["rename"]) {
  return call("mutation", "team.rename", input);
}
