import { z } from "zod";
import {
  acknowledgeSchema,
  findingDetailSchema,
  findingFilterSchema,
  findingLifePageSchema,
  muteSchema,
} from "#common/contracts/finding.ts";
import { acknowledgeFindings } from "#server/domain/findings/acknowledge.ts";
import { getLife } from "#server/domain/findings/get.ts";
import { listLives } from "#server/domain/findings/list.ts";
import { muteFindings } from "#server/domain/findings/mute.ts";
import { reopenFindings } from "#server/domain/findings/reopen.ts";
import { unmuteFindings } from "#server/domain/findings/unmute.ts";
import { endpoint } from "../endpoint.ts";
import { paging } from "./paging.ts";

const named = z.object({ findingId: z.uuid() });
const filters = findingFilterSchema.extend({
  mine: z
    .enum(["true", "false"])
    .transform((text) => text === "true")
    .optional(),
});
const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** What a person may do to a finding. `changed` is 0 where it was so already. */
const change = {
  method: "POST",
  tag: "Findings",
  scope: "write",
  params: named,
  answer: { name: "FindingChange", schema: z.object({ changed: z.number().int() }) },
} as const;

export const findingEndpoints = [
  endpoint({
    method: "GET",
    path: "/findings",
    id: "listFindings",
    tag: "Findings",
    summary: "The team's findings, worst first, then the newest; without `state` those that are not resolved",
    scope: "read",
    query: filters.extend(paging),
    answer: { name: "FindingPage", schema: findingLifePageSchema },
    handle: ({ ctx, query: { cursor, limit, ...filter } }) =>
      listLives({ ctx, input: { filter, cursor, limit } }),
  }),
  endpoint({
    method: "GET",
    path: "/findings/{findingId}",
    id: "getFinding",
    tag: "Findings",
    summary: "A finding with its life: what was said and done, where it was seen, and its newest evidence",
    scope: "read",
    params: named,
    answer: { name: "Finding", schema: findingDetailSchema },
    handle: ({ ctx, params }) => getLife({ ctx, input: { id: params.findingId } }),
  }),
  endpoint({
    ...change,
    path: "/findings/{findingId}/acknowledge",
    id: "acknowledgeFinding",
    summary: "Say that it is known, and why it may stand",
    body: acknowledgeSchema.omit({ ids: true }).strict(),
    handle: ({ ctx, params, body }) =>
      acknowledgeFindings({ ctx, input: { ids: [params.findingId], ...body } }),
  }),
  endpoint({
    ...change,
    path: "/findings/{findingId}/mute",
    id: "muteFinding",
    summary: "Keep it quiet until a time, a year ahead at most",
    body: muteSchema.omit({ ids: true }).extend({ until: time }).strict(),
    handle: ({ ctx, params, body }) => muteFindings({ ctx, input: { ids: [params.findingId], ...body } }),
  }),
  endpoint({
    ...change,
    path: "/findings/{findingId}/unmute",
    id: "unmuteFinding",
    summary: "End a mute before its time",
    handle: ({ ctx, params }) => unmuteFindings({ ctx, input: { ids: [params.findingId] } }),
  }),
  endpoint({
    ...change,
    path: "/findings/{findingId}/reopen",
    id: "reopenFinding",
    summary: "Take back that it is known or resolved",
    handle: ({ ctx, params }) => reopenFindings({ ctx, input: { ids: [params.findingId] } }),
  }),
];
