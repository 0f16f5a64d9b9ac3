import { hasTemplate } from "#common/kubernetes/pod-template.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Picture } from "#common/picture.ts";
import type { Finding, Measurement, RemedyStep, Subject } from "#common/result.ts";
import type { Throttled } from "./cadvisor.ts";
import { affectedPods, compare } from "./owners.ts";

/** One container of a workload, over all of its pods. */
export type ThrottledGroup = {
  owner: Subject;
  container: string;
  limitMillicores?: number;
  /** the 95th percentile of what a pod uses, in cores; where somebody kept a history */
  usedP95?: number;
  pods: Throttled[];
};

export type Bounds = { warnPercent: number; failPercent: number };

const worstOf = ({ pods }: ThrottledGroup) => Math.max(...pods.map(({ percent }) => percent));

export function verdictOf(percent: number, { warnPercent, failPercent }: Bounds): "pass" | "warn" | "fail" {
  return percent > failPercent ? "fail" : percent > warnPercent ? "warn" : "pass";
}

/** Rounded up to a tenth of a core: three times the usual peak, or twice what was not enough. */
export function suggestedMillicores({ usedP95, limitMillicores, pods }: ThrottledGroup): number {
  const used = usedP95 ?? Math.max(...pods.map(({ cores }) => cores));
  const wanted = Math.max(
    used * 3000,
    usedP95 === undefined ? (limitMillicores ?? 0) * 2 : (limitMillicores ?? 0) * 1.2,
  );
  return Math.max(100, Math.ceil(wanted / 100) * 100);
}

function fix(group: ThrottledGroup): RemedyStep {
  const { owner, container, usedP95, limitMillicores } = group;
  if (usedP95 === undefined && limitMillicores === undefined)
    return {
      purpose: "fix",
      text: {
        en: "Raise the limit to several times the usual peak, or make the program start fewer threads.",
        "zh-CN": "把 limit 提到平时峰值的几倍，或减少程序的线程数。",
      },
    };
  const millicores = suggestedMillicores(group);
  const basis =
    usedP95 === undefined
      ? {
          en: "twice the present limit, since no history is at hand",
          zh: "没有历史数据，先按现有 limit 的两倍",
        }
      : {
          en: `three times the 95th percentile of ${usedP95.toFixed(2)} cores`,
          zh: `按 95 分位 ${usedP95.toFixed(2)} 核的三倍`,
        };
  return {
    purpose: "fix",
    text: {
      en: `Begin with ${millicores}m (${basis.en}), or make the program start fewer threads. This rolls the pods.`,
      "zh-CN": `可以从 ${millicores}m 开始（${basis.zh}），或者减少程序的线程数。会触发滚动更新。`,
    },
    ...(hasTemplate(owner) &&
      owner.kind !== "ReplicaSet" && {
        command: shellCommand(
          ...["kubectl", "set", "resources", `${owner.kind.toLowerCase()}/${owner.name}`],
          ...["--namespace", owner.namespace ?? "", "--containers", container, `--limits=cpu=${millicores}m`],
        ),
      }),
  };
}

export function throttledFindings(groups: readonly ThrottledGroup[], bounds: Bounds): Finding[] {
  return groups.flatMap((group): Finding[] => {
    const above = group.pods.filter(({ percent }) => percent > bounds.warnPercent);
    const [worst] = above.toSorted((a, b) => b.percent - a.percent || compare(a.pod, b.pod));
    const verdict = verdictOf(worst?.percent ?? 0, bounds);
    if (!worst || verdict === "pass") return [];
    const { owner, container, limitMillicores } = group;
    const limit = limitMillicores === undefined ? "" : ` of ${limitMillicores}m`;
    const of =
      group.pods.length === 1
        ? { en: "Its pod was", zh: "它的 Pod " }
        : {
            en: `${above.length} of ${group.pods.length} pods were`,
            zh: `${group.pods.length} 个 Pod 中有 ${above.length} 个`,
          };
    return [
      {
        verdict,
        code: "throttled",
        subject: { ...owner, part: container },
        affected: affectedPods(above.map(({ namespace, pod }) => ({ namespace, name: pod }))),
        message: {
          en: `${of.en} stopped by the limit${limit} in up to ${worst.percent} % of the periods in which container ${container} ran, at ${worst.cores} cores on average.`,
          "zh-CN": `容器 ${container} 运行的周期里，${of.zh}最多有 ${worst.percent} % 被 limit${limitMillicores === undefined ? "" : `（${limitMillicores}m）`}叫停，而平均只用了 ${worst.cores} 核。`,
        },
        observed: {
          en: `${worst.percent} % of ${worst.periods} periods (${worst.pod})`,
          "zh-CN": `${worst.periods} 个周期的 ${worst.percent} %（${worst.pod}）`,
        },
        expected: { en: `at most ${bounds.warnPercent} %`, "zh-CN": `不超过 ${bounds.warnPercent} %` },
        remedy: [
          fix(group),
          {
            purpose: "verify",
            text: {
              en: "In the container, twice with a minute between: nr_throttled ought to stand still.",
              "zh-CN": "在容器里隔一分钟看两次，nr_throttled 应当不再增长。",
            },
            command: shellCommand(
              ...["kubectl", "exec", worst.pod, "--namespace", worst.namespace, "--container", container],
              ...["--", "cat", "/sys/fs/cgroup/cpu.stat"],
            ),
          },
        ],
      },
    ];
  });
}

export function throttlingMeasurements(groups: readonly ThrottledGroup[], bounds: Bounds): Measurement[] {
  return groups.map((group) => ({
    name: "throttledPercent",
    subject: `${group.owner.namespace}/${group.owner.name} ${group.container}`,
    value: worstOf(group),
    unit: "%",
    warn: { above: bounds.warnPercent },
    fail: { above: bounds.failPercent },
  }));
}

/** The worst twelve: workload, the budget of each period, and how often it was not enough. */
export function throttlingPicture(groups: readonly ThrottledGroup[], bounds: Bounds): Picture[] {
  const worst = groups.toSorted((a, b) => worstOf(b) - worstOf(a)).slice(0, 12);
  if (worst.length === 0) return [];
  const rows = worst.map((group, index) => {
    const { owner, container, limitMillicores } = group;
    const percent = worstOf(group);
    const budget = limitMillicores === undefined ? undefined : limitMillicores / 10;
    return {
      index,
      percent,
      verdict: verdictOf(percent, bounds),
      name: `${owner.namespace}/${owner.name}`,
      container,
      budget,
    };
  });
  const first = rows[0];
  return [
    {
      id: "throttled-periods",
      title: { en: "How often the budget was not enough", "zh-CN": "每周期的配额有多少次不够用" },
      summary: {
        en: `${rows.filter(({ verdict }) => verdict !== "pass").length} of the ${rows.length} drawn are above ${bounds.warnPercent} %; the worst is ${first?.name} with ${first?.percent} %.`,
        "zh-CN": `图中 ${rows.length} 个里有 ${rows.filter(({ verdict }) => verdict !== "pass").length} 个超过 ${bounds.warnPercent} %，最高的是 ${first?.name}，${first?.percent} %。`,
      },
      columns: [
        { en: "Workload", "zh-CN": "工作负载" },
        { en: "Budget for each 100 ms", "zh-CN": "每 100 毫秒的配额" },
        { en: "Periods that were cut short", "zh-CN": "被叫停的周期" },
      ],
      nodes: rows.flatMap(({ index, percent, verdict, name, container, budget }) => [
        { id: `workload ${index}`, column: 0, label: name, detail: container },
        {
          id: `budget ${index}`,
          column: 1,
          label:
            budget === undefined
              ? { en: "not known", "zh-CN": "未知" }
              : { en: `${budget} ms of CPU`, "zh-CN": `${budget} 毫秒 CPU` },
        },
        { id: `share ${index}`, column: 2, label: `${percent} %`, verdict },
      ]),
      edges: rows.flatMap(({ index }) => [
        { from: `workload ${index}`, to: `budget ${index}` },
        { from: `budget ${index}`, to: `share ${index}` },
      ]),
    },
  ];
}
