import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { type DataRoot, type DockerInfo, type Ftypes, type Mounted, mountedAt } from "./data-roots.ts";
import { isUnread, type Unread } from "./need.ts";

type Facts = { mounts: Mounted[]; xfs: Ftypes | Unread; docker: DockerInfo | Unread };

/** They keep layers without overlayfs; the last ones left Docker in 24.0 and 25.0. */
const withoutOverlay = new Set(["vfs", "btrfs", "zfs", "fuse-overlayfs", "native", "devmapper"]);
const removed = new Set(["aufs", "overlay", "devicemapper"]);
const carriesTypes = new Set(["ext4", "ext3", "ext2", "btrfs", "f2fs", "tmpfs", "bcachefs"]);
const unsuitable =
  /^(nfs\d?|cifs|smb3|overlay|aufs|ecryptfs|vfat|exfat|ntfs3?|fuse\..*|fuseblk|9p|squashfs)$/;

export function rootFindings(machine: string, root: DataRoot, facts: Facts): Finding[] {
  const info = root.engine === "docker" && !isUnread(facts.docker) ? facts.docker : null;
  const driver = info?.driver ?? root.driver;
  const subject: Subject = { kind: "host", name: machine, part: root.path };
  if (driver && (withoutOverlay.has(driver) || removed.has(driver))) return [driverFinding(subject, driver)];
  const mount = mountedAt(facts.mounts, root.path);
  if (!mount) return [unreadFinding(subject, { en: "its mount was not found", "zh-CN": "没有找到它的挂载" })];
  return [mountFinding(subject, mount, { ...facts, said: info?.dType ?? null })];
}

function driverFinding(subject: Subject, driver: string): Finding {
  if (driver === "vfs") {
    const message = {
      en: "The engine uses vfs: every layer is a full copy. It is what engines fall back to when overlayfs does not work here.",
      "zh-CN": "引擎在用 vfs：每一层都是完整副本。overlayfs 用不了时，引擎才会退回到它。",
    };
    const rest = { observed: driver, expected: "overlay2" };
    return { verdict: "warn", code: "vfs-driver", subject, message, ...rest };
  }
  if (removed.has(driver)) {
    const message = {
      en: `The storage driver ${driver} no longer exists in current engines: after an upgrade the images and containers here are not seen any more.`,
      "zh-CN": `当前版本的引擎已删除存储驱动 ${driver}：升级后将看不到这里的镜像和容器。`,
    };
    const text = {
      en: "Save what is needed, then move to overlay2",
      "zh-CN": "先导出需要的内容，再换成 overlay2",
    };
    const remedy: RemedyStep[] = [{ purpose: "inspect", text, command: "docker image ls; docker volume ls" }];
    const rest = { observed: driver, expected: "overlay2", remedy };
    return { verdict: "warn", code: "driver-removed", subject, message, ...rest };
  }
  const message = {
    en: `The storage driver ${driver} does not use the kernel's overlayfs.`,
    "zh-CN": `存储驱动 ${driver} 不使用内核的 overlayfs。`,
  };
  return { verdict: "pass", code: "driver-without-overlay", subject, message, observed: driver };
}

function mountFinding(subject: Subject, mount: Mounted, facts: Facts & { said: boolean | null }): Finding {
  const { point, type, source } = mount;
  const observed = `${source} on ${point} type ${type}`;
  if (type !== "xfs") {
    if (unsuitable.test(type)) return unsuitableFinding(subject, type, observed);
    if (facts.said === false) return noType(subject, mount, `${observed}, d_type false`);
    if (!carriesTypes.has(type) && facts.said === null)
      return unreadFinding(subject, {
        en: `whether ${type} carries the type of directory entries is not known here`,
        "zh-CN": `无从得知 ${type} 的目录项是否带类型`,
      });
    return typed(subject, type, observed);
  }
  const ftype = isUnread(facts.xfs) ? null : (facts.xfs.find((one) => one.point === point)?.ftype ?? null);
  const supported = facts.said ?? (ftype === null ? null : ftype === 1);
  const shown = ftype === null ? observed : `${observed}, ftype=${ftype}`;
  if (supported === true && ftype !== 0) return typed(subject, type, shown);
  if (supported === false || ftype === 0) return noType(subject, mount, shown);
  return {
    ...unreadFinding(subject, {
      en: "xfs_info did not say whether it was made with ftype=1",
      "zh-CN": "xfs_info 没有给出 ftype",
    }),
    remedy: [
      {
        purpose: "inspect",
        text: { en: "xfs_info is in the package xfsprogs", "zh-CN": "xfs_info 在 xfsprogs 软件包里" },
        command: `xfs_info ${point} | grep ftype`,
      },
    ],
  };
}

function typed(subject: Subject, type: string, observed: string): Finding {
  const message = {
    en: `Directory entries of ${subject.part} carry their type (${type}): overlayfs works there.`,
    "zh-CN": `${subject.part} 的目录项带有类型（${type}），overlayfs 可以正常工作。`,
  };
  return { verdict: "pass", code: "d-type", subject, message, observed };
}

function noType(subject: Subject, { point, source }: Mounted, observed: string): Finding {
  return {
    verdict: "fail",
    code: "no-d-type",
    subject,
    message: {
      en: `${source} below ${subject.part} was made without directory entry types: deleted files of lower layers come back, files cannot be removed, and engines refuse overlay2 here.`,
      "zh-CN": `${subject.part} 所在的 ${source} 格式化时没有启用目录项类型：下层删掉的文件会重新出现，文件删不掉，引擎也会拒绝 overlay2。`,
    },
    observed,
    expected: "ftype=1",
    remedy: [
      {
        purpose: "inspect",
        text: {
          en: "It cannot be switched on later: move the data away, make the file system anew, move it back",
          "zh-CN": "事后无法打开：先把数据搬走，重新格式化，再搬回来",
        },
        command: `xfs_info ${point} | grep ftype`,
      },
    ],
  };
}

function unsuitableFinding(subject: Subject, type: string, observed: string): Finding {
  const message = {
    en: `${subject.part} lies on ${type}, which overlayfs does not take as its upper layer: containers do not start, or the engine falls back to full copies.`,
    "zh-CN": `${subject.part} 位于 ${type} 上，overlayfs 不能用它做上层：容器起不来，或者引擎退回到完整复制。`,
  };
  const expected = "xfs with ftype=1, ext4, btrfs";
  return { verdict: "fail", code: "unsuitable-file-system", subject, message, observed, expected };
}

function unreadFinding(subject: Subject, why: Text): Finding {
  const message = {
    en: `The file system behind ${subject.part}: ${why.en}.`,
    "zh-CN": `${subject.part} 所在的文件系统：${why["zh-CN"]}。`,
  };
  return { verdict: "unknown", code: "ftype-unread", subject, message };
}

export function moduleFinding(machine: string, filesystems: boolean | Unread): Finding[] {
  if (isUnread(filesystems) || filesystems) return [];
  return [
    {
      verdict: "warn",
      code: "overlay-not-loaded",
      subject: { kind: "host", name: machine, part: "overlay" },
      message: {
        en: "The kernel does not know overlayfs at the moment; engines load the module when they start, unless that is forbidden or it is missing.",
        "zh-CN": "内核目前不认识 overlayfs；引擎启动时会加载模块，除非被禁止或模块不存在。",
      },
      observed: "no overlay in /proc/filesystems",
      remedy: [
        {
          purpose: "fix",
          text: { en: "Load it now and at every start", "zh-CN": "立即加载，并设为开机加载" },
          command: "sudo modprobe overlay && echo overlay | sudo tee /etc/modules-load.d/overlay.conf",
        },
      ],
    },
  ];
}
