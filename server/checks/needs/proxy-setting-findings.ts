import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import type { NetworkSettings } from "./proxy-networks.ts";

type Wanted = { minSomaxconn: number; minPorts: number };
/** Whose settings these are; `host`: the network is the host's own. */
type NetworkPlace = { machine: string; title: Text; host: boolean };

const keep = (key: string, value: string): string =>
  `echo '${key} = ${value}' | sudo tee -a /etc/sysctl.d/90-high-concurrency.conf && sudo sysctl --system`;

function fix(place: NetworkPlace, key: string, value: string): RemedyStep[] {
  return [
    place.host
      ? {
          purpose: "fix",
          text: {
            en: "Set it and keep it; servers that already listen have to be restarted",
            "zh-CN": "设置并保存；已在监听的服务需要重启",
          },
          command: keep(key, value),
        }
      : {
          purpose: "fix",
          text: {
            en: `It belongs to the container's own network: set ${key} to ${value} in securityContext.sysctls of the pod (or docker run --sysctl); the host's value does not reach it.`,
            "zh-CN": `它属于容器自己的网络：在 Pod 的 securityContext.sysctls 里（或 docker run --sysctl）把 ${key} 设为 ${value}；主机上的值影响不到它。`,
          },
        },
  ];
}

/** What a proxy with many short connections runs into first, in the network that it really is in. */
export function networkFindings(settings: NetworkSettings, place: NetworkPlace, wanted: Wanted): Finding[] {
  const { machine, title } = place;
  const finding = (key: string, rest: Omit<Finding, "subject">): Finding => ({
    ...rest,
    subject: { kind: "host", name: machine, part: `${key}, ${title.en}` } satisfies Subject,
  });
  return [
    ...somaxconn(settings, place, wanted, finding),
    ...portRange(settings, place, wanted, finding),
    ...timeWait(settings, place, finding),
  ];
}

type Make = (key: string, rest: Omit<Finding, "subject">) => Finding;
const numberAt = (settings: NetworkSettings, key: string) =>
  /^\d+$/.test(settings[key] ?? "") ? Number(settings[key]) : null;

function somaxconn(
  settings: NetworkSettings,
  place: NetworkPlace,
  { minSomaxconn }: Wanted,
  make: Make,
): Finding[] {
  const key = "net.core.somaxconn";
  const value = numberAt(settings, key);
  if (value === null || value >= minSomaxconn) return [];
  return [
    make(key, {
      verdict: "warn",
      code: "somaxconn-low",
      message: {
        en: `${place.title.en}: net.core.somaxconn = ${value}, so no more than ${value} connections wait for the proxy; what does not fit is dropped and tried again a second later.`,
        "zh-CN": `${place.title["zh-CN"]}：net.core.somaxconn = ${value}，最多 ${value} 个连接能排队等代理；排不下的被丢弃，客户端一秒后才重试。`,
      },
      observed: String(value),
      expected: `≥ ${minSomaxconn}`,
      remedy: fix(place, key, String(minSomaxconn)),
    }),
  ];
}

export function portsOf(settings: NetworkSettings): { from: number; to: number; count: number } | null {
  const [from, to] = (settings["net.ipv4.ip_local_port_range"] ?? "").split(/\s+/).map(Number);
  return from && to && to >= from ? { from, to, count: to - from + 1 } : null;
}

function portRange(
  settings: NetworkSettings,
  place: NetworkPlace,
  { minPorts }: Wanted,
  make: Make,
): Finding[] {
  const key = "net.ipv4.ip_local_port_range";
  const ports = portsOf(settings);
  if (!ports) return [];
  const observed = `${ports.from} ${ports.to}`;
  if (ports.count < minPorts)
    return [
      make(key, {
        verdict: "warn",
        code: "port-range-narrow",
        message: {
          en: `${place.title.en}: ${ports.count} source ports (${observed}) are the most connections that one backend address can have at a time, those in TIME_WAIT among them.`,
          "zh-CN": `${place.title["zh-CN"]}：源端口只有 ${ports.count} 个（${observed}），连到同一后端地址的连接（含 TIME_WAIT）不会多于这个数。`,
        },
        observed,
        expected: `≥ ${minPorts} ports, such as 1024 65535`,
        remedy: fix(place, key, "1024 65535"),
      }),
    ];
  if (!place.host || ports.from > 10_250 || settings["net.ipv4.ip_local_reserved_ports"]) return [];
  return [
    make(key, {
      verdict: "warn",
      code: "ports-not-reserved",
      message: {
        en: `Source ports of the host begin at ${ports.from} and none is reserved: an outgoing connection may take the port of a server that is just restarting.`,
        "zh-CN": `主机的源端口从 ${ports.from} 开始，又没有保留任何端口：某个服务重启的间隙，它的端口可能被外出连接占走。`,
      },
      observed,
      expected: "net.ipv4.ip_local_reserved_ports names the ports of servers",
      remedy: [
        {
          purpose: "fix",
          text: {
            en: "Reserve what servers of this host listen on, such as",
            "zh-CN": "保留本机服务监听的端口，例如",
          },
          command: keep("net.ipv4.ip_local_reserved_ports", "6443,8080,10250,30000-32767"),
        },
      ],
    }),
  ];
}

function timeWait(settings: NetworkSettings, place: NetworkPlace, make: Make): Finding[] {
  const key = "net.ipv4.tcp_tw_reuse";
  const findings: Finding[] = [];
  const [reuse, stamps, recycle, waiting] = [
    key,
    "net.ipv4.tcp_timestamps",
    "net.ipv4.tcp_tw_recycle",
    "timeWait",
  ].map((name) => numberAt(settings, name));
  const ports = portsOf(settings);
  const push = (
    verdict: "warn" | "fail",
    code: string,
    message: Text,
    rest: { part: string; observed: string; expected: string; value: string },
  ) =>
    findings.push(
      make(rest.part, {
        verdict,
        code,
        message,
        observed: rest.observed,
        expected: rest.expected,
        remedy: fix(place, rest.part.startsWith("net.") ? rest.part : key, rest.value),
      }),
    );
  if (reuse === 0 || reuse === 2)
    push(
      "warn",
      "tw-reuse-off",
      {
        en: `${place.title.en}: net.ipv4.tcp_tw_reuse = ${reuse} (${reuse === 2 ? "loopback only" : "off"}); a source port in TIME_WAIT rests for a minute. ${waiting ?? "?"} sockets rest now.`,
        "zh-CN": `${place.title["zh-CN"]}：net.ipv4.tcp_tw_reuse = ${reuse}（${reuse === 2 ? "仅环回" : "关闭"}），TIME_WAIT 中的源端口要闲置一分钟。现在有 ${waiting ?? "?"} 个。`,
      },
      { part: key, observed: String(reuse), expected: "1", value: "1" },
    );
  if (reuse === 1 && stamps === 0)
    push(
      "warn",
      "tw-reuse-without-timestamps",
      {
        en: `${place.title.en}: tcp_tw_reuse is on and does nothing, because net.ipv4.tcp_timestamps = 0.`,
        "zh-CN": `${place.title["zh-CN"]}：tcp_tw_reuse 虽已打开，但 net.ipv4.tcp_timestamps = 0，它不起作用。`,
      },
      { part: "net.ipv4.tcp_timestamps", observed: "0", expected: "1", value: "1" },
    );
  if (recycle === 1)
    push(
      "fail",
      "tw-recycle-on",
      {
        en: `${place.title.en}: net.ipv4.tcp_tw_recycle = 1 drops clients that share one address behind NAT. Linux 4.12 took it out.`,
        "zh-CN": `${place.title["zh-CN"]}：net.ipv4.tcp_tw_recycle = 1 会丢掉 NAT 后面共用地址的客户端。Linux 4.12 已移除它。`,
      },
      { part: "net.ipv4.tcp_tw_recycle", observed: "1", expected: "0", value: "0" },
    );
  if (ports && waiting !== null && waiting !== undefined && waiting > ports.count * 0.8)
    push(
      "warn",
      "time-wait-piling-up",
      {
        en: `${place.title.en}: ${waiting} sockets in TIME_WAIT and ${ports.count} source ports: where they lead to one backend, no further connection gets a port.`,
        "zh-CN": `${place.title["zh-CN"]}：TIME_WAIT 有 ${waiting} 个，源端口共 ${ports.count} 个；如果都通向同一后端，新连接就拿不到端口了。`,
      },
      {
        part: "TIME_WAIT",
        observed: String(waiting),
        expected: `≤ ${Math.floor(ports.count * 0.8)}`,
        value: "1",
      },
    );
  return findings;
}
