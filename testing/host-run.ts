import type { Check } from "#server/checks/define-check.ts";
import type { HostConnector } from "#server/connectors/connector.ts";
import { createLocalHostConnector } from "#server/connectors/local-host.ts";
import { runOne } from "./run-one.ts";

/** One check on this machine. */
export function runOnThisMachine(check: Check, params: Record<string, unknown> = {}) {
  return runOnHost(check, params, createLocalHostConnector());
}

export function runOnHost(check: Check, params: Record<string, unknown>, connector: HostConnector) {
  return runOne(check, params, { kind: "host", key: "this-machine", name: connector.name, connector });
}
