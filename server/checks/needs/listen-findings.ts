import type { Finding, Measurement } from "#common/result.ts";
import type { ListenSocket } from "./listen-sockets.ts";
import { isUnread, type Unread } from "./need.ts";

type Sources = {
  sockets: ListenSocket[] | null | Unread;
  tcp: ListenSocket[] | Unread;
  tcp6: ListenSocket[] | Unread;
};

/** The listeners from ss, which knows each maximum, or else from /proc, which does not. */
export function listenersOf(sources: Sources): { sockets: ListenSocket[]; findings: Finding[] } {
  const { sockets, tcp, tcp6 } = sources;
  if (!isUnread(sockets) && sockets !== null) return { sockets: fullestOfEach(sockets), findings: [] };
  if (isUnread(tcp)) return { sockets: [], findings: [listenersNotRead(tcp)] };
  // A host without IPv6 has no tcp6; anything else that hides it hides listeners.
  const hidden = isUnread(tcp6) && tcp6.unread.code !== "not-found" ? [listenersNotRead(tcp6)] : [];
  const all = [...tcp, ...(isUnread(tcp6) ? [] : tcp6)];
  return { sockets: fullestOfEach(all), findings: [maximumNotVisible(sockets), ...hidden] };
}

/** Sockets that share an address (SO_REUSEPORT) have a queue each: the fullest speaks for them. */
function fullestOfEach(sockets: ListenSocket[]): ListenSocket[] {
  const byAddress = new Map<string, ListenSocket>();
  for (const socket of sockets) {
    const known = byAddress.get(nameOf(socket));
    if (!known || fullness(socket) > fullness(known)) byAddress.set(nameOf(socket), socket);
  }
  return [...byAddress.values()];
}

function fullness({ current, maximum }: ListenSocket): number {
  return maximum === null ? current : current / Math.max(maximum, 1);
}

function nameOf(socket: ListenSocket): string {
  return `${socket.address}:${socket.port}`;
}

export function queueFinding(socket: ListenSocket, warnPercent: number): Finding {
  const { current, maximum } = socket;
  const name = nameOf(socket);
  const subject = { kind: "host", name: "listener", part: name };
  if (maximum === null) return withoutMaximum(socket, name);
  // The kernel compares with ">", so a queue holds one more than its maximum; at the maximum it is as good as full.
  const full = current >= Math.max(maximum, 1);
  const percent = Math.round((current / Math.max(maximum, 1)) * 100);
  const filling = percent > warnPercent;
  return {
    verdict: full ? "fail" : filling ? "warn" : "pass",
    code: full ? "queue-full" : filling ? "queue-filling" : "queue-has-room",
    subject,
    message: {
      en: `${name} has ${current} of ${maximum} connections waiting to be accepted.`,
      "zh-CN": `${name} 有 ${current} 个连接在等待 accept，上限 ${maximum}。`,
    },
    observed: `${current} of ${maximum} (${percent} %)`,
    expected: `≤ ${warnPercent} %`,
    ...(full || filling
      ? {
          remedy: [
            {
              purpose: "inspect" as const,
              text: { en: "See whose queue it is", "zh-CN": "查看是哪个进程的队列" },
              command: `ss -lntp 'sport = :${socket.port}'`,
            },
          ],
        }
      : {}),
  };
}

function withoutMaximum({ current, port }: ListenSocket, name: string): Finding {
  const empty = current === 0;
  return {
    verdict: empty ? "pass" : "unknown",
    code: empty ? "queue-empty" : "queue-maximum-unknown",
    subject: { kind: "host", name: "listener", part: name },
    message: empty
      ? { en: `${name} has no connection waiting.`, "zh-CN": `${name} 没有等待中的连接。` }
      : {
          en: `${name} has ${current} connections waiting; how many port ${port} may hold is not visible without ss.`,
          "zh-CN": `${name} 有 ${current} 个连接在等待；没有 ss，看不到端口 ${port} 的上限。`,
        },
    observed: String(current),
  };
}

export function queueMeasurements(socket: ListenSocket, warnPercent: number): Measurement[] {
  const subject = nameOf(socket);
  const current = { name: "acceptQueue", subject, value: socket.current, unit: "{connections}" };
  if (socket.maximum === null) return [current];
  const warn = { above: (socket.maximum * warnPercent) / 100 };
  const fail = { above: Math.max(socket.maximum, 1) - 1 };
  return [
    { ...current, warn, fail },
    { name: "acceptQueueMaximum", subject, value: socket.maximum, unit: "{connections}" },
  ];
}

function maximumNotVisible(sockets: null | Unread | ListenSocket[]): Finding {
  const why = isUnread(sockets) ? sockets.unread.code : "ss failed";
  return {
    verdict: "pass",
    code: "maximum-not-visible",
    subject: { kind: "host", name: "listener", part: "ss" },
    message: {
      en: `ss could not be used (${why}): the queues are read from /proc/net/tcp, which does not show their maximum.`,
      "zh-CN": `无法使用 ss（${why}）：队列改从 /proc/net/tcp 读取，其中看不到上限。`,
    },
    observed: why,
  };
}

function listenersNotRead(fact: Unread): Finding {
  return {
    verdict: "unknown",
    code: "listeners-not-read",
    subject: { kind: "host", name: "listener", part: fact.unread.what },
    message: {
      en: `The listening sockets could not be read (${fact.unread.code}): ${fact.unread.what}.`,
      "zh-CN": `无法读取监听套接字（${fact.unread.code}）：${fact.unread.what}。`,
    },
  };
}
