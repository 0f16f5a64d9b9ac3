import { z } from "zod";
import { connectionTestSchema, slugSchema } from "./cluster.ts";

export const endpointKinds = ["http", "tls", "dns", "registry", "mysql", "prometheus", "kafka"] as const;
export type EndpointKind = (typeof endpointKinds)[number];

export const mysqlTlsChoices = ["off", "preferred", "required", "verified"] as const;
export const dnsTransports = ["udp", "tcp", "doh-wire", "doh-json"] as const;
export const kafkaMechanisms = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] as const;

const address = z.string().trim().min(1).max(1_000);
const serverName = z.string().trim().min(1).max(253).optional();
const caPem = z
  .string()
  .trim()
  .min(1)
  .max(64 << 10)
  .optional();
const username = z.string().trim().min(1).max(256);
const none = z.object({ type: z.literal("none") });
const basic = z.object({ type: z.literal("basic"), username });
const bearer = z.object({ type: z.literal("bearer") });
const httpAuth = z.discriminatedUnion("type", [none, basic, bearer]);

/** What is known of an endpoint, without its secret. How the address is written depends on the kind. */
export const endpointSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("http"), address, caPem, auth: httpAuth }),
  z.object({ kind: z.literal("tls"), address, serverName, caPem }),
  z.object({ kind: z.literal("dns"), address, transport: z.enum(dnsTransports), caPem }),
  z.object({
    kind: z.literal("registry"),
    address,
    caPem,
    auth: z.discriminatedUnion("type", [none, basic]),
    /** other hosts that hand out its tokens, and may get the credential for it */
    tokenHosts: z.array(z.string().trim().min(1).max(253)).max(5).optional(),
  }),
  z.object({
    kind: z.literal("mysql"),
    address,
    tls: z.enum(mysqlTlsChoices),
    serverName,
    caPem,
    username,
  }),
  z.object({ kind: z.literal("prometheus"), address, serverName, caPem, auth: httpAuth }),
  z.object({
    kind: z.literal("kafka"),
    address,
    tls: z.enum(["off", "verified"]),
    serverName,
    caPem,
    auth: z.discriminatedUnion("type", [
      none,
      z.object({ type: z.literal("sasl"), mechanism: z.enum(kafkaMechanisms), username }),
    ]),
  }),
]);
export type Endpoint = z.infer<typeof endpointSchema>;

/** Its own among those of its kind: with the kind, it is the target's key in every run. */
export const endpointNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]*$/u);

/** A password or a token. It travels in here once and is sealed at once. */
export const endpointSecretSchema = z.string().min(1).max(4_096);

export const endpointViewSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  endpoint: endpointSchema,
  /** whether a secret is stored; never what it is */
  hasSecret: z.boolean(),
  test: connectionTestSchema.nullable(),
  testedAt: z.date().nullable(),
  testing: z.boolean(),
});
export type EndpointView = z.infer<typeof endpointViewSchema>;

export const addEndpointSchema = z.object({
  cluster: slugSchema,
  name: endpointNameSchema,
  endpoint: endpointSchema,
  secret: endpointSecretSchema.optional(),
});

const named = z.object({ cluster: slugSchema, connectionId: z.uuid() });
export const updateEndpointSchema = named.extend({ name: endpointNameSchema, endpoint: endpointSchema });
export const replaceEndpointSecretSchema = named.extend({ secret: endpointSecretSchema });
export const removeEndpointSchema = named;

/** "none": it has no secret; "optional": it may have one; "required": nothing works without. */
export function secretNeedOf(endpoint: Endpoint): "none" | "optional" | "required" {
  if (endpoint.kind === "mysql") return "optional";
  return "auth" in endpoint && endpoint.auth.type !== "none" ? "required" : "none";
}
