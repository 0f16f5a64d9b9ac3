import { z } from "zod";
import type { Finding, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { defineCheck } from "../define-check.ts";
import { containerIdOf } from "../needs/cgroup-names.ts";
import { fixStep, verifyStep } from "../needs/container-init-steps.ts";
import {
  type ContainerInit,
  type ContainerInits,
  type EngineContainer,
  hears,
  initScript,
  parseInits,
  signalNumber,
} from "../needs/container-inits.ts";
import { groupTitle } from "../needs/container-labels.ts";
import { host } from "../needs/host.ts";
import { isUnread, optional } from "../needs/need.ts";
import { param } from "../needs/param.ts";

/**
 * Subject: the host; part: the container.
 * Codes: pid-1-hears (pass, one for all), pid-1-deaf (warn), zombies-not-reaped (warn), processes-unread and
 * pid-1-unclear (unknown).
 * A first process is deaf when it neither catches the stop signal, nor keeps it blocked to wait for it, nor sleeps in
 * sigtimedwait.
 */
export const check = defineCheck({
  id: "host/pid-1-in-containers",
  version: 3,
  title: { en: "What PID 1 of each container really hears", "zh-CN": "各容器的 PID 1 实际能收到的信号" },
  why: {
    en: "Whether the first process of a container hears the signal to stop is not a matter of opinion: the kernel keeps a mask of the signals that it catches. One that does not catch it is killed in the middle of its work, after the grace period.",
    "zh-CN":
      "容器的第一个进程能否收到停止信号，不必靠猜：内核记着它捕获哪些信号的掩码。没有捕获的，等满宽限期后会在处理中途被强杀。",
  },
  remedy: {
    en: "Start the container with the engine's init (docker run --init), put tini into the image, or let the program handle the signal.",
    "zh-CN": "启动时用引擎自带的 init（docker run --init），在镜像里放 tini，或让程序自己处理信号。",
  },
  params: z.object({
    maxZombies: param(z.number().int().min(0).max(100_000).default(10), {
      label: {
        en: "Warn when PID 1 has left more zombies than",
        "zh-CN": "PID 1 未回收的僵尸进程超过多少时警告",
      },
      unit: "{processes}",
    }),
  }),
  needs: {
    machine: host.sysctl("kernel.hostname"),
    asRoot: optional(host.command(["sh", "-c", initScript], parseInits, { sudo: true, timeoutMs: 20_000 })),
    own: optional(host.command(["sh", "-c", `: own; ${initScript}`], parseInits, { timeoutMs: 20_000 })),
  },
  judge: ({ machine, asRoot, own }, { maxZombies }) => {
    const read = !isUnread(asRoot) ? asRoot : isUnread(own) ? null : own;
    if (!read?.visible) return { findings: [unread(machine)] };
    const containers = read.inits.flatMap((init) => {
      const own = containerIdOf(init.group) ?? init.container;
      const engine = read.engine.find(({ id }) => id === own);
      return own ? [{ init, engine: engine ?? null }] : [];
    });
    if (containers.length === 0)
      return {
        skip: { what: "containers", detail: "no container with a process namespace of its own runs here" },
      };
    const findings = containers.flatMap((one) => judged(machine, one, { read, maxZombies }));
    const unclear = containers.filter((one) => heard(one) === null);
    if (unclear.length > 0) findings.push(cannotTell(machine, unclear));
    return {
      findings: findings.length > 0 ? findings : [allHear(machine, containers.length)],
      measurements: [
        { name: "containers", value: containers.length, unit: "{containers}" },
        {
          name: "withEngineInit",
          value: containers.filter(({ engine }) => engine?.init).length,
          unit: "{containers}",
        },
      ],
    };
  },
});

type One = { init: ContainerInit; engine: EngineContainer | null };

/** SIGKILL needs no ear. */
function heard({ init, engine }: One): boolean | null {
  const signal = signalNumber(engine?.stopSignal ?? "");
  return signal === 9 || hears(init, signal);
}

function judged(
  machine: string,
  { init, engine }: One,
  at: { read: ContainerInits; maxZombies: number },
): Finding[] {
  const title: Text = engine
    ? { en: `container ${engine.name}`, "zh-CN": `容器 ${engine.name}` }
    : groupTitle(containerIdOf(init.group) ? init.group : `/${init.container}`, at.read.labels);
  const subject: Subject = { kind: "host", name: machine, part: title.en };
  const findings: Finding[] = [];
  if (heard({ init, engine }) === false)
    findings.push(deaf(subject, title, { init, engine, signal: signalNumber(engine?.stopSignal ?? "") }));
  if (init.zombies > at.maxZombies)
    findings.push({
      verdict: "warn",
      code: "zombies-not-reaped",
      subject,
      message: {
        en: `${title.en}: ${init.program} is PID 1 and has left ${init.zombies} ended processes uncollected; each holds a number until the table is full.`,
        "zh-CN": `${title["zh-CN"]}：PID 1 ${init.program} 有 ${init.zombies} 个已结束的进程没有回收，每个都占着一个进程号，直到用完。`,
      },
      observed: `${init.zombies}`,
      expected: `≤ ${at.maxZombies}`,
      remedy: [fixStep(engine)],
    });
  return findings;
}

function deaf(subject: Subject, title: Text, { init, engine, signal }: One & { signal: number }): Finding {
  const name = signal === 15 ? "SIGTERM" : `signal ${signal}`;
  const zhName = signal === 15 ? "SIGTERM" : `信号 ${signal}`;
  return {
    verdict: "warn",
    code: "pid-1-deaf",
    subject,
    message: {
      en: `${title.en}: PID 1 is ${init.program} (${init.pid} on the host) and does not catch ${name}. It does not stop when asked, and is killed when the grace period is over.`,
      "zh-CN": `${title["zh-CN"]}：PID 1 是 ${init.program}（主机上为 ${init.pid}），没有捕获 ${zhName}。要它停它不停，宽限期一到就被强杀。`,
    },
    observed: `SigCgt ${init.caught}${engine ? `, Init ${engine.init}` : ""}`,
    expected: `bit ${signal - 1} of SigCgt or SigBlk set`,
    remedy: [fixStep(engine), verifyStep(engine)],
  };
}

function allHear(machine: string, count: number): Finding {
  return {
    verdict: "pass",
    code: "pid-1-hears",
    subject: { kind: "host", name: machine, part: "containers" },
    message: {
      en: `The first process of each of ${count} containers hears the signal to stop.`,
      "zh-CN": `${count} 个容器的第一个进程都能收到停止信号。`,
    },
    observed: `${count}`,
  };
}

function cannotTell(machine: string, unclear: readonly One[]): Finding {
  const names = unclear.map(({ init, engine }) => engine?.name ?? `${init.program} (${init.pid})`);
  return {
    verdict: "unknown",
    code: "pid-1-unclear",
    subject: { kind: "host", name: machine, part: "containers" },
    message: {
      en: `Whether the first process hears the signal to stop cannot be told for ${names.length} containers: the kernel showed no mask, or neither a mask nor the call in which their init waits.`,
      "zh-CN": `有 ${names.length} 个容器无法判断第一个进程能否收到停止信号：内核没有给出掩码，或既看不到掩码，也看不到 init 等在哪个调用里。`,
    },
    observed: names.slice(0, 5).join(", "),
  };
}

function unread(machine: string): Finding {
  return {
    verdict: "unknown",
    code: "processes-unread",
    subject: { kind: "host", name: machine, part: "/proc" },
    message: {
      en: "The processes of others cannot be seen (hidepid), or this kernel (before 4.1) does not say which of them is PID 1 of a container.",
      "zh-CN": "看不到其他用户的进程（hidepid），或内核早于 4.1，没有说明哪个是容器的 PID 1。",
    },
  };
}
