import type { Picture, PictureEdge, PictureNode } from "#common/picture.ts";
import type { Text } from "#common/text.ts";
import type { LevelLoad } from "./flow-metrics.ts";
import type { FlowSchema, PriorityLevel } from "./flow-schemas.ts";

/** The four places where a request to the API server may be held back, with this server's own numbers. */

type Sight = {
  schemas: readonly FlowSchema[];
  levels: readonly PriorityLevel[];
  /** undefined: the metrics were not read */
  loads: readonly LevelLoad[] | undefined;
  inflight: { readOnly: number; mutating: number } | undefined;
  eventRateLimit: boolean | undefined;
  own: FlowSchema | undefined;
  who: string;
};

const mostSchemas = 24;
const mostLevels = 24;

export function limitsPicture(sight: Sight): Picture {
  const known = new Set(sight.levels.map(({ name }) => name));
  const byPrecedence = sight.schemas.toSorted(
    (a, b) => a.precedence - b.precedence || (a.name < b.name ? -1 : 1),
  );
  const isKept = (schema: FlowSchema) => schema === sight.own || !known.has(schema.level);
  const room = mostSchemas - byPrecedence.filter(isKept).length;
  const others = byPrecedence.filter((schema) => !isKept(schema)).slice(0, Math.max(0, room));
  const schemas = byPrecedence
    .filter((schema) => isKept(schema) || others.includes(schema))
    .slice(0, mostSchemas);
  const levels = sight.levels.toSorted((a, b) => (a.name < b.name ? -1 : 1)).slice(0, mostLevels);
  const shown = new Set(levels.map(({ name }) => name));
  const nodes: PictureNode[] = [
    { id: "client", column: 0, label: sight.who || "client", detail: clientWords },
    ...schemas.map((schema) => schemaBox(schema, known)),
    ...levels.map((level) => levelBox(level, sight)),
    totalBox(sight),
    eventBox(sight.eventRateLimit),
  ];
  const edges: PictureEdge[] = [
    ...(sight.own && schemas.includes(sight.own)
      ? [{ from: "client", to: `schema ${sight.own.name}`, label: ownWords, verdict: "pass" as const }]
      : []),
    ...schemas
      .filter(({ level }) => shown.has(level))
      .map(({ name, level }) => ({ from: `schema ${name}`, to: `level ${level}` })),
    ...levels.map(({ name }) => ({ from: `level ${name}`, to: "total" })),
    { from: "total", to: "events" },
  ];
  return { id: "rate-limits", title, summary: summary(sight), columns, nodes, edges };
}

const title = { en: "What may hold a request back", "zh-CN": "请求可能在哪些地方被限流" };
const columns: Text[] = [
  { en: "1 Client", "zh-CN": "1 客户端" },
  { en: "2 Flow schema", "zh-CN": "2 FlowSchema 分类" },
  { en: "2 Priority level", "zh-CN": "2 优先级" },
  { en: "3 Whole server", "zh-CN": "3 服务器整体" },
  { en: "4 Admission", "zh-CN": "4 准入" },
];
const clientWords = {
  en: "its own limit: QPS and burst",
  "zh-CN": "客户端自身限制：QPS 和 burst",
};
const ownWords = { en: "lists pods", "zh-CN": "列出 Pod" };

function schemaBox(
  { name, level, precedence, flowsBy }: FlowSchema,
  known: ReadonlySet<string>,
): PictureNode {
  const by = {
    user: { en: "per user", "zh-CN": "按用户" },
    namespace: { en: "per namespace", "zh-CN": "按命名空间" },
    one: { en: "one flow", "zh-CN": "单一流" },
  }[flowsBy];
  const box = { id: `schema ${name}`, column: 1, label: name };
  if (!known.has(level))
    return {
      ...box,
      detail: { en: `no level "${level}"`, "zh-CN": `没有优先级“${level}”` },
      verdict: "fail",
    };
  return { ...box, detail: { en: `${precedence}, ${by.en}`, "zh-CN": `${precedence}，${by["zh-CN"]}` } };
}

function levelBox(level: PriorityLevel, { loads }: Sight): PictureNode {
  const load = loads?.find((each) => each.level === level.name);
  const box = { id: `level ${level.name}`, column: 2, label: level.name };
  if (level.exempt) return { ...box, detail: { en: "no limit", "zh-CN": "不限" } };
  const { queues } = level;
  const full = queues
    ? {
        en: `${queues.count} queues of ${queues.length}`,
        "zh-CN": `${queues.count} 个队列，各 ${queues.length}`,
      }
    : { en: "refuses when full", "zh-CN": "满了就拒绝" };
  const seats =
    load?.seats === undefined || load.seats === null
      ? { en: `${level.shares} shares`, "zh-CN": `${level.shares} 份` }
      : { en: `${load.executing}/${load.seats} seats`, "zh-CN": `席位 ${load.executing}/${load.seats}` };
  return {
    ...box,
    detail: { en: `${seats.en}, ${full.en}`, "zh-CN": `${seats["zh-CN"]}，${full["zh-CN"]}` },
    ...(load && { verdict: load.rejected > 0 ? "fail" : load.waiting > 0 ? "warn" : "pass" }),
  };
}

function totalBox({ loads, inflight }: Sight): PictureNode {
  const box = { id: "total", column: 3, label: { en: "all levels together", "zh-CN": "所有优先级合计" } };
  if (!loads || !inflight)
    return {
      ...box,
      detail: { en: "numbers not visible: /metrics", "zh-CN": "数字不可见：/metrics" },
      verdict: "unknown",
    };
  const seats = loads.reduce((sum, each) => sum + (each.seats ?? 0), 0);
  return {
    ...box,
    detail: {
      en: `${seats} seats; in flight: ${inflight.readOnly} reads, ${inflight.mutating} writes`,
      "zh-CN": `${seats} 个席位；处理中：读 ${inflight.readOnly}，写 ${inflight.mutating}`,
    },
    verdict: "pass",
  };
}

function eventBox(on: boolean | undefined): PictureNode {
  const box = { id: "events", column: 4, label: "EventRateLimit" };
  if (on === undefined)
    return { ...box, detail: { en: "not visible", "zh-CN": "看不到" }, verdict: "unknown" };
  if (on) return { ...box, detail: { en: "on", "zh-CN": "已启用" }, verdict: "pass" };
  return {
    ...box,
    detail: { en: "has seen no event: most likely off", "zh-CN": "没有处理过事件：多半未启用" },
  };
}

function summary({ schemas, levels, own, who }: Sight): Text {
  const en = own
    ? `A list of pods by ${who} is taken by the schema ${own.name} into the level ${own.level}.`
    : "Which schema takes this credential's requests is not known.";
  const zh = own
    ? `${who} 列出 Pod 的请求由 ${own.name} 归入优先级 ${own.level}。`
    : "无法判断当前凭据的请求归入哪个 FlowSchema。";
  return {
    en: `${schemas.length} flow schemas lead to ${levels.length} priority levels. ${en}`,
    "zh-CN": `${schemas.length} 个 FlowSchema 通往 ${levels.length} 个优先级。${zh}`,
  };
}
