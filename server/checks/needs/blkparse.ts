/** One request to a device, from the moment a program asked to the moment the device was done; times in seconds. */
export type BlockRequest = {
  device: string;
  operation: string;
  sector: number;
  sectors: number;
  process: string;
  /** asked for, request made, inserted, sent to the device, done; null: not in the text */
  queued: number | null;
  got: number | null;
  inserted: number | null;
  dispatched: number | null;
  completed: number | null;
  /** further pieces that were merged into it */
  merged: number;
};

export type BlockEvent = {
  device: string;
  time: number;
  action: string;
  operation: string;
  sector: number;
  sectors: number;
  process: string;
};

/** blkparse's default format: device, processor, sequence, seconds, process id, action, kind, sector + sectors [who]. */
const eventLine =
  /^\s*(\d+,\d+)\s+\d+\s+\d+\s+(\d+\.\d+)\s+\d+\s+([A-Z])\s+([A-Z]+)(?:\s+(\d+)\s+\+\s+(\d+))?.*?(?:\[([^\]]*)\])?\s*$/;

export function parseEvents(text: string): BlockEvent[] {
  return text
    .split("\n")
    .flatMap((line) => {
      const [, device, time, action, operation, sector, sectors, process] = eventLine.exec(line) ?? [];
      if (!device || !action || !operation || sector === undefined) return [];
      const place = { sector: Number(sector), sectors: Number(sectors) };
      return [{ device, time: Number(time), action, operation, ...place, process: process ?? "" }];
    })
    .sort((a, b) => a.time - b.time);
}

type Open = BlockRequest & { end: number };

/** The requests of a trace. A piece that is merged has no D and C of its own: it shares those of its request. */
export function requestsOf(events: readonly BlockEvent[]): BlockRequest[] {
  const all: Open[] = [];
  const waiting = new Map<string, BlockEvent>();
  const open = (event: BlockEvent, isFit: (one: Open) => boolean) =>
    all.findLast((one) => one.device === event.device && one.completed === null && isFit(one));
  const covering = (event: BlockEvent) =>
    open(event, (one) => event.sector >= one.sector && event.sector < one.end);
  for (const event of events) {
    const key = `${event.device} ${event.sector}`;
    if (event.action === "Q") waiting.set(key, event);
    else if (event.action === "G") {
      all.push(begun(event, waiting.get(key) ?? null));
      waiting.delete(key);
    } else if (event.action === "M" || event.action === "F") {
      const end = event.sector + event.sectors;
      const into = open(
        event,
        (one) => one.dispatched === null && (one.end === event.sector || one.sector === end),
      );
      if (into) merge(into, event);
      waiting.delete(key);
    } else if (event.action === "I" || event.action === "D" || event.action === "C") {
      const request = covering(event) ?? added(all, event, waiting.get(key) ?? null);
      waiting.delete(key);
      if (event.action === "I") request.inserted ??= event.time;
      else if (event.action === "D") request.dispatched ??= event.time;
      else request.completed = event.time;
    }
  }
  for (const event of waiting.values()) all.push({ ...begun(event, event), got: null });
  return all.map(({ end: _, ...request }) => request);
}

function begun(event: BlockEvent, queued: BlockEvent | null): Open {
  const { device, operation, sector, sectors, process } = queued ?? event;
  return {
    ...{ device, operation, sector, sectors, process, merged: 0, end: sector + sectors },
    ...{ queued: queued?.time ?? null, got: event.time, inserted: null, dispatched: null, completed: null },
  };
}

/** The trace began in the middle, or the driver makes no requests of its own. */
function added(all: Open[], event: BlockEvent, queued: BlockEvent | null): Open {
  const request = { ...begun(event, queued), got: null };
  all.push(request);
  return request;
}

function merge(into: Open, { sector, sectors }: BlockEvent): void {
  into.merged += 1;
  into.sector = Math.min(into.sector, sector);
  into.end = Math.max(into.end, sector + sectors);
  into.sectors = into.end - into.sector;
}

/** How many pieces were asked for while an earlier one was not done yet, and how many after all others were. */
export function issueOf(events: readonly BlockEvent[]): { overlapped: number; serial: number } {
  const open = new Map<string, number>();
  let [overlapped, serial, first] = [0, 0, true];
  for (const { device, action, sector, sectors } of events) {
    if (action === "Q") {
      if (!first && open.size > 0) overlapped += 1;
      else if (!first) serial += 1;
      first = false;
      open.set(`${device} ${sector}`, sector + sectors);
    } else if (action === "C") {
      for (const [key, end] of open) {
        const [from = 0] = key.split(" ").slice(1).map(Number);
        if (key.startsWith(`${device} `) && from >= sector && end <= sector + sectors) open.delete(key);
      }
    }
  }
  return { overlapped, serial };
}

/** How many requests are with the device or on their way to it, at each change. */
export function depthOf(requests: readonly BlockRequest[]): { time: number; depth: number }[] {
  const changes = requests.flatMap(({ queued, got, completed }) => {
    const begin = queued ?? got;
    return begin === null
      ? []
      : [{ time: begin, by: 1 }, ...(completed === null ? [] : [{ time: completed, by: -1 }])];
  });
  let depth = 0;
  return changes
    .sort((a, b) => a.time - b.time || a.by - b.by)
    .map(({ time, by }) => {
      depth += by;
      return { time, depth };
    });
}
