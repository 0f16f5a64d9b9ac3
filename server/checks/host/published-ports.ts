import { z } from "zod";
import type { Finding, Subject } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { host } from "../needs/host.ts";
import { isUnread, optional, type Unread } from "../needs/need.ts";
import { claimedTwice } from "../needs/port-claims.ts";
import { containerFindings } from "../needs/published-port-findings.ts";
import { type DockerPorts, parseDockerPorts, publishedPortsScript } from "../needs/published-ports.ts";

/**
 * Subject: the host; part: the container.
 * Codes: as-configured (pass), not-loaded (fail), edited-not-read, running-differs, not-listening and port-claimed-twice
 * (warn), file-unread, engine-silent, read-in-part and root-needed (unknown).
 */
export const check = defineCheck({
  id: "host/published-ports",
  version: 1,
  title: { en: "Published ports of Docker's containers", "zh-CN": "Docker 容器发布的端口" },
  why: {
    en: "A container's ports stand in three places: in its files, in the engine's memory and in what runs. Edited by hand they part, and the next restart decides which one wins.",
    "zh-CN":
      "容器的端口记在三处：它的文件、引擎的内存、正在运行的状态。手工改过之后三者会不一致，下次重启才见分晓。",
  },
  remedy: {
    en: "Make the container anew with the ports wanted; edit its files only while the engine and its socket are stopped.",
    "zh-CN": "按想要的端口重新创建容器；非改文件不可时，先停掉引擎和它的 socket。",
  },
  params: z.object({}),
  needs: {
    machine: host.sysctl("kernel.hostname"),
    present: optional(
      host.command(
        [
          "sh",
          "-c",
          "command -v dockerd docker; [ -e /var/lib/docker ] && echo data; [ -S /run/docker.sock ] && echo socket; :",
        ],
        ({ stdout }) => stdout.trim() !== "",
      ),
    ),
    ports: optional(
      host.command(["sh", "-c", publishedPortsScript], parseDockerPorts, { sudo: true, timeoutMs: 20_000 }),
    ),
  },
  judge: ({ machine, present, ports }) => {
    const none = { skip: { what: "no containers of Docker on this host" } };
    if (isUnread(ports)) return present === false ? none : { findings: [rootNeeded(machine, ports)] };
    if (ports.root === null) return none;
    const findings = judged(machine, ports);
    return {
      findings: findings.length > 0 ? findings : [asConfigured(machine, ports)],
      measurements: [{ name: "containers", value: ports.files.length, unit: "{containers}" }],
    };
  },
});

function judged(machine: string, ports: DockerPorts): Finding[] {
  const twice = claimedTwice(machine, ports);
  // An engine that names no container at all did not answer the second question.
  const silent = !ports.answers || (ports.known.length === 0 && ports.files.length > 0);
  if (silent) return [...twice, engineSilent(machine, ports)];
  const each = ports.files.flatMap((file) => containerFindings(machine, file, ports));
  return [...each, ...twice, ...(ports.whole ? [] : [inPart(machine)])];
}

function asConfigured(machine: string, { files, known }: DockerPorts): Finding {
  const published = known.flatMap((one) => one.published).length;
  return {
    ...{ verdict: "pass", code: "as-configured", subject: { kind: "host", name: machine, part: "docker" } },
    message: {
      en: `The files of ${files.length} containers, the engine and what runs agree on every published port.`,
      "zh-CN": `${files.length} 个容器的文件、引擎的配置和实际运行的端口全部一致。`,
    },
    observed: `${files.length} containers, ${published} published places`,
  };
}

function engineSilent(machine: string, { root, files }: DockerPorts): Finding {
  return {
    ...{
      verdict: "unknown",
      code: "engine-silent",
      subject: { kind: "host", name: machine, part: "docker" },
    },
    message: {
      en: `The engine does not answer. The files of ${files.length} containers below ${root} were read, but what runs is not known.`,
      "zh-CN": `引擎没有应答。读到了 ${root} 下 ${files.length} 个容器的文件，但不知道实际运行的情况。`,
    },
    remedy: [
      {
        purpose: "inspect",
        text: { en: "See whether it runs", "zh-CN": "看看它是否在运行" },
        command: "systemctl status docker.service docker.socket",
      },
    ],
  };
}

function inPart(machine: string): Finding {
  const message = {
    en: "The reading ended before everything was listed, so containers may be missing in it.",
    "zh-CN": "读取中途结束，可能有容器没有列出。",
  };
  const subject: Subject = { kind: "host", name: machine, part: "docker" };
  return { verdict: "unknown", code: "read-in-part", subject, message };
}

function rootNeeded(machine: string, { unread }: Unread): Finding {
  return {
    ...{ verdict: "unknown", code: "root-needed", subject: { kind: "host", name: machine, part: "docker" } },
    message: {
      en: `Containers' files are for root alone and were not read (${unread.code}). The host's page has the sudoers lines that allow this one reading.`,
      "zh-CN": `容器的文件只有 root 能读，这次没有读到（${unread.code}）。主机页面给出了只放行这一次读取的 sudoers 配置。`,
    },
    ...(unread.detail ? { observed: unread.detail } : {}),
  };
}
