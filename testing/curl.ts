import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { HttpPhases } from "#server/checks/needs/endpoint-requests.ts";

const run = promisify(execFile);
const names = {
  lookupMs: "time_namelookup",
  connectMs: "time_connect",
  tlsMs: "time_appconnect",
  pretransferMs: "time_pretransfer",
  redirectMs: "time_redirect",
  firstByteMs: "time_starttransfer",
  totalMs: "time_total",
} as const satisfies Record<keyof HttpPhases, string>;

/** What `curl --write-out` says of one exchange with a server on this machine, in ms. */
export async function curlPhases(url: string, ...options: string[]): Promise<HttpPhases> {
  const fields = Object.entries(names).map(([name, field]) => `"${name}":%{${field}}`);
  const { stdout } = await run("curl", [
    ...["--noproxy", "*", "--http1.1", "--silent", "--show-error", "--output", "/dev/null"],
    ...["--write-out", `{${fields.join(",")}}`, ...options, url],
  ]);
  const seconds = JSON.parse(stdout) as HttpPhases;
  return Object.fromEntries(
    Object.entries(seconds).map(([name, value]) => [name, value * 1000]),
  ) as HttpPhases;
}
