import type { CheckSpec, CommandSpec } from "#server/checks/written/spec.ts";

/** What a check would run on hosts, if anything: what an admin has to approve. */
export function commandOf({ source }: CheckSpec): CommandSpec | undefined {
  return source.type === "host" || source.type === "nagios" ? source : undefined;
}
