import type { Unread } from "./need.ts";
import { isUnread } from "./need.ts";

/** "[mq-deadline] kyber none" of queue/scheduler; null where it lists none. */
export type SchedulerChoice = { active: string; available: string[] } | null;

export function parseScheduler(text: string): SchedulerChoice {
  const words = text.trim().split(/\s+/).filter(Boolean);
  const active = words.find((word) => /^\[.+\]$/.test(word)) ?? (words.length === 1 ? words[0] : undefined);
  if (!active) return null;
  return { active: bare(active), available: words.map(bare) };
}

const bare = (word: string) => word.replace(/^\[(.+)\]$/, "$1");

/** What `elevator=` of the boot parameters asks for: the last one counts. */
export function parseElevator(cmdline: string): string | null {
  const [own = ""] = cmdline.split(/\s--(?:\s|$)/);
  const values = own.split(/\s+/).filter((word) => word.startsWith("elevator="));
  return values.at(-1)?.slice("elevator=".length) || null;
}

export type Mount = { point: string; device: string; source: string };

/** The mount of /proc/self/mountinfo that a path lies on: the longest mount point, and the last mounted there. */
export function mountOf(mountinfo: string, path: string): Mount | null {
  let best: Mount | null = null;
  for (const line of mountinfo.split("\n")) {
    const [, , device, , point] = line.split(" ");
    const source = / - \S+ (\S+)/.exec(line)?.[1];
    if (!device || !point || !source) continue;
    const plain = point.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(parseInt(code, 8)));
    const holds = plain === "/" || path === plain || path.startsWith(`${plain}/`);
    if (holds && plain.length >= (best?.point.length ?? 0)) best = { point: plain, device, source };
  }
  return best;
}

export type Disk = {
  name: string;
  scheduler: SchedulerChoice;
  rotational: boolean | null;
  /** requests the block layer may hold */
  requests: number | null;
  /** commands the device takes at once, where a SCSI host says so */
  depth: number | null;
  /** null for a disk of this machine */
  lentBy: string | null;
  /** made by the kernel itself: loop, RAID, LVM, memory */
  made: boolean;
};

type Per<Value> = { path: string; value: Value }[];
export type DiskFacts = {
  schedulers: Per<SchedulerChoice>;
  rotational: Per<number> | Unread;
  requests: Per<number> | Unread;
  depths: Per<number> | Unread;
  vendors: Per<string> | Unread;
  places: Per<string>;
};

/** All disks by name, partitions not among them. */
export function disksOf(facts: DiskFacts): Disk[] {
  return facts.places
    .map(({ path, value }) => ({ name: path.slice("/sys/block/".length), place: value }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, place }) => ({
      name,
      scheduler: valueFor(facts.schedulers, name) ?? null,
      rotational: flag(valueFor(facts.rotational, name)),
      requests: valueFor(facts.requests, name) ?? null,
      depth: valueFor(facts.depths, name) ?? null,
      lentBy: lender(place, valueFor(facts.vendors, name) ?? ""),
      made: place.includes("/devices/virtual/block/"),
    }));
}

function valueFor<Value>(fact: Per<Value> | Unread, name: string): Value | undefined {
  return isUnread(fact) ? undefined : fact.find(({ path }) => path.startsWith(`/sys/block/${name}/`))?.value;
}

const flag = (value: number | undefined) => (value === undefined ? null : value === 1);

/** Who lends a virtual disk, by the bus it hangs on or by the maker it names. */
function lender(place: string, vendor: string): string | null {
  if (/\/virtio\d+\//.test(place)) return "virtio";
  if (/\/vbd-/.test(place)) return "Xen";
  if (/\/vmbus/i.test(place)) return "Hyper-V";
  return /^(VMware|QEMU|VBOX|Msft|Google|Amazon)\b/i.exec(vendor.trim())?.[1] ?? null;
}

type Stack = { places: Per<string>; numbers: Per<string>; slaves: Per<string> };

/** Which disks carry a mount, down through LVM, RAID and encryption to the last; none that is found: []. */
export function disksBehind({ device, source }: Mount, stack: Stack): string[] {
  const names = new Set(stack.places.map(({ path }) => lastPart(path)));
  const byNumber = stack.numbers.find(({ path }) => lastPart(path) === device);
  const byName = stack.numbers.find(({ value }) => source === `/dev/${lastPart(value)}`);
  const disk = diskAt((byNumber ?? byName)?.value, names);
  return disk ? [...new Set(descend(disk, names, stack, []))].sort() : [];
}

function descend(disk: string, names: Set<string>, stack: Stack, seen: readonly string[]): string[] {
  if (seen.includes(disk)) return [];
  const below = stack.slaves.filter(({ path }) => path.startsWith(`/sys/block/${disk}/slaves/`));
  if (below.length === 0) return [disk];
  return below.flatMap(({ path }) => {
    const place = stack.numbers.find(({ value }) => lastPart(value) === lastPart(path))?.value;
    const next = diskAt(place, names);
    return next ? descend(next, names, stack, [...seen, disk]) : [];
  });
}

const lastPart = (path: string) => path.split("/").at(-1) ?? path;

/** A partition's place has its disk's name before its own. */
function diskAt(place: string | undefined, names: Set<string>): string | undefined {
  return place?.split("/").findLast((part) => names.has(part));
}
