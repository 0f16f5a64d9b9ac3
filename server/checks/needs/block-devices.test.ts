import { expect, test } from "vitest";
import { disksBehind, mountOf, parseElevator, parseScheduler } from "./block-devices.ts";

test.each([
  [
    "[mq-deadline] kyber bfq none\n",
    { active: "mq-deadline", available: ["mq-deadline", "kyber", "bfq", "none"] },
  ],
  ["noop deadline [cfq] \n", { active: "cfq", available: ["noop", "deadline", "cfq"] }],
  ["none\n", { active: "none", available: ["none"] }],
  ["\n", null],
])("the scheduler of %j", (text, choice) => expect(parseScheduler(text)).toEqual(choice));

test.each([
  ["root=/dev/sda1 ro elevator=deadline quiet\n", "deadline"],
  ["elevator=cfq ro elevator=noop\n", "noop"],
  ["root=/dev/sda1 ro\n", null],
  ["ro my.elevator=x elevator=\n", null],
  ["ro -- elevator=for-init\n", null],
])("elevator= of %j", (text, value) => expect(parseElevator(text)).toBe(value));

const mountinfo = String.raw`25 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw
40 25 253:1 / /var/lib rw - xfs /dev/mapper/vg-lib rw
41 40 0:40 / /var/lib/my\040data rw - tmpfs tmpfs rw
42 40 8:17 / /var/lib rw - ext4 /dev/sdb1 rw
`;

test.each([
  ["/etc", "/dev/sda2"],
  ["/var/library", "/dev/sda2"],
  ["/var/lib/mysql", "/dev/sdb1"],
  ["/var/lib/my data/x", "tmpfs"],
])("%s lies on %s", (path, source) => expect(mountOf(mountinfo, path)?.source).toBe(source));

const link = (path: string, value: string) => ({ path, value });
const stack = {
  places: [
    link("/sys/block/nvme0n1", "../devices/pci0000:00/0000:3d:00.0/nvme/nvme0/nvme0n1"),
    link("/sys/block/sda", "../devices/pci0000:00/ata1/host0/target0:0:0/0:0:0:0/block/sda"),
    link("/sys/block/sdb", "../devices/pci0000:00/ata2/host1/target1:0:0/1:0:0:0/block/sdb"),
    link("/sys/block/md0", "../devices/virtual/block/md0"),
    link("/sys/block/dm-0", "../devices/virtual/block/dm-0"),
  ],
  numbers: [
    link("/sys/dev/block/259:1", "../../devices/pci0000:00/0000:3d:00.0/nvme/nvme0/nvme0n1/nvme0n1p1"),
    link("/sys/dev/block/8:1", "../../devices/pci0000:00/ata1/host0/target0:0:0/0:0:0:0/block/sda/sda1"),
    link("/sys/dev/block/8:17", "../../devices/pci0000:00/ata2/host1/target1:0:0/1:0:0:0/block/sdb/sdb1"),
    link("/sys/dev/block/9:0", "../../devices/virtual/block/md0"),
    link("/sys/dev/block/253:0", "../../devices/virtual/block/dm-0"),
  ],
  slaves: [
    link("/sys/block/dm-0/slaves/md0", "../../md0"),
    link(
      "/sys/block/md0/slaves/sda1",
      "../../../../pci0000:00/ata1/host0/target0:0:0/0:0:0:0/block/sda/sda1",
    ),
    link(
      "/sys/block/md0/slaves/sdb1",
      "../../../../pci0000:00/ata2/host1/target1:0:0/1:0:0:0/block/sdb/sdb1",
    ),
  ],
};

test.each([
  ["a partition of an NVMe disk", "259:1", "/dev/nvme0n1p1", ["nvme0n1"]],
  ["LVM on RAID on partitions", "253:0", "/dev/mapper/x", ["sda", "sdb"]],
  ["a number of its own, as btrfs has", "0:31", "/dev/sdb1", ["sdb"]],
  ["memory", "0:40", "tmpfs", []],
])("the disks behind %s", (_, device, source, disks) =>
  expect(disksBehind({ point: "/", device, source }, stack)).toEqual(disks),
);
