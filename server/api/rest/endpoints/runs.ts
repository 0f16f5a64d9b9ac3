import { randomUUID } from "node:crypto";
import { z } from "zod";
import { runFilterSchema, runPageSchema, runViewSchema, startRunSchema } from "#common/contracts/run.ts";
import { defaultLocale, locales } from "#common/text.ts";
import { exportNames, exportRun } from "#server/domain/run-exports/export.ts";
import { exportFormats } from "#server/domain/run-exports/formats.ts";
import { cancelRun } from "#server/domain/runs/cancel.ts";
import { getRun } from "#server/domain/runs/get.ts";
import { listRuns } from "#server/domain/runs/list.ts";
import { startAsked } from "#server/domain/runs/start-asked.ts";
import { AppError } from "#server/errors.ts";
import { endpoint } from "../endpoint.ts";
import { paging } from "./paging.ts";

const startSchema = startRunSchema
  .omit({ idempotencyKey: true })
  .extend({
    runbook: z.string().max(100).nullable().default(null),
    checks: startRunSchema.shape.checks.optional(),
  })
  .strict();

const named = z.object({ runId: z.uuid() });
const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const filters = runFilterSchema.omit({ from: true, to: true }).extend({
  from: time.pipe(runFilterSchema.shape.from.unwrap()).optional(),
  to: time.pipe(runFilterSchema.shape.to.unwrap()).optional(),
});

export const runEndpoints = [
  endpoint({
    method: "POST",
    path: "/runs",
    id: "startRun",
    tag: "Runs",
    summary:
      "Start a run. A runbook without checks means all of its checks that need neither a person's consent nor a pasted document",
    scope: "run",
    headers: {
      "Idempotency-Key":
        "8 to 100 characters, made by the client. Sent again by the same API key it gives the run of before, so a request may be repeated",
    },
    body: startSchema,
    status: 202,
    answer: { name: "StartedRun", schema: named },
    handle: ({ ctx, holder, headers, body }) =>
      startAsked({ ctx, input: { ...body, idempotencyKey: idempotencyKey(holder.key.id, headers) } }),
  }),
  endpoint({
    method: "GET",
    path: "/runs",
    id: "listRuns",
    tag: "Runs",
    summary: "The history, newest first",
    scope: "read",
    query: filters.extend(paging),
    answer: { name: "RunPage", schema: runPageSchema },
    handle: ({ ctx, query: { cursor, limit, ...filter } }) =>
      listRuns({ ctx, input: { filter, cursor, limit } }),
  }),
  endpoint({
    method: "GET",
    path: "/runs/{runId}",
    id: "getRun",
    tag: "Runs",
    summary: "A run with its results, or where they are many with their sums by cluster and check",
    scope: "read",
    params: named,
    answer: { name: "Run", schema: runViewSchema },
    handle: ({ ctx, params }) => getRun({ ctx, input: params }),
  }),
  endpoint({
    method: "POST",
    path: "/runs/{runId}/cancel",
    id: "cancelRun",
    tag: "Runs",
    summary: "Ask a run to stop; asking twice changes nothing",
    scope: "run",
    params: named,
    status: 204,
    answer: null,
    handle: ({ ctx, params }) => cancelRun({ ctx, input: params }),
  }),
  endpoint({
    method: "GET",
    path: "/runs/{runId}/export",
    id: "exportRun",
    tag: "Runs",
    summary: "A run as a file, with all results, findings and measurements",
    scope: "read",
    params: named,
    query: z.object({
      format: z.enum(exportNames).default("json"),
      /** of what people read, such as html */
      language: z.enum(locales).default(defaultLocale),
    }),
    answer: {
      mediaTypes: [...Object.values(exportFormats).map(({ mediaType }) => mediaType), "application/zip"],
    },
    handle: ({ ctx, params, query }) => exportRun({ ctx, input: { ...params, ...query } }),
  }),
];

/** What different API keys send never meets, nor what pages send. */
function idempotencyKey(keyId: string, headers: Headers): string {
  const given = headers.get("idempotency-key");
  if (given === null) return randomUUID();
  if (!/^[\x21-\x7e]{8,100}$/.test(given)) {
    throw new AppError("invalid", "invalid", { fields: { "Idempotency-Key": "field-format" } });
  }
  return `${keyId}:${given}`;
}
