import { z } from "zod";
import { verdictSchema } from "../result.ts";

/** What one check came to in its newest runs on a cluster, newest first: the worst of its targets in each. */
export const checkTrendSchema = z.array(z.object({ runId: z.uuid(), verdict: verdictSchema, at: z.date() }));
export type CheckTrend = z.infer<typeof checkTrendSchema>;
