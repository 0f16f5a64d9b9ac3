import type {
  HostCommandRequest,
  HostFileRequest,
  HostGlobRequest,
  HostRequest,
  NeedOf,
  SampledRequest,
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

  command<Value>(
    argv: readonly [string, ...string[]],
    parse: (output: { stdout: string; stderr: string; exitCode: number }) => Value,
  ): NeedOf<HostCommandRequest, Value, false> {
    return { type: "host.command", argv, parse, optional: false };
  },
};

/** The same host need read twice, `windowMs` apart, for a rate. `at` is in milliseconds. */
export function sampled<Value>(
  need: NeedOf<HostRequest, Value, false>,
  windowMs: number,
): NeedOf<SampledRequest, [{ at: number; value: Value }, { at: number; value: Value }], false> {
  return { type: "sampled", windowMs, need, optional: false };
}
