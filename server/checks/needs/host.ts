import type {
  HostActiveOutput,
  HostActiveRequest,
  HostCommandRequest,
  HostFileRequest,
  HostGlobRequest,
  HostLinksRequest,
  HostRequest,
  HostStat,
  HostStatsRequest,
  NeedOf,
  SampledRequest,
  SingleRequest,
} from "./need.ts";

export const host = {
  /** A kernel parameter by its dotted name, trimmed ("net.core.somaxconn" → "4096"). Read from /proc/sys. */
  sysctl(name: string): NeedOf<HostFileRequest, string, false> {
    return host.file(`/proc/sys/${name.replaceAll(".", "/")}`, (text) => text.trim());
  },

  file<Value>(path: string, parse: (text: string) => Value): NeedOf<HostFileRequest, Value, false> {
    return { type: "host.file", path, parse, optional: false };
  },

  glob<Value>(
    pattern: string,
    parse: (text: string) => Value,
    limit = 10_000,
  ): NeedOf<HostGlobRequest, { path: string; value: Value }[], false> {
    return { type: "host.glob", pattern, limit, parse, optional: false };
  },

  /** Where links lead: namespaces (below /proc/<pid>/ns), open files (below /proc/<pid>/fd). */
  links<Value>(
    pattern: string,
    parse: (target: string) => Value,
    limit = 10_000,
  ): NeedOf<HostLinksRequest, { path: string; value: Value }[], false> {
    return { type: "host.links", pattern, limit, parse, optional: false };
  },

  /** Whether files exist, whose they are and who may write them. */
  stats(pattern: string, limit = 10_000): NeedOf<HostStatsRequest, HostStat[], false> {
    return { type: "host.stats", pattern, limit, optional: false };
  },

  command<Value>(
    argv: readonly [string, ...string[]],
    parse: (output: { stdout: string; stderr: string; exitCode: number }) => Value,
    options: { sudo?: boolean; timeoutMs?: number } = {},
  ): NeedOf<HostCommandRequest, Value, false> {
    return { type: "host.command", argv, parse, optional: false, ...options };
  },

  /** Only for checks with `effect: "active"`. */
  active<Value>(
    request: Omit<HostActiveRequest, "type" | "parse">,
    parse: (output: HostActiveOutput) => Value,
  ): NeedOf<HostActiveRequest, Value, false> {
    return { type: "host.active", ...request, parse, optional: false };
  },
};

/** The same need read twice, `windowMs` apart, for a rate. `at` is in milliseconds. */
export function sampled<Value>(
  need: NeedOf<HostRequest | SingleRequest, Value, false>,
  windowMs: number,
): NeedOf<SampledRequest, [{ at: number; value: Value }, { at: number; value: Value }], false> {
  return { type: "sampled", windowMs, need, optional: false };
}
