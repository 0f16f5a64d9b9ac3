import { z } from "zod";

/** What the tools about drains show: worked out from facts that a check has read. */

const count = z.number().int();
const named = z.object({ kind: z.string(), namespace: z.string(), name: z.string() });
/** some of many, by name */
const sample = z.object({ count, names: z.array(z.string()) });
export type Sample = z.infer<typeof sample>;

export const drainNodeRowSchema = z.object({
  name: z.string(),
  zone: z.string(),
  /** pods that a drain would evict */
  pods: count,
  controlPlane: z.boolean(),
  ready: z.boolean(),
  cordoned: z.boolean(),
});
export type DrainNodeRow = z.infer<typeof drainNodeRowSchema>;

/** Whose facts they are: the newest result on the cluster that read all of it. */
export const drainSourceSchema = z.object({
  observedAt: z.date(),
  by: z.string(),
  runId: z.uuid(),
  /** volumes that only some nodes reach could not be read: as if every claim followed its pod */
  volumesUnread: z.boolean(),
});
export type DrainSource = z.infer<typeof drainSourceSchema>;

export const drainNodesSchema = z.object({
  source: drainSourceSchema,
  nodes: z.array(drainNodeRowSchema),
  services: count,
  budgets: count,
});
export type DrainNodes = z.infer<typeof drainNodesSchema>;

/** How many nodes turn a pod away for each reason. */
const whySchema = z.object({
  drained: count,
  selector: count,
  taint: count,
  volume: count,
  "not-ready": count,
  apart: count,
  room: count,
});
export type DrainWhy = z.infer<typeof whySchema>;

export const drainReportSchema = z.object({
  nodes: count,
  evicted: count,
  waves: count,
  /** pods of DaemonSets and static ones: they go with the node */
  staying: count,
  /** that are without any endpoint at some moment */
  down: z.array(
    z.object({
      namespace: z.string(),
      name: z.string(),
      endpoints: count,
      /** in the wave of evictions, or when the nodes themselves go */
      last: z.boolean(),
      /** endpoints it has again when replacements are ready */
      after: count,
    }),
  ),
  /** that keep some, but less than half of them at the worst moment */
  thin: z.array(z.object({ namespace: z.string(), name: z.string(), endpoints: count, left: count })),
  refused: z.array(
    z.object({
      why: z.enum(["overlapping-budgets", "budget-allows-nothing", "budget-waits"]),
      namespace: z.string(),
      budgets: z.array(z.string()),
      rule: z.string(),
      pods: sample,
    }),
  ),
  homeless: z.array(z.object({ owner: named, count, why: whySchema })),
  lost: sample,
  scratch: sample,
  /** lists are cut here, their whole length is this */
  totals: z.object({ down: count, thin: count, refused: count, homeless: count }),
});
export type DrainReport = z.infer<typeof drainReportSchema>;

const obstacleSchema = z.object({
  code: z.enum(["service-goes-down", "overlapping-budgets", "budget-allows-nothing", "budget-waits"]),
  certain: z.boolean(),
  namespace: z.string(),
  /** the Service or the budget */
  name: z.string(),
  rule: z.string(),
  pods: sample,
});
export type DrainObstacle = z.infer<typeof obstacleSchema>;

export const drainOrderReportSchema = z.object({
  nodes: count,
  moves: count,
  tookMs: z.number(),
  batches: z.array(
    z.object({
      nodes: z.array(z.string()),
      zone: z.string(),
      evicted: count,
      waves: count,
      /** wait for the nodes to come back */
      waiting: sample,
      lost: sample,
      scratch: count,
    }),
  ),
  blocked: z.array(z.object({ node: z.string(), obstacles: z.array(obstacleSchema) })),
});
export type DrainOrderReport = z.infer<typeof drainOrderReportSchema>;

/** More are not sent in one question. */
export const mostDrainNodes = 200;

export const drainOrderOptionsSchema = z.object({
  parallel: z.number().int().min(1).max(500),
  keepPercent: z.number().int().min(0).max(100),
  zoneByZone: z.boolean(),
  which: z.enum(["workers", "all"]),
  /** only nodes with this in their name */
  find: z.string().max(200),
});
export type DrainOrderQuestion = z.infer<typeof drainOrderOptionsSchema>;
