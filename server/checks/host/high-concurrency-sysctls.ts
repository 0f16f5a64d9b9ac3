import { z } from "zod";
import type { Finding, Measurement } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { defineCheck } from "../define-check.ts";
import { groupTitle } from "../needs/container-labels.ts";
import { host } from "../needs/host.ts";
import { isUnread, optional, type Unread } from "../needs/need.ts";
import { param } from "../needs/param.ts";
import {
  fileFindings,
  type OpenFiles,
  parseFileNr,
  proxyFileFindings,
} from "../needs/proxy-file-findings.ts";
import {
  type NetworkSettings,
  networkKeys,
  type ProxyGroup,
  type ProxyNetworks,
  parseProxyNetworks,
  proxyGroups,
  proxyScript,
} from "../needs/proxy-networks.ts";
import { networkFindings, portsOf } from "../needs/proxy-setting-findings.ts";

const hostKeys = networkKeys.map((key) => [key, optional(host.sysctl(key))] as const);

/**
 * Subject: the host; part: the parameter and whose network it is of, or the proxy.
 * Codes: settings-fit, no-proxy (pass), somaxconn-low, port-range-narrow, ports-not-reserved, tw-reuse-off,
 * tw-reuse-without-timestamps, time-wait-piling-up (warn), tw-recycle-on (fail), file-max-low (warn),
 * files-nearly-gone (warn, fail), nofile-low (warn), proxy-files-nearly-gone (warn, fail); network-unread,
 * proxies-unread (unknown).
 */
export const check = defineCheck({
  id: "host/high-concurrency-sysctls",
  version: 1,
  title: { en: "Kernel settings of busy proxies", "zh-CN": "高并发代理的内核参数" },
  why: {
    en: "A proxy runs out of queue places, source ports or open files long before it runs out of processor. Those limits belong to the network namespace that it runs in, which is seldom the host's, so the host's sysctl shows the wrong numbers.",
    "zh-CN":
      "代理往往 CPU 还空着，排队位置、源端口或文件句柄就先用完了。这些上限属于它所在的网络命名空间，多半不是主机的，因此在主机上看 sysctl 看到的是别人的数字。",
  },
  remedy: {
    en: "Set net. parameters for the pod that the proxy runs in, fs. parameters on the host, and its limit of open files where it is started.",
    "zh-CN": "net. 开头的参数设在代理所在的 Pod 上，fs. 开头的设在主机上，文件句柄上限设在启动它的地方。",
  },
  params: z.object({
    minSomaxconn: param(z.number().int().min(128).max(65_535).default(65_535), {
      label: { en: "Warn when net.core.somaxconn is below", "zh-CN": "net.core.somaxconn 低于则警告" },
      unit: "{connections}",
    }),
    minPorts: param(z.number().int().min(1000).max(65_000).default(64_000), {
      label: { en: "Warn when there are fewer source ports than", "zh-CN": "源端口少于则警告" },
      unit: "{ports}",
    }),
    minFileMax: param(z.number().int().min(1024).max(100_000_000).default(1_048_576), {
      label: { en: "Warn when fs.file-max is below", "zh-CN": "fs.file-max 低于则警告" },
      unit: "{files}",
    }),
    minNofile: param(z.number().int().min(1024).max(100_000_000).default(65_536), {
      label: { en: "Warn when a proxy may open fewer files than", "zh-CN": "代理可打开的文件数低于则警告" },
      unit: "{files}",
    }),
  }),
  needs: {
    machine: host.sysctl("kernel.hostname"),
    files: optional(host.file("/proc/sys/fs/file-nr", parseFileNr)),
    asRoot: optional(
      host.command(["sh", "-c", proxyScript], parseProxyNetworks, { sudo: true, timeoutMs: 20_000 }),
    ),
    own: optional(
      host.command(["sh", "-c", `: own; ${proxyScript}`], parseProxyNetworks, { timeoutMs: 20_000 }),
    ),
    ...Object.fromEntries(hostKeys),
  },
  judge: (facts, params) => {
    const { machine, asRoot, own } = facts;
    const read: ProxyNetworks | null = !isUnread(asRoot) ? asRoot : isUnread(own) ? null : own;
    const values = facts as unknown as Record<string, string | Unread>;
    const hostSettings: NetworkSettings = Object.fromEntries(
      networkKeys.flatMap((key) => {
        const value = values[key];
        return value === undefined || isUnread(value) ? [] : [[key, value]];
      }),
    );
    const groups = read ? proxyGroups(read.proxies) : [];
    const judged = groups.map((group) => judgeGroup(group, { machine, read, hostSettings, params }));
    const files: OpenFiles | null = isUnread(facts.files) ? null : facts.files;
    const findings: Finding[] = [
      ...unique(judged.flat()),
      ...(groups.length > 0 ? fileFindings(machine, files, params.minFileMax) : []),
    ];
    if (!read) findings.push(unread(machine, "proxies-unread", "/proc"));
    else if (groups.length === 0) findings.push(noProxy(machine, hostSettings, files));
    else if (findings.length === 0) findings.push(fitting(machine, groups));
    return { findings, measurements: measurements(hostSettings, files, read) };
  },
});

type At = {
  machine: string;
  read: ProxyNetworks | null;
  hostSettings: NetworkSettings;
  params: { minSomaxconn: number; minPorts: number; minNofile: number };
};

function judgeGroup(group: ProxyGroup, { machine, read, hostSettings, params }: At): Finding[] {
  const isHost = group.network !== null && group.network === read?.host;
  const title: Text = isHost
    ? { en: "network of the host", "zh-CN": "主机网络" }
    : placeOf(group, groupTitle(group.group, read?.labels ?? []));
  const entered = group.network ? read?.settings[group.network] : undefined;
  const settings = isHost ? { ...hostSettings, ...entered } : (entered ?? {});
  const files = proxyFileFindings(machine, group, params.minNofile);
  if (Object.keys(settings).length === 0) {
    const pids = group.pids.slice(0, 3).join(", ");
    return [...files, unread(machine, "network-unread", `${group.name} (${pids})`)];
  }
  return [...files, ...networkFindings(settings, { machine, title, host: isHost }, params)];
}

function placeOf({ name, group, pids: [pid] }: ProxyGroup, title: Text): Text {
  if (group === "/") return { en: `${name} (${pid})`, "zh-CN": `${name}（${pid}）` };
  return { en: `${name} in ${title.en}`, "zh-CN": `${title["zh-CN"]} 里的 ${name}` };
}

/** Two programs in one network are judged by the same settings: once is enough. */
function unique(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((one) => [`${one.code}\t${one.subject.part}`, one])).values()];
}

function noProxy(machine: string, settings: NetworkSettings, files: OpenFiles | null): Finding {
  const ports = settings["net.ipv4.ip_local_port_range"]?.replace(/\s+/, "-") ?? "?";
  return {
    verdict: "pass",
    code: "no-proxy",
    subject: { kind: "host", name: machine, part: "network" },
    message: {
      en: "No proxy (nginx, HAProxy, Envoy, Traefik …) runs here: the host's settings are shown and not judged.",
      "zh-CN": "这里没有运行代理（nginx、HAProxy、Envoy、Traefik 等）：只列出主机参数，不作判断。",
    },
    observed: `somaxconn ${settings["net.core.somaxconn"] ?? "?"}, ports ${ports}, tcp_tw_reuse ${settings["net.ipv4.tcp_tw_reuse"] ?? "?"}, file-max ${files?.max ?? "?"}`,
  };
}

function fitting(machine: string, groups: readonly ProxyGroup[]): Finding {
  const names = [...new Set(groups.map(({ name }) => name))].sort().join(", ");
  return {
    verdict: "pass",
    code: "settings-fit",
    subject: { kind: "host", name: machine, part: "network" },
    message: {
      en: `${names}: queue, source ports, reuse and open files are as many connections need them, in each network that one of them is in.`,
      "zh-CN": `${names}：所在的每个网络里，队列、源端口、TIME_WAIT 重用和文件句柄都能满足高并发。`,
    },
  };
}

function unread(machine: string, code: string, part: string): Finding {
  return {
    verdict: "unknown",
    code,
    subject: { kind: "host", name: machine, part },
    message: {
      en: `${part}: the settings of its network are seen by root alone, with the sudoers lines of the host's page and nsenter installed.`,
      "zh-CN": `${part}：它所在网络的参数只有 root 看得到，需要主机页面的 sudoers 配置，并装有 nsenter。`,
    },
  };
}

function measurements(
  settings: NetworkSettings,
  files: OpenFiles | null,
  read: ProxyNetworks | null,
): Measurement[] {
  const somaxconn = Number(settings["net.core.somaxconn"]);
  const ports = portsOf(settings);
  return [
    ...(somaxconn > 0 ? [{ name: "somaxconn", value: somaxconn, unit: "{connections}" }] : []),
    ...(ports ? [{ name: "sourcePorts", value: ports.count, unit: "{ports}" }] : []),
    ...(files ? [{ name: "openFiles", value: files.open, unit: "{files}" }] : []),
    ...(read ? [{ name: "proxies", value: read.proxies.length, unit: "{processes}" }] : []),
  ];
}
