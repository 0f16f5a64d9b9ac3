import { z } from "zod";
import { reasonSchema } from "../result.ts";
import { roles } from "../role.ts";

export const slugSchema = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  .max(63);

/** What "Test connection" found. `ok: false` carries the one reason a person should see first. */
export const connectionTestSchema = z.discriminatedUnion("ok", [
  z.object({
    ok: z.literal(true),
    version: z.string(),
    userName: z.string(),
    groups: z.array(z.string()),
    latencyMs: z.number(),
    permissions: z.array(
      z.object({
        verb: z.string(),
        group: z.string(),
        resource: z.string(),
        namespace: z.string().optional(),
        allowed: z.boolean(),
      }),
    ),
    /** the credential may do far more than checks need */
    broad: z.boolean(),
    /** what of that it may; "*" is everything */
    beyond: z.array(z.object({ verb: z.string(), group: z.string(), resource: z.string() })).default([]),
  }),
  z.object({ ok: z.literal(false), reason: reasonSchema }),
]);
export type ConnectionTest = z.infer<typeof connectionTestSchema>;

export const accessVerbSchema = z.enum(["get", "list", "watch", "create"]);

/** A permission that checks need of a cluster, and the ids of those checks. */
export const accessPermissionSchema = z.object({
  /** "" for the core group */
  group: z.string(),
  /** as RBAC writes it: "pods", "pods/log", or, of what is no resource, its path: "/metrics" */
  resource: z.string(),
  verb: accessVerbSchema,
  /** lets a credential do more than read */
  privileged: z.boolean(),
  requiredBy: z.array(z.string()),
  optionalFor: z.array(z.string()),
});
export type AccessPermission = z.infer<typeof accessPermissionSchema>;

/** How to make a credential that may read what checks need, and nothing else. Holds nothing secret. */
export const accessManifestSchema = z.object({
  /** YAML for `kubectl apply` */
  manifest: z.string(),
  /** for a POSIX shell */
  commands: z.object({
    apply: z.string(),
    /** prints a kubeconfig of the ServiceAccount */
    kubeconfig: z.string(),
  }),
  permissions: z.array(accessPermissionSchema),
});
export type AccessManifest = z.infer<typeof accessManifestSchema>;

export const connectionKinds = [
  "kubernetes",
  "local_host",
  "ssh",
  "tls",
  "http",
  "dns",
  "registry",
  "mysql",
  "prometheus",
  "kafka",
] as const;
export type ConnectionKind = (typeof connectionKinds)[number];

/** What may be asked of a server: requests a second in the long run, at once after a rest, and at the same time. */
export const requestBudgetSchema = z.object({
  ratePerSecond: z.number().int().min(1).max(1_000),
  burst: z.number().int().min(1).max(2_000),
  inFlight: z.number().int().min(1).max(64),
});
export type RequestBudget = z.infer<typeof requestBudgetSchema>;

export const connectionViewSchema = z.object({
  id: z.uuid(),
  kind: z.enum(connectionKinds),
  /** its own among those of its kind; empty where there is one at most */
  name: z.string(),
  address: z.string(),
  /** whether a credential is stored; never what it is */
  hasCredential: z.boolean(),
  credentialKind: z.enum(["token", "client-certificate", "none"]),
  test: connectionTestSchema.nullable(),
  testedAt: z.date().nullable(),
  /** a test is queued or running */
  testing: z.boolean(),
  /** of what has one: a Kubernetes API */
  budget: requestBudgetSchema.nullable(),
});
export type ConnectionView = z.infer<typeof connectionViewSchema>;

export const clusterViewSchema = z.object({
  id: z.uuid(),
  slug: z.string(),
  name: z.string(),
  practice: z.boolean(),
  /** started by Weekbook itself, which keeps its credential */
  managed: z.boolean(),
  production: z.boolean(),
  createdAt: z.date(),
  /** what whoever asks is on this cluster */
  role: z.enum(roles),
  connections: z.array(connectionViewSchema),
});
export type ClusterView = z.infer<typeof clusterViewSchema>;

/** How a Kubernetes API is connected. Secrets travel in here once and are sealed at once. */
export const kubernetesSourceSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("kubeconfig"), text: z.string(), context: z.string().optional() }),
  z.object({
    type: z.literal("token"),
    server: z.string(),
    caPem: z.string().optional(),
    tlsServerName: z.string().optional(),
    token: z.string(),
  }),
  z.object({
    type: z.literal("client-certificate"),
    server: z.string(),
    caPem: z.string().optional(),
    tlsServerName: z.string().optional(),
    certificatePem: z.string(),
    keyPem: z.string(),
  }),
]);
export type KubernetesSource = z.infer<typeof kubernetesSourceSchema>;

export const connectClusterSchema = z.object({
  name: z.string().trim().min(1).max(80),
  production: z.boolean().default(false),
  /** none: only hosts and endpoints, until an API is connected */
  source: kubernetesSourceSchema.optional(),
});

/** A kubeconfig looked at, nothing stored: the contexts it offers, each usable or with its one problem. */
export const kubeconfigContextSchema = z.object({
  name: z.string(),
  current: z.boolean(),
  server: z.string().nullable(),
  credentialKind: z.enum(["token", "client-certificate"]).nullable(),
  /** key in messages/<locale>/kubeconfig.json; null means usable */
  problem: z.string().nullable(),
  problemValues: z.record(z.string(), z.string()),
});
export type KubeconfigContext = z.infer<typeof kubeconfigContextSchema>;
