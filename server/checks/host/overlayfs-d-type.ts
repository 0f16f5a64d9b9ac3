import { z } from "zod";
import type { Finding } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { moduleFinding, rootFindings } from "../needs/d-type-findings.ts";
import {
  dataRoots,
  parseDockerConfig,
  parseDockerInfo,
  parseMounts,
  parseTomlConfig,
  parseXfsInfo,
  xfsInfoOfAll,
} from "../needs/data-roots.ts";
import { host } from "../needs/host.ts";
import { optional } from "../needs/need.ts";
import { param } from "../needs/param.ts";

const plainTarget = (target: string) => target;

/**
 * Subject: the host; part: the data root, the module or the configuration file.
 * Codes: d-type and driver-without-overlay (pass), no-d-type and unsuitable-file-system (fail), vfs-driver,
 * driver-removed and overlay-not-loaded (warn), config-malformed (fail), ftype-unread (unknown).
 */
export const check = defineCheck({
  id: "host/overlayfs-d-type",
  version: 1,
  title: { en: "The file system under overlayfs", "zh-CN": "overlayfs 底层的文件系统" },
  why: {
    en: "overlayfs tells deleted files by the type in a directory entry. An XFS made without it looks healthy and loses deletions: files come back, folders cannot be removed, and newer engines do not start.",
    "zh-CN":
      "overlayfs 靠目录项里的类型识别被删除的文件。没有这个字段的 XFS 看上去正常，却会“丢掉”删除：文件又冒出来，目录删不掉，较新的引擎干脆起不来。",
  },
  remedy: {
    en: "Move the data to another file system, make this one anew with ftype=1, and move the data back.",
    "zh-CN": "把数据搬到别的文件系统，用 ftype=1 重新格式化，再搬回来。",
  },
  params: z.object({
    path: param(
      z
        .string()
        .max(200)
        .regex(/^(\/(?!.*\.\.)[\w./-]*)?$/)
        .default(""),
      {
        label: { en: "Data root", "zh-CN": "数据目录" },
        help: {
          en: "Empty: where Docker, containerd and Podman keep theirs.",
          "zh-CN": "留空：Docker、containerd、Podman 各自的目录。",
        },
        placeholder: "/data/docker",
      },
    ),
  }),
  needs: {
    machine: host.sysctl("kernel.hostname"),
    mounts: host.file("/proc/self/mountinfo", parseMounts),
    xfs: optional(host.command(xfsInfoOfAll, parseXfsInfo)),
    overlay: optional(host.file("/proc/filesystems", (text) => /^nodev\s+overlay$/m.test(text))),
    folders: host.stats("/var/lib/*"),
    links: host.links("/var/lib/*", plainTarget),
    dockerConfig: optional(host.file("/etc/docker/daemon.json", parseDockerConfig)),
    containerdConfig: optional(host.file("/etc/containerd/config.toml", parseTomlConfig)),
    storageConfig: optional(host.file("/etc/containers/storage.conf", parseTomlConfig)),
    docker: optional(
      host.command(["docker", "info", "--format", "{{.Driver}} {{json .DriverStatus}}"], parseDockerInfo, {
        sudo: true,
      }),
    ),
  },
  judge: ({ machine, mounts, xfs, overlay, folders, links, docker, ...configs }, { path }) => {
    const { dockerConfig, containerdConfig, storageConfig } = configs;
    const found = dataRoots({
      ...{ folders, links, docker: dockerConfig },
      ...{ containerd: containerdConfig, containers: storageConfig },
    });
    const roots =
      path === "" ? found : [{ engine: "asked", path: path.replace(/(.)\/+$/, "$1"), driver: null }];
    const broken: Finding[] = dockerConfig === "malformed" ? [malformed(machine)] : [];
    if (roots.length + broken.length === 0)
      return { skip: { what: "no data of Docker, containerd or Podman on this host" } };
    return {
      findings: [
        ...broken,
        ...roots.flatMap((root) => rootFindings(machine, root, { mounts, xfs, docker })),
        ...moduleFinding(machine, overlay),
      ],
    };
  },
});

function malformed(machine: string): Finding {
  return {
    verdict: "fail",
    code: "config-malformed",
    subject: { kind: "host", name: machine, part: "/etc/docker/daemon.json" },
    message: {
      en: "/etc/docker/daemon.json is not JSON: Docker does not start with it, and where its data is to lie cannot be read.",
      "zh-CN": "/etc/docker/daemon.json 不是合法的 JSON：Docker 无法启动，也读不出数据目录。",
    },
    remedy: [
      {
        purpose: "inspect",
        text: { en: "Find the place", "zh-CN": "找出出错的位置" },
        command: "jq . /etc/docker/daemon.json",
      },
    ],
  };
}
