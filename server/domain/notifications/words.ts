import type { Transition } from "#common/contracts/channel.ts";
import type { Locale } from "#common/text.ts";
import type { Verdict } from "#common/verdict.ts";

type Counted = "new" | "worse" | "milder" | "gone" | "unreadable" | "readable" | "notRun";
type Words = {
  counted: Record<Counted, (count: number) => string>;
  change: Record<Transition, string>;
  verdict: Record<Verdict, string>;
  quiet: (what: string) => string;
  on: (cluster: string, what: string) => string;
  elsewhere: (count: number) => string;
  between: string;
  nothing: string;
  test: string;
  testText: (channel: string, team: string) => string;
  more: (count: number) => string;
  run: (schedule: string | null) => string;
  runs: string;
  notRun: Record<"refused" | "missed" | "disabled" | "failed", (schedule: string) => string>;
  all: string;
  why: (team: string, channel: string) => string;
  production: string;
};

const few = (count: number, one: string, many: string) => (count === 1 ? one : `${count} ${many}`);

const en: Words = {
  counted: {
    new: (count) => `${count} new`,
    worse: (count) => `${count} worse`,
    milder: (count) => `${count} milder`,
    gone: (count) => `${count} gone`,
    unreadable: (count) => few(count, "1 check cannot be answered", "checks cannot be answered"),
    readable: (count) => few(count, "1 check is answered again", "checks are answered again"),
    notRun: (count) => few(count, "1 schedule did not run", "schedules did not run"),
  },
  change: {
    ...{ opened: "new", reopened: "back again", worsened: "worse", eased: "milder", resolved: "gone" },
    ...{ not_run: "did not run", unreadable: "cannot be answered", readable: "is answered again" },
  },
  verdict: { pass: "Pass", warn: "Warn", fail: "Fail", unknown: "Unknown", skip: "Skip" },
  quiet: (what) => `During quiet hours: ${what}`,
  on: (cluster, what) => `${cluster}: ${what}`,
  elsewhere: (count) => ` and ${count} more`,
  between: ", ",
  nothing: "nothing to tell",
  test: "Test message from Weekbook",
  testText: (channel, team) =>
    `This is a test of the channel “${channel}” of ${team}. Messages about what changes will arrive here.`,
  more: (count) => few(count, "1 more finding is not shown here.", "more findings are not shown here."),
  run: (schedule) => (schedule === null ? "The run" : `The run of the schedule “${schedule}”`),
  runs: "Seen by",
  notRun: {
    refused: (schedule) => `The schedule “${schedule}” was due and its run was refused.`,
    missed: (schedule) => `Times of the schedule “${schedule}” went by without a run.`,
    disabled: (schedule) => `The schedule “${schedule}” was switched off: it has nothing left to run on.`,
    failed: (schedule) => `A run of the schedule “${schedule}” failed.`,
  },
  all: "See all of it in Weekbook",
  why: (team, channel) =>
    `Sent by Weekbook for the channel “${channel}” of ${team}. What is muted or acknowledged is not sent.`,
  production: "production",
};

const zh: Words = {
  counted: {
    new: (count) => `新增 ${count} 项`,
    worse: (count) => `恶化 ${count} 项`,
    milder: (count) => `减轻 ${count} 项`,
    gone: (count) => `消失 ${count} 项`,
    unreadable: (count) => `${count} 项检查无法得出结论`,
    readable: (count) => `${count} 项检查恢复结论`,
    notRun: (count) => `${count} 个定时任务未运行`,
  },
  change: {
    ...{ opened: "新增", reopened: "再次出现", worsened: "恶化", eased: "减轻", resolved: "消失" },
    ...{ not_run: "未运行", unreadable: "无法得出结论", readable: "恢复结论" },
  },
  verdict: { pass: "通过", warn: "警告", fail: "失败", unknown: "未知", skip: "跳过" },
  quiet: (what) => `免打扰时段内：${what}`,
  on: (cluster, what) => `${cluster}：${what}`,
  elsewhere: (count) => `等 ${count} 个`,
  between: "，",
  nothing: "没有变化",
  test: "Weekbook 测试消息",
  testText: (channel, team) => `这是 ${team} 的渠道“${channel}”的测试消息。以后的变化会发到这里。`,
  more: (count) => `另有 ${count} 项发现未在此列出。`,
  run: (schedule) => (schedule === null ? "本次运行" : `定时任务“${schedule}”的运行`),
  runs: "来自",
  notRun: {
    refused: (schedule) => `定时任务“${schedule}”到点时，其运行被拒绝。`,
    missed: (schedule) => `定时任务“${schedule}”错过了运行时间。`,
    disabled: (schedule) => `定时任务“${schedule}”已停用：没有可运行的对象。`,
    failed: (schedule) => `定时任务“${schedule}”的一次运行失败。`,
  },
  all: "在 Weekbook 中查看全部",
  why: (team, channel) => `由 Weekbook 发送，渠道：${team} 的“${channel}”。已静音或已确认的发现不会发送。`,
  production: "生产",
};

const all: Record<Locale, Words> = { en, "zh-CN": zh };

/** The sentences of messages. Those of pages are in messages/, which no worker loads. */
export function wordsOf(locale: Locale): Words {
  return all[locale];
}
