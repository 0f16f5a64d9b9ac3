import type { BarsPicture } from "#common/picture.ts";
import type { Measurement } from "#common/result.ts";
import type { Timed } from "./http-findings.ts";
import { type HttpStep, httpSteps, stepNames, stepsOf } from "./http-steps.ts";
import { percentile, rounded } from "./percentile.ts";

export type Spread = { p50: number; p90: number; p95: number; p99: number; most: number };

export function spreadOf(values: readonly number[]): Spread {
  const at = (share: number) => rounded(percentile(values, share));
  return { p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99), most: rounded(Math.max(...values)) };
}

/** Each step for itself, over all exchanges. */
export function spreadsOf(exchanges: readonly Timed[]): Record<HttpStep, Spread> {
  const steps = exchanges.map(({ phases }) => stepsOf(phases));
  return Object.fromEntries(
    httpSteps.map((step) => [step, spreadOf(steps.map((each) => each[step]))]),
  ) as Record<HttpStep, Spread>;
}

/** The medians one after the other, as a request goes through them, each with a line to its 95th percentile. */
export function waterfallPicture(
  exchanges: readonly Timed[],
  spreads: Record<HttpStep, Spread>,
  slow: readonly HttpStep[],
): BarsPicture {
  let from = 0;
  const bars = httpSteps.map((step): BarsPicture["bars"][number] => {
    const { p50, p95 } = spreads[step];
    const bar = { from: rounded(from), to: rounded(from + p50), most: rounded(from + Math.max(p50, p95)) };
    from += p50;
    return {
      ...{ id: step, label: stepNames[step], detail: spreadWords(spreads[step]), ...bar },
      ...(slow.includes(step) && { verdict: "warn" as const }),
    };
  });
  const whole = spreadOf(exchanges.map(({ phases }) => phases.totalMs));
  const longest = httpSteps.reduce((most, step) => (spreads[step].p50 > spreads[most].p50 ? step : most));
  return {
    id: "waterfall",
    title: { en: "Where the time goes", "zh-CN": "时间花在哪里" },
    summary: {
      en: `Medians of ${exchanges.length} requests, one step after the other; the thin line reaches to the 95th percentile. The longest: ${stepNames[longest].en.toLowerCase()}.`,
      "zh-CN": `${exchanges.length} 次请求的中位数，按先后排列；细线延伸到第 95 百分位。最长的一步：${stepNames[longest]["zh-CN"]}。`,
    },
    unit: "ms",
    bars: [
      ...bars,
      {
        ...{ id: "total", label: { en: "In all", "zh-CN": "合计" }, detail: spreadWords(whole) },
        ...{ from: 0, to: whole.p50, most: Math.max(whole.p50, whole.p95) },
      },
    ],
  };
}

const spreadWords = ({ p50, p90, p95, p99, most }: Spread) =>
  `p50 ${p50} · p90 ${p90} · p95 ${p95} · p99 ${p99} · max ${most} ms`;

export function measurementsOf(
  exchanges: readonly Timed[],
  subject: string,
  spreads: Record<HttpStep, Spread>,
): Measurement[] {
  const total = spreadOf(exchanges.map(({ phases }) => phases.totalMs));
  const redirect = spreadOf(exchanges.map(({ phases }) => phases.redirectMs));
  const of = (name: string, value: number): Measurement => ({ name, subject, value, unit: "ms" });
  return [
    ...[of("totalP50", total.p50), of("totalP90", total.p90), of("totalP95", total.p95)],
    ...[of("totalP99", total.p99), of("totalMax", total.most), of("redirectP50", redirect.p50)],
    ...httpSteps.flatMap((step) => [
      of(`${step}P50`, spreads[step].p50),
      of(`${step}P95`, spreads[step].p95),
    ]),
  ];
}
