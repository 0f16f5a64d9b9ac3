import { z } from "zod";
import { reasonSchema } from "../result.ts";
import { slugSchema } from "./cluster.ts";

/** The cluster's own nodes instead of a list. */
export const nodeSourceSchema = z.object({
  labelSelector: z.string().trim().max(500),
  address: z.enum(["InternalIP", "Hostname"]),
});

export const jumpSchema = z.object({
  host: z.string().trim().min(1).max(253),
  port: z.number().int().min(1).max(65_535),
  user: z.string().trim().min(1).max(64),
});

/** A group of hosts, all but what is secret. */
export const hostGroupSchema = z.object({
  name: z.string().trim().min(1).max(80),
  /** names, addresses and ranges; empty where the nodes are taken */
  hosts: z.string().max(200_000),
  nodes: nodeSourceSchema.nullable(),
  user: z.string().trim().min(1).max(64),
  port: z.number().int().min(1).max(65_535),
  jump: jumpSchema.nullable(),
  /** whether checks may use sudo where they name a command for it */
  sudo: z.boolean(),
});
export type HostGroup = z.infer<typeof hostGroupSchema>;

/** Travels in once and is sealed at once. */
export const hostSecretSchema = z.object({
  privateKey: z.string().min(1).max(64_000),
  passphrase: z.string().max(1_000).optional(),
  certificate: z.string().max(64_000).optional(),
  /** of the jump host, where it is another */
  jumpPrivateKey: z.string().max(64_000).optional(),
  jumpPassphrase: z.string().max(1_000).optional(),
});
export type HostSecret = z.infer<typeof hostSecretSchema>;

const inCluster = z.object({ cluster: slugSchema });
export const oneGroupSchema = inCluster.extend({ connectionId: z.uuid() });
const knownHostsSchema = z.string().max(2_000_000);

export const addHostGroupSchema = inCluster.extend({
  group: hostGroupSchema,
  secret: hostSecretSchema,
  knownHosts: knownHostsSchema.default(""),
});
export const updateHostGroupSchema = oneGroupSchema.extend({
  group: hostGroupSchema,
  /** needed again where the hosts, the user or the way to them change */
  secret: hostSecretSchema.optional(),
  /** added to the keys that are known */
  knownHosts: knownHostsSchema.default(""),
});
export const replaceHostKeySchema = oneGroupSchema.extend({ secret: hostSecretSchema });
export const confirmHostKeysSchema = oneGroupSchema.extend({
  /** exactly the keys a person saw */
  keys: z
    .array(z.object({ host: z.string().max(300), fingerprint: z.string().max(100) }))
    .min(1)
    .max(5_001),
});
export const sudoersSchema = oneGroupSchema.extend({
  checks: z.array(z.string().max(200)).max(1_000).optional(),
});

/** What a look at a host found. `key` is what it showed; `ok` that a login and a shell worked. */
export const hostOutcomeSchema = z.object({
  host: z.string(),
  key: z.string().optional(),
  ok: z.boolean(),
  reason: reasonSchema.optional(),
});
export type HostOutcome = z.infer<typeof hostOutcomeSchema>;

export const hostKeyStates = ["confirmed", "waiting", "changed", "revoked", "unseen"] as const;
export type HostKeyState = (typeof hostKeyStates)[number];

export const hostViewSchema = z.object({
  name: z.string(),
  isJump: z.boolean(),
  keyState: z.enum(hostKeyStates),
  /** fingerprints of the keys that are known of it */
  known: z.array(z.string()),
  /** what it showed when it was looked at last */
  shown: z.object({ type: z.string(), fingerprint: z.string() }).nullable(),
  /** null: never asked */
  ok: z.boolean().nullable(),
  reason: reasonSchema.nullable(),
});
export type HostView = z.infer<typeof hostViewSchema>;

export const hostGroupViewSchema = z.object({
  id: z.uuid(),
  group: hostGroupSchema,
  hasCredential: z.boolean(),
  hasCertificate: z.boolean(),
  /** a look at the hosts is queued or running */
  looking: z.boolean(),
  lookedAt: z.date().nullable(),
  /** why the nodes could not be listed */
  problem: reasonSchema.nullable(),
  hosts: z.array(hostViewSchema),
});
export type HostGroupView = z.infer<typeof hostGroupViewSchema>;
