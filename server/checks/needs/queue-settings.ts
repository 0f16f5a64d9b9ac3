import { parseScheduler, type SchedulerChoice } from "./block-devices.ts";
import { isUnread, type Unread } from "./need.ts";

/** The settings of a block device's queue, as /sys/block/<device>/queue has them. */
export const queueFiles = [
  "max_sectors_kb",
  "max_hw_sectors_kb",
  "nomerges",
  "rq_affinity",
  "read_ahead_kb",
] as const;
export type QueueFile = (typeof queueFiles)[number];

export type Queue = {
  name: string;
  /** built by the kernel on other disks or on a file: RAID, LVM, loop */
  made: boolean;
  /** the maker's name for it; null where it has none */
  model: string | null;
  rotational: boolean | null;
  scheduler: SchedulerChoice;
  values: Partial<Record<QueueFile, number>>;
};

type Per<Value> = { path: string; value: Value }[] | Unread;
export type QueueFacts = {
  places: { path: string; value: string }[];
  settings: { path: string; value: string }[];
  models: Per<string>;
};

/** Of what the kernel makes itself, memory and devices of no use yet say nothing about reading ahead. */
const carriesFiles = /\/devices\/virtual\/block\/(md|dm-|loop|bcache)/;

/** One reading of every file that matters: `parse` keeps the text, the path says which it is. */
export function queuesOf({ places, settings, models }: QueueFacts): Queue[] {
  return places
    .map(({ path, value }) => ({ place: value, made: value.includes("/devices/virtual/block/"), path }))
    .filter(({ place, made }) => !made || carriesFiles.test(place))
    .map(({ path, made }) => ({ name: path.slice("/sys/block/".length), made }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, made }) => {
      const text = (file: string) =>
        settings.find(({ path }) => path === `/sys/block/${name}/queue/${file}`)?.value;
      const number = (file: string) => {
        const value = text(file);
        return value !== undefined && /^\d+$/.test(value) ? Number(value) : null;
      };
      const model = isUnread(models)
        ? undefined
        : models.find(({ path }) => path === `/sys/block/${name}/device/model`)?.value;
      const turns = number("rotational");
      return {
        ...{ name, made, model: model || null, rotational: turns === null ? null : turns === 1 },
        scheduler: parseScheduler(text("scheduler") ?? ""),
        values: Object.fromEntries(
          queueFiles.flatMap((file) => {
            const value = number(file);
            return value === null ? [] : [[file, value]];
          }),
        ),
      };
    })
    .filter(({ values, scheduler }) => scheduler !== null || Object.keys(values).length > 0);
}

export function settingsText({ values, scheduler }: Queue): string {
  const parts = queueFiles.flatMap((file) => (values[file] === undefined ? [] : [`${file}=${values[file]}`]));
  return [...parts, ...(scheduler ? [`scheduler=${scheduler.active}`] : [])].join(" ");
}

export type Difference = { model: string; setting: string; groups: { value: string; devices: string[] }[] };

/** Settings in which devices of one model differ; what the hardware alone decides does not count. */
export function differences(queues: readonly Queue[]): Difference[] {
  const models = [...new Set(queues.flatMap(({ model }) => model ?? []))].sort();
  return models.flatMap((model) => {
    const same = queues.filter((queue) => queue.model === model);
    const settings = [...queueFiles.filter((file) => file !== "max_hw_sectors_kb"), "scheduler"] as const;
    return settings.flatMap((setting) => {
      const groups = new Map<string, string[]>();
      for (const { name, values, scheduler } of same) {
        const value = setting === "scheduler" ? scheduler?.active : values[setting];
        if (value === undefined) continue;
        groups.set(String(value), [...(groups.get(String(value)) ?? []), name]);
      }
      if (groups.size < 2) return [];
      const sorted = [...groups].map(([value, devices]) => ({ value, devices }));
      // The value that most of them have stands first.
      sorted.sort((a, b) => b.devices.length - a.devices.length || (a.value < b.value ? -1 : 1));
      return [{ model, setting, groups: sorted }];
    });
  });
}
