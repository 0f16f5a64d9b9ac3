import { readdir } from "node:fs/promises";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Metric } from "./exposition.ts";

const resolutionMs = 20;

/** What any process is asked for, under the names that dashboards know. */
export function watchProcess(): () => Promise<Metric[]> {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  const startedAt = Date.now() / 1_000 - process.uptime();
  return async () => {
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed } = process.memoryUsage();
    // What the sampling itself waits is no lag.
    const lagSeconds = delay.count > 0 ? Math.max(0, delay.percentile(99) / 1e9 - resolutionMs / 1e3) : 0;
    delay.reset();
    const openFiles = await readdir("/proc/self/fd").catch(() => null);
    const one = (value: number) => [{ labels: {}, value }];
    return [
      {
        ...{ name: "process_cpu_seconds", type: "counter", unit: "seconds" },
        ...{ help: "Processor time spent.", samples: one((user + system) / 1e6) },
      },
      {
        ...{ name: "process_resident_memory_bytes", type: "gauge", unit: "bytes" },
        ...{ help: "Memory in use, as the system sees it.", samples: one(rss) },
      },
      {
        ...{ name: "process_start_time_seconds", type: "gauge", unit: "seconds" },
        ...{ help: "When the process began, since 1970.", samples: one(startedAt) },
      },
      {
        ...{ name: "process_open_fds", type: "gauge" },
        ...{ help: "Open files and sockets.", samples: openFiles ? one(openFiles.length) : [] },
      },
      {
        ...{ name: "nodejs_heap_used_bytes", type: "gauge", unit: "bytes" },
        ...{ help: "Memory of objects in use.", samples: one(heapUsed) },
      },
      {
        ...{ name: "nodejs_eventloop_lag_p99_seconds", type: "gauge", unit: "seconds" },
        ...{
          help: "How late timers were since the last scrape, all but the worst of a hundred.",
          samples: one(lagSeconds),
        },
      },
    ];
  };
}
