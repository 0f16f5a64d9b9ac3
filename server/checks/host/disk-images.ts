import { z } from "zod";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { imageFinding, inUse, notRead, unknownUse } from "../needs/disk-image-findings.ts";
import {
  imageCommand,
  imageUse,
  imageUsersScript,
  parseIdentity,
  parseImage,
  parseImageUsers,
} from "../needs/disk-images.ts";
import { host } from "../needs/host.ts";
import { isUnread, optional } from "../needs/need.ts";
import { param } from "../needs/param.ts";

/**
 * Subject: the image.
 * Codes: ready (pass), in-use and corrupt (fail), backing-file, dirty, snapshots-inside and name-misleads (warn),
 * tool-missing, image-unread and use-unknown (unknown).
 */
export const check = defineCheck({
  id: "host/disk-images",
  version: 2,
  title: { en: "A virtual machine's disk image, before it is moved", "zh-CN": "搬迁之前的虚拟机磁盘镜像" },
  why: {
    en: "An image that is converted while its machine runs is a disk torn in the middle of its writes. One that rests on a backing file is only half there once it is copied alone.",
    "zh-CN": "虚拟机还在运行就转换镜像，得到的是写到一半的磁盘；依赖后端文件的镜像，单独拷走就只剩一半。",
  },
  remedy: {
    en: "Shut the machine down, look at the image with qemu-img, and convert it rather than copy it.",
    "zh-CN": "先关闭虚拟机，用 qemu-img 查看镜像，再做转换，而不是直接拷贝。",
  },
  params: z.object({
    path: param(
      z
        .string()
        .max(200)
        .regex(/^(\/(?!.*\.\.)[\w./@+-]*)?$/)
        .default(""),
      {
        label: { en: "Image", "zh-CN": "镜像文件" },
        help: { en: "Empty: not asked.", "zh-CN": "留空则不查。" },
        placeholder: "/var/lib/libvirt/images/centos-t1.img",
      },
    ),
  }),
  needs: ({ path }) => ({
    image: optional(host.command(imageCommand(path ?? ""), parseImage)),
    real: optional(host.command(["readlink", "-f", path || "/"], ({ stdout }) => stdout.trim())),
    identity: optional(host.command(["stat", "-L", "-c", "%d:%i", "--", path || "/"], parseIdentity)),
    asRoot: optional(host.command(["sh", "-c", imageUsersScript], parseImageUsers, { sudo: true })),
    own: optional(host.command(["sh", "-c", `: own; ${imageUsersScript}`], parseImageUsers)),
  }),
  judge: ({ image, real, identity, asRoot, own }, { path }) => {
    if (path === "") return { skip: { what: "a disk image", detail: "no path is given" } };
    const users = isUnread(asRoot) ? own : asRoot;
    const seen = isUnread(users) ? null : users;
    const itself = { identity: isUnread(identity) ? null : identity, real: isUnread(real) ? null : real };
    const { holders, sure } = imageUse(path, itself, seen);
    const findings: Finding[] = [];
    if (holders.length > 0) findings.push(inUse(path, holders));
    else if (!sure) findings.push(unknownUse(path, seen));
    const info = shellCommand("sudo", "qemu-img", "info", "-U", path);
    if (isUnread(image)) return { findings: [...findings, notRead(path, image.unread.code, info)] };
    if ("error" in image) return { findings: [...findings, notRead(path, image.error, info)] };
    findings.push(...imageFinding(path, image, findings.length === 0));
    return {
      findings,
      measurements: [{ name: "virtual-size", subject: path, value: image.virtualBytes, unit: "By" }],
    };
  },
});
