import type { Finding } from "#common/result.ts";
import type { ProxyGroup } from "./proxy-networks.ts";

export type OpenFiles = { open: number; max: number } | null;

/** "open, free (always 0), the maximum"; the largest number there is means no limit. */
export function parseFileNr(text: string): OpenFiles {
  const [open, , max] = text.trim().split(/\s+/).map(Number);
  if (open === undefined || !max) return null;
  return { open, max: Math.min(max, Number.MAX_SAFE_INTEGER) };
}

export function fileFindings(machine: string, files: OpenFiles, minFileMax: number): Finding[] {
  if (!files) return [];
  const subject = { kind: "host", name: machine, part: "fs.file-max" };
  const percent = Math.round((files.open / files.max) * 100);
  const findings: Finding[] = [];
  if (files.max < minFileMax)
    findings.push({
      verdict: "warn",
      code: "file-max-low",
      subject,
      message: {
        en: `fs.file-max = ${files.max} is the limit of the whole machine, and each proxied request holds two files.`,
        "zh-CN": `fs.file-max = ${files.max} 是整台机器的上限，而每个被代理的请求要占两个文件句柄。`,
      },
      observed: String(files.max),
      expected: `≥ ${minFileMax}`,
      remedy: [
        {
          purpose: "fix",
          text: {
            en: "On the host, never from a pod: it holds for all of them",
            "zh-CN": "在主机上改，不要从 Pod 里改：它对所有 Pod 生效",
          },
          command: `echo 'fs.file-max = ${minFileMax}' | sudo tee /etc/sysctl.d/90-file-max.conf && sudo sysctl --system`,
        },
      ],
    });
  if (percent >= 80)
    findings.push({
      verdict: percent >= 95 ? "fail" : "warn",
      code: "files-nearly-gone",
      subject,
      message: {
        en: `${files.open} of ${files.max} files are open on the machine (${percent} %): beyond that nothing can be opened, by anybody but root.`,
        "zh-CN": `机器上已打开 ${files.open} 个文件，上限 ${files.max}（${percent}%）：用完后除 root 外谁都打不开新文件。`,
      },
      observed: `${percent} %`,
      expected: "below 80 %",
    });
  return findings;
}

export function proxyFileFindings(machine: string, group: ProxyGroup, minNofile: number): Finding[] {
  const { name, nofile, open, pids } = group;
  if (nofile === null) return [];
  const subject = { kind: "host", name: machine, part: `nofile of ${name} (${pids[0] ?? "?"})` };
  const percent = Math.round((open / nofile) * 100);
  const findings: Finding[] = [];
  if (nofile < minNofile)
    findings.push({
      verdict: "warn",
      code: "nofile-low",
      subject,
      message: {
        en: `${name} (${pids.slice(0, 3).join(", ")}) may open ${nofile} files: half as many requests at a time, whatever its own configuration says.`,
        "zh-CN": `${name}（${pids.slice(0, 3).join("、")}）最多打开 ${nofile} 个文件：同时处理的请求只有一半那么多，不管它自己的配置怎么写。`,
      },
      observed: String(nofile),
      expected: `≥ ${minNofile}`,
      remedy: [
        {
          purpose: "fix",
          text: {
            en: "worker_rlimit_nofile of nginx, LimitNOFILE= of a unit, the runtime's ulimits of a container; then restart it",
            "zh-CN":
              "nginx 用 worker_rlimit_nofile，systemd 单元用 LimitNOFILE=，容器用运行时的 ulimit；然后重启",
          },
        },
        {
          purpose: "verify",
          text: { en: "What holds for the process", "zh-CN": "看进程实际的限制" },
          command: `grep 'open files' /proc/${pids.at(-1) ?? 0}/limits`,
        },
      ],
    });
  if (percent >= 80)
    findings.push({
      verdict: percent >= 95 ? "fail" : "warn",
      code: "proxy-files-nearly-gone",
      subject,
      message: {
        en: `${name} has ${open} of ${nofile} files open (${percent} %): at the limit it takes no more connections.`,
        "zh-CN": `${name} 已打开 ${open} 个文件，上限 ${nofile}（${percent}%）：到顶后不再接受连接。`,
      },
      observed: `${percent} %`,
      expected: "below 80 %",
    });
  return findings;
}
