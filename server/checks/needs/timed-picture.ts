import type { BarsPicture } from "#common/picture.ts";

/** How long commands took: each a bar to its mean, and a thin line as far as one standard deviation more. */
export type TimedBar = { name: string; meanSeconds: number; spreadSeconds: number };

export function timedPicture(timed: readonly TimedBar[]): BarsPicture {
  const slowest = timed.reduce((one, other) => (other.meanSeconds > one.meanSeconds ? other : one));
  return {
    id: "mean-times",
    title: { en: "Mean time and its spread", "zh-CN": "平均耗时与波动" },
    summary: {
      en: `${timed.length} ${timed.length === 1 ? "command" : "commands"}; the thin line is one standard deviation. The longest: ${cut(slowest.name)}, ${figures(slowest)}.`,
      "zh-CN": `${timed.length} 条命令；细线为一个标准差。最长的是 ${cut(slowest.name)}，${figures(slowest)}。`,
    },
    unit: "ms",
    bars: timed.slice(0, 80).map((one, index) => ({
      id: `${index}`,
      label: cut(one.name),
      detail: figures(one),
      from: 0,
      to: ms(one.meanSeconds),
      most: ms(one.meanSeconds + one.spreadSeconds),
    })),
  };
}

const ms = (seconds: number) => Number((seconds * 1000).toPrecision(6));
const short = (seconds: number) => Number((seconds * 1000).toPrecision(4));
const figures = ({ meanSeconds, spreadSeconds }: TimedBar) =>
  `${short(meanSeconds)} ± ${short(spreadSeconds)} ms`;
const cut = (name: string) => (name.length > 100 ? `${name.slice(0, 99)}…` : name);
