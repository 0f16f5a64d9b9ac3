import type { Finding, Measurement, RemedyStep, Subject } from "#common/result.ts";
import type { ConntrackCounters, InvalidDrops } from "./conntrack-stat.ts";
import { isUnread, type Unread } from "./need.ts";

export type Sample = { at: number; value: ConntrackCounters | null };
export type Mitigation = { liberal: boolean | null; drops: string[] | null };

/** What is known of the two fixes: rules of either kind count; null where neither list of rules could be read. */
export function mitigationOf(
  liberal: string | Unread,
  rules: readonly (InvalidDrops | Unread)[],
): Mitigation {
  const read = rules.flatMap((one) => (isUnread(one) || one === null ? [] : [one]));
  return {
    liberal: isUnread(liberal) ? null : liberal === "1",
    drops: read.length === 0 ? null : [...new Set(read.flat())].sort(),
  };
}

const subjectOf = (machine: string, part: string): Subject => ({ kind: "host", name: machine, part });

const inspect: RemedyStep = {
  purpose: "inspect",
  text: {
    en: "See which packets they are: log one a second, look, and delete the rule again",
    "zh-CN": "看看是哪些包：每秒记录一条，看完再删掉这条规则",
  },
  command:
    'sudo iptables -I INPUT 1 -m conntrack --ctstate INVALID -m limit --limit 1/sec -j LOG --log-prefix "invalid: "',
};
const drop: RemedyStep = {
  purpose: "fix",
  text: {
    en: "Drop them before the host answers with a reset",
    "zh-CN": "在主机回 RST 之前丢弃它们",
  },
  command: "sudo iptables -I INPUT 1 -m conntrack --ctstate INVALID -j DROP",
};
const liberalStep: RemedyStep = {
  purpose: "fix",
  text: {
    en: "Or let packets outside the window pass: they are translated like the others",
    "zh-CN": "或者放行窗口外的包，让它们照常做地址转换",
  },
  command: "sudo sysctl -w net.netfilter.nf_conntrack_tcp_be_liberal=1",
};

export function invalidFinding(
  machine: string,
  [first, second]: [Sample, Sample],
  { liberal, drops }: Mitigation,
): Finding {
  const subject = subjectOf(machine, "INVALID");
  const before = first.value?.invalid;
  const after = second.value?.invalid;
  if (before === undefined || after === undefined || after < before) {
    const message = {
      en: "The counters could not be compared: they are of another form, or began anew in between.",
      "zh-CN": "计数器无法比较：格式不认识，或者中途被清零。",
    };
    return { verdict: "unknown", code: "counters-unread", subject, message };
  }
  const rise = after - before;
  const seconds = Math.round((second.at - first.at) / 1000);
  const observed = `+${rise} in ${seconds} s, ${after} in all`;
  if (rise === 0) {
    const message = {
      en: `No INVALID packet in ${seconds} s (${after} so far).`,
      "zh-CN": `${seconds} 秒内没有 INVALID 包（累计 ${after} 个）。`,
    };
    return { verdict: "pass", code: "invalid-still", subject, message, observed };
  }
  const places = drops ?? [];
  if (places.length > 0) {
    const message = {
      en: `${rise} INVALID packets in ${seconds} s; they are dropped (${places.join("; ")}).`,
      "zh-CN": `${seconds} 秒内有 ${rise} 个 INVALID 包，已被丢弃（${places.join("；")}）。`,
    };
    return { verdict: "pass", code: "invalid-dropped", subject, message, observed };
  }
  if (liberal) {
    const message = {
      en: `${rise} INVALID packets in ${seconds} s although windows are not checked: these are broken in another way.`,
      "zh-CN": `已不检查窗口，${seconds} 秒内仍有 ${rise} 个 INVALID 包：它们的问题不在窗口。`,
    };
    return { verdict: "warn", code: "invalid-though-liberal", subject, message, observed, remedy: [inspect] };
  }
  if (drops === null) {
    const message = {
      en: `${rise} INVALID packets in ${seconds} s; whether a rule drops them is not known, the rules need root.`,
      "zh-CN": `${seconds} 秒内有 ${rise} 个 INVALID 包；读取规则需要 root，不知道是否有规则丢弃它们。`,
    };
    const text = { en: "Read the rules as root", "zh-CN": "用 root 读取规则" };
    const step: RemedyStep = { purpose: "inspect", text, command: "sudo iptables-save | grep INVALID" };
    return { verdict: "unknown", code: "mitigation-unread", subject, message, observed, remedy: [step] };
  }
  return {
    verdict: "fail",
    code: "invalid-unmitigated",
    subject,
    message: {
      en: `${rise} INVALID packets in ${seconds} s and nothing against them: such a packet is not translated back, the host answers with a reset, and a container's connection breaks.`,
      "zh-CN": `${seconds} 秒内有 ${rise} 个 INVALID 包，且没有任何应对：这些包不会被转换回去，主机会回 RST，容器的连接随之中断。`,
    },
    observed,
    expected: "a DROP rule, or nf_conntrack_tcp_be_liberal = 1",
    remedy: [inspect, drop, liberalStep],
  };
}

type Table = { count: string | Unread; maximum: string | Unread; warnPercent: number; failPercent: number };

export function tableFinding(machine: string, { count, maximum, warnPercent, failPercent }: Table): Finding {
  const subject = subjectOf(machine, "table");
  const [used, limit] = [count, maximum].map((fact) => (isUnread(fact) ? Number.NaN : Number(fact)));
  if (used === undefined || !limit || Number.isNaN(used) || Number.isNaN(limit)) {
    const message = {
      en: "How full the table is could not be read.",
      "zh-CN": "无法读取连接跟踪表的占用。",
    };
    return { verdict: "unknown", code: "table-unread", subject, message };
  }
  const percent = Math.floor((used / limit) * 100);
  const full = percent >= failPercent;
  const filling = percent >= warnPercent;
  const observed = `${used} of ${limit} (${percent} %)`;
  const message = {
    en: `${used} of ${limit} connections are tracked${full ? ": new ones are about to be dropped" : ""}.`,
    "zh-CN": `连接跟踪表已用 ${used}，上限 ${limit}${full ? "：新连接即将被丢弃" : ""}。`,
  };
  if (!filling) return { verdict: "pass", code: "table-has-room", subject, message, observed };
  return {
    verdict: full ? "fail" : "warn",
    code: full ? "table-full" : "table-filling",
    subject,
    message,
    observed,
    expected: `< ${full ? failPercent : warnPercent} %`,
    remedy: [
      {
        purpose: "inspect",
        text: { en: "See what fills it", "zh-CN": "查看是什么占满了它" },
        command:
          "sudo conntrack -L 2>/dev/null | grep -oE '^(tcp|udp)|dport=[0-9]+' | sort | uniq -c | sort -rn | head",
      },
      {
        purpose: "fix",
        text: {
          en: "Make it larger; an entry costs about 320 bytes",
          "zh-CN": "调大上限；每条约占 320 字节",
        },
        command: `sudo sysctl -w net.netfilter.nf_conntrack_max=${limit * 2}`,
      },
    ],
  };
}

/** A full table says so in the kernel log; the counter says it without. */
export function droppedFinding(machine: string, [first, second]: [Sample, Sample]): Finding[] {
  const rise = (second.value?.drop ?? 0) - (first.value?.drop ?? 0);
  if (rise <= 0) return [];
  const message = {
    en: `${rise} connections were not let in for want of a place in the table, while this check looked.`,
    "zh-CN": `检查期间有 ${rise} 个连接因为表里没有位置而被拒绝。`,
  };
  const subject = subjectOf(machine, "drop");
  return [
    { verdict: "fail", code: "table-dropping", subject, message, observed: `+${rise}`, expected: "+0" },
  ];
}

export function conntrackMeasurements([first, second]: [Sample, Sample]): Measurement[] {
  const seconds = (second.at - first.at) / 1000;
  if (!first.value || !second.value || seconds <= 0) return [];
  const { value: before } = first;
  return Object.entries(second.value).map(([name, value]) => ({
    name,
    value: (value - before[name as keyof ConntrackCounters]) / seconds,
    unit: "{packets}/s",
  }));
}
