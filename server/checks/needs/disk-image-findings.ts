import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, Subject } from "#common/result.ts";
import type { DiskImage, ImageUsers } from "./disk-images.ts";

type Known = Exclude<DiskImage, { error: string }>;
const subjectOf = (path: string): Subject => ({ kind: "host", name: path });

export function inUse(path: string, holders: ImageUsers["open"]): Finding {
  const who = holders.map(({ name, pid }) => `${name} (${pid})`).join(", ");
  return {
    ...{ verdict: "fail", code: "in-use", subject: subjectOf(path), observed: who },
    expected: "no process",
    message: {
      en: `${path} is open in ${who}: a conversion now would catch the disk between two writes.`,
      "zh-CN": `${who} 正打开着 ${path}：此时转换，得到的磁盘会停在两次写入之间。`,
    },
    remedy: [
      {
        purpose: "inspect",
        text: {
          en: "Find the machine, then shut it down from inside.",
          "zh-CN": "找到对应的虚拟机，从系统内正常关机。",
        },
        command: "virsh list --all",
      },
      {
        purpose: "verify",
        text: { en: "Nothing holds the image any more.", "zh-CN": "确认不再有进程打开它。" },
        command: shellCommand("sudo", "fuser", "-v", path),
      },
    ],
  };
}

export function unknownUse(path: string, users: ImageUsers | null): Finding {
  const why =
    users === null
      ? "processes not read"
      : users.blind
        ? "not every process of the machine was to be seen"
        : users.hidden > 0
          ? `${users.hidden} processes whose files are not shown`
          : "files could not be told apart by device and inode";
  return {
    ...{ verdict: "unknown", code: "use-unknown", subject: subjectOf(path), observed: why },
    message: {
      en: `Whether ${path} is in use is not known: processes of other users, or what they hold open, are only for root of the machine itself to see.`,
      "zh-CN": `无法确认 ${path} 是否在用：其他用户的进程以及它们打开的文件，只有这台机器自己的 root 才能看到。`,
    },
    remedy: [
      {
        purpose: "inspect",
        text: { en: "Look as root.", "zh-CN": "以 root 查看。" },
        command: shellCommand("sudo", "fuser", "-v", path),
      },
    ],
  };
}

export function notRead(path: string, reason: string, info: string): Finding {
  const missing = reason === "tool-missing";
  const subject = subjectOf(path);
  if (missing)
    return {
      ...{ verdict: "unknown", code: "tool-missing", subject },
      message: {
        en: "qemu-img is not installed here, so nothing is known about the image.",
        "zh-CN": "这台主机没有安装 qemu-img，无法了解镜像的情况。",
      },
      remedy: [
        {
          purpose: "fix",
          text: {
            en: "On Debian and Ubuntu the package is qemu-utils; on Fedora, RHEL and Alpine it is qemu-img.",
            "zh-CN": "Debian/Ubuntu 的软件包是 qemu-utils，Fedora、RHEL 和 Alpine 是 qemu-img。",
          },
          command: "sudo apt-get install qemu-utils",
        },
      ],
    };
  return {
    ...{ verdict: "unknown", code: "image-unread", subject, observed: reason },
    message: {
      en: `qemu-img could not read ${path}. Images of libvirt usually belong to root or to the user of QEMU.`,
      "zh-CN": `qemu-img 无法读取 ${path}。libvirt 的镜像通常属于 root 或运行 QEMU 的用户。`,
    },
    remedy: [{ purpose: "inspect", text: { en: "Ask as root.", "zh-CN": "以 root 查看。" }, command: info }],
  };
}

/** Format and state; `free` says that nothing else was found so far. */
export function imageFinding(path: string, image: Known, free: boolean): Finding[] {
  const { format, backingFile, corrupt, dirty, snapshots } = image;
  const subject = subjectOf(path);
  const evidence = [{ source: "qemu-img info", excerpt: JSON.stringify(image) }];
  const found: Finding[] = [];
  const say = (verdict: "warn" | "fail", code: string, observed: string, en: string, zh: string) =>
    found.push({ verdict, code, subject, observed, evidence, message: { en, "zh-CN": zh } });
  if (corrupt)
    say(
      "fail",
      "corrupt",
      "corrupt",
      `${path} is marked as corrupt: what it holds cannot be trusted. Check a copy with qemu-img check first.`,
      `${path} 被标记为已损坏，内容不可信。请先用 qemu-img check 检查一份副本。`,
    );
  if (dirty)
    say(
      "warn",
      "dirty",
      "dirty-flag",
      `${path} was not closed properly: its machine was killed, or it is open elsewhere.`,
      `${path} 没有正常关闭：虚拟机是被强制结束的，或者它仍在别处打开着。`,
    );
  if (backingFile !== null)
    say(
      "warn",
      "backing-file",
      backingFile,
      `${path} holds only what differs from ${backingFile}. Converting takes both together; a copy of this file alone is useless.`,
      `${path} 只保存与 ${backingFile} 的差异。转换时两者会合并，单独拷贝这个文件则没有用。`,
    );
  if (snapshots > 0)
    say(
      "warn",
      "snapshots-inside",
      String(snapshots),
      `${path} holds ${snapshots} snapshots inside. A conversion takes the present state only; they are lost in the result.`,
      `${path} 内部有 ${snapshots} 个快照。转换只取当前状态，快照不会进入结果。`,
    );
  const ending = /\.(qcow2|vmdk|vdi|vhdx)$/.exec(path)?.[1];
  if (ending && ending !== format)
    say(
      "warn",
      "name-misleads",
      format,
      `${path} is ${format}, whatever its name says: convert it with -f ${format}.`,
      `${path} 实际是 ${format} 格式，与文件名不符：转换时请用 -f ${format}。`,
    );
  if (found.length > 0 || !free) return found;
  return [
    {
      ...{ verdict: "pass", code: "ready", subject, observed: format, evidence },
      message: {
        en: `${path} is a complete ${format} image and no QEMU process of this host has it open: convert it with -f ${format}.`,
        "zh-CN": `${path} 是完整的 ${format} 镜像，这台主机上没有 QEMU 进程打开它：转换时用 -f ${format}。`,
      },
    },
  ];
}
