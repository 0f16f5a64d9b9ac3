import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding } from "#common/result.ts";
import type { LevelLoad } from "./flow-metrics.ts";
import type { FlowSchema, PriorityLevel } from "./flow-schemas.ts";
import { compare } from "./owners.ts";

const kind = "FlowSchema";

/** A schema whose level does not exist is passed over: its requests go where nobody meant them to. */
export function dangling(schemas: readonly FlowSchema[], levels: readonly PriorityLevel[]): Finding[] {
  const known = levels.map(({ name }) => name).toSorted(compare);
  return schemas
    .filter(({ level }) => !known.includes(level))
    .map(({ name, level, precedence }) => ({
      verdict: "fail",
      code: "dangling-flow-schema",
      subject: { kind, name },
      message: {
        en: `FlowSchema ${name} names the priority level "${level}", which does not exist. The server passes over it, and its requests fall to a schema further down.`,
        "zh-CN": `FlowSchema ${name} 指向的优先级“${level}”不存在。服务器会跳过它，请求落到更靠后的 FlowSchema。`,
      },
      observed: level,
      expected: known.join(", "),
      remedy: [
        {
          purpose: "inspect",
          text: {
            en: `See which requests it was to take (precedence ${precedence}).`,
            "zh-CN": `看看它原本要接管哪些请求（优先顺序 ${precedence}）。`,
          },
          command: shellCommand("kubectl", "get", "flowschema", name, "--output", "yaml"),
        },
        {
          purpose: "fix",
          text: {
            en: "Create the missing level, or name one that exists; workload-low is what ordinary ServiceAccounts get.",
            "zh-CN": "创建缺少的优先级，或改为已有的一个；普通 ServiceAccount 使用的是 workload-low。",
          },
          command: shellCommand(
            ...["kubectl", "patch", "flowschema", name, "--type", "merge", "--patch"],
            JSON.stringify({ spec: { priorityLevelConfiguration: { name: "workload-low" } } }),
          ),
        },
        {
          purpose: "verify",
          text: { en: "Nothing is dangling any more.", "zh-CN": "不再有悬空的 FlowSchema。" },
          command: `kubectl get flowschemas --output jsonpath='{range .items[*]}{.metadata.name}{" "}{.status.conditions[?(@.type=="Dangling")].status}{"\\n"}{end}'`,
        },
      ],
    }));
}

/** What the server itself makes exempt: masters, and probes of its health. */
const ownExempt = ["exempt", "probes"];

/** Whoever is exempt is never limited: a loop gone wild there takes the API server from everybody. */
export function exemptByHand(schemas: readonly FlowSchema[], levels: readonly PriorityLevel[]): Finding[] {
  const exempt = new Set(levels.filter((level) => level.exempt).map(({ name }) => name));
  return schemas
    .filter(({ name, level }) => exempt.has(level) && !ownExempt.includes(name))
    .map(({ name, level }) => ({
      verdict: "warn",
      code: "exempt-flow-schema",
      subject: { kind, name },
      message: {
        en: `FlowSchema ${name} sends its requests to the level "${level}", which has no limit: no number of them is ever refused or queued.`,
        "zh-CN": `FlowSchema ${name} 把请求送入没有限制的优先级“${level}”：无论多少请求都不会排队或被拒绝。`,
      },
      observed: level,
      expected: { en: "a level with a limit", "zh-CN": "有并发上限的级别" },
      remedy: [
        {
          purpose: "fix",
          text: {
            en: "Give it a level of its own, with shares enough and queues.",
            "zh-CN": "为它单独建一个优先级，给足份额并配置队列。",
          },
        },
        {
          purpose: "inspect",
          text: { en: "See whom it takes in.", "zh-CN": "看看它接管了谁的请求。" },
          command: shellCommand("kubectl", "get", "flowschema", name, "--output", "yaml"),
        },
      ],
    }));
}

/** A level without shares lives on what others lend; with nothing lent, its requests wait for nothing. */
export function withoutShares(schemas: readonly FlowSchema[], levels: readonly PriorityLevel[]): Finding[] {
  const used = new Set(schemas.map(({ level }) => level));
  return levels
    .filter(({ name, exempt, shares }) => !exempt && shares === 0 && used.has(name))
    .map(({ name }) => ({
      verdict: "warn",
      code: "level-without-shares",
      subject: { kind: "PriorityLevelConfiguration", name },
      message: {
        en: `Priority level ${name} has no shares: its requests run only in seats that other levels lend at that moment.`,
        "zh-CN": `优先级 ${name} 没有份额：它的请求只能用其他优先级当时借出的席位。`,
      },
      observed: "nominalConcurrencyShares: 0",
      expected: { en: "1 or more", "zh-CN": "1 或更大" },
    }));
}

export type LoadLimits = { failRejectedPercent: number; windowSeconds: number };

export function refused(loads: readonly LevelLoad[], limits: LoadLimits): Finding[] {
  return loads.flatMap(({ level, rejected, dispatched, waiting, seats, executing, reasons, schemas }) => {
    if (rejected === 0 && waiting === 0) return [];
    const percent = (100 * rejected) / Math.max(1, rejected + dispatched);
    const used = {
      en: seats === null ? `${executing} seats in use` : `${executing} of ${seats} seats in use`,
      "zh-CN": seats === null ? `占用 ${executing} 个席位` : `${seats} 个席位占用 ${executing} 个`,
    };
    const share = percent.toFixed(percent < 10 ? 1 : 0);
    return [
      {
        verdict: percent > limits.failRejectedPercent ? "fail" : "warn",
        code: rejected > 0 ? "requests-rejected" : "requests-queued",
        subject: { kind: "PriorityLevelConfiguration", name: level },
        message:
          rejected > 0
            ? {
                en: `Within ${limits.windowSeconds} s the API server refused ${rejected} requests of level ${level} (${share} %) with 429: ${reasons.join(", ")}; by way of ${schemas.join(", ")}.`,
                "zh-CN": `${limits.windowSeconds} 秒内，API 服务器以 429 拒绝了优先级 ${level} 的 ${rejected} 个请求（${share}%），原因：${reasons.join("、")}；来自 ${schemas.join("、")}。`,
              }
            : {
                en: `At both readings, ${limits.windowSeconds} s apart, at least ${waiting} requests of level ${level} were waiting in its queues.`,
                "zh-CN": `相隔 ${limits.windowSeconds} 秒的两次读数中，优先级 ${level} 的队列里都至少有 ${waiting} 个请求在等待。`,
              },
        observed:
          rejected > 0
            ? {
                en: `${rejected} of ${rejected + dispatched}; ${used.en}`,
                "zh-CN": `${rejected + dispatched} 个中的 ${rejected} 个；${used["zh-CN"]}`,
              }
            : { en: `${waiting} waiting; ${used.en}`, "zh-CN": `${waiting} 个在等待；${used["zh-CN"]}` },
        expected: "0",
        remedy: [
          {
            purpose: "inspect",
            text: { en: "See who fills the level.", "zh-CN": "看看是谁占满了这个优先级。" },
            command: "kubectl get --raw /debug/api_priority_and_fairness/dump_requests",
          },
          {
            purpose: "fix",
            text: {
              en: "Mend the client first: informers instead of lists in a loop, pages, back-off. Then give it a level of its own, or this level more shares.",
              "zh-CN":
                "先修客户端：用 informer 代替循环 list，分页读取，失败退避；再考虑给它单独的优先级，或给这个优先级更多份额。",
            },
          },
        ],
      },
    ] satisfies Finding[];
  });
}
