import { z } from "zod";
import { type HostGroup, hostGroupSchema, hostOutcomeSchema } from "#common/contracts/host.ts";
import { expandHosts, type HostEntry } from "#common/hosts/range.ts";
import { reasonSchema } from "#common/result.ts";

/** What Connection.settings holds of a group of hosts: nothing secret. */
export const hostSettingsSchema = z.object({
  hostGroup: hostGroupSchema,
  /** keys that were pasted or confirmed by a person, as known_hosts has them */
  knownHosts: z.string(),
  hasCertificate: z.boolean().default(false),
  testRequestedAt: z.iso.datetime().optional(),
});
export type HostSettings = z.infer<typeof hostSettingsSchema>;

/** The part of Connection.lastTest that is about single hosts; written by workers alone. */
export const hostReportSchema = z.object({
  hosts: z.array(hostOutcomeSchema).default([]),
  problem: reasonSchema.optional(),
});

export type HostAddress = { host: string; port: number; user: string };

/** Where the hosts of a list are; of a group that takes the nodes this is empty. */
export function addressesOf(group: HostGroup): HostAddress[] {
  return group.nodes ? [] : expandHosts(group.hosts).hosts.map((entry) => addressOf(entry, group));
}

export function addressOf({ host, user, port }: HostEntry, group: HostGroup): HostAddress {
  return { host, user: user ?? group.user, port: port ?? group.port };
}

/** A group's place in a word: changed, its credential is not sent there. */
export function addressLine(group: HostGroup): string {
  const hosts = group.nodes
    ? `nodes ${group.nodes.labelSelector}`.trim()
    : group.hosts.trim().replaceAll(/\s+/g, " ");
  return `${group.user}@${hosts}`.slice(0, 500);
}
