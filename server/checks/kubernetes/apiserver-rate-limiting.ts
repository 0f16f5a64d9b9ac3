import { z } from "zod";
import type { Finding } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { dangling, exemptByHand, refused, withoutShares } from "../needs/flow-findings.ts";
import { flowMetricLines, loadBetween, parseFlowMetrics } from "../needs/flow-metrics.ts";
import { limitsPicture } from "../needs/flow-picture.ts";
import { pickFlowSchema, pickPriorityLevel, schemaFor } from "../needs/flow-schemas.ts";
import { sampled } from "../needs/host.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { isUnread, optional } from "../needs/need.ts";
import { param } from "../needs/param.ts";

/**
 * Subjects and codes:
 * - FlowSchema: dangling-flow-schema (fail), exempt-flow-schema (warn).
 * - PriorityLevelConfiguration: requests-rejected (warn; fail above a share), requests-queued (warn), only where the
 *   server's metrics may be read; level-without-shares (warn).
 * Which schema takes this credential's requests is evaluated for a list of all pods, and drawn.
 */
export const check = defineCheck({
  id: "kubernetes/apiserver-rate-limiting",
  version: 1,
  title: { en: "What limits requests to the API server", "zh-CN": "API 服务器的限流" },
  why: {
    en: "A client that lists everything in a loop must not take the API server from the others. Priority and fairness sees to that, unless a schema leads nowhere or lets somebody past every limit. Then controllers lag, and kubectl answers 429.",
    "zh-CN":
      "一个循环列举全部对象的客户端，不应拖垮其他人使用的 API 服务器。优先级与公平性（APF）负责这件事，除非某个 FlowSchema 指向了不存在的优先级，或让人绕过一切限制。那时控制器会落后，kubectl 会收到 429。",
  },
  remedy: {
    en: "Lead every schema to a level that exists and has a limit; mend clients that are refused before raising limits.",
    "zh-CN": "让每个 FlowSchema 都指向存在且有限制的优先级；先修好被拒绝的客户端，再考虑提高上限。",
  },
  params: z.object({
    windowSeconds: param(z.number().int().min(5).max(120).default(15), {
      label: { en: "Watch refusals for", "zh-CN": "观察拒绝情况的时长" },
      help: { en: "Only where /metrics may be read.", "zh-CN": "仅在允许读取 /metrics 时有效。" },
      unit: "s",
    }),
    failRejectedPercent: param(z.number().min(0).max(100).default(1), {
      label: {
        en: "Fail when more of a level's requests are refused",
        "zh-CN": "被拒绝的请求比例超过多少判为失败",
      },
      unit: "%",
    }),
  }),
  needs: ({ windowSeconds }) => ({
    schemas: kubernetes.list(
      [kinds.FlowSchema, kinds.FlowSchemaBeta3, kinds.FlowSchemaBeta2],
      pickFlowSchema,
    ),
    levels: kubernetes.list(
      [kinds.PriorityLevel, kinds.PriorityLevelBeta3, kinds.PriorityLevelBeta2],
      pickPriorityLevel,
    ),
    identity: optional(kubernetes.identity({})),
    metrics: optional(
      sampled(
        kubernetes.raw({ path: "/metrics", keepLines: flowMetricLines }, parseFlowMetrics),
        windowSeconds * 1_000,
      ),
    ),
  }),
  judge: ({ schemas, levels, identity, metrics }, params) => {
    if (schemas.length === 0 && levels.length === 0)
      return {
        skip: { what: "priority and fairness", detail: "no FlowSchema and no PriorityLevelConfiguration" },
      };
    const known = new Set(levels.map(({ name }) => name));
    const seen = isUnread(metrics) ? undefined : metrics;
    const loads = seen && loadBetween(seen[0].value, seen[1].value);
    const request = { verb: "list", group: "", resource: "pods" };
    const own = isUnread(identity) ? undefined : schemaFor({ user: identity, ...request }, schemas, known);
    const findings: Finding[] = [
      ...dangling(schemas, levels),
      ...exemptByHand(schemas, levels),
      ...withoutShares(schemas, levels),
      ...(loads ? refused(loads, params) : []),
    ];
    const picture = limitsPicture({
      ...{ schemas, levels, loads, own },
      inflight: seen?.[1].value.inflight,
      eventRateLimit: seen?.[1].value.eventRateLimit,
      who: isUnread(identity) ? "" : identity.name,
    });
    const inflight = seen?.[1].value.inflight;
    return {
      findings,
      pictures: [picture],
      measurements: [
        { name: "flow-schemas", value: schemas.length, unit: "{schemas}" },
        ...(inflight
          ? [
              { name: "in-flight-reads", value: inflight.readOnly, unit: "{requests}" },
              { name: "in-flight-writes", value: inflight.mutating, unit: "{requests}" },
              {
                name: "rejected-requests",
                value: (loads ?? []).reduce((sum, { rejected }) => sum + rejected, 0),
                unit: "{requests}",
                warn: { above: 0 },
              },
            ]
          : []),
      ],
    };
  },
});
