import { once } from "node:events";
import { appendFileSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { isInstalled } from "#testing/host-namespace.ts";
import {
  hasPrivateHosts,
  needsPrivateHost,
  type PrivateHost,
  startPrivateHost,
} from "#testing/private-host.ts";
import { check } from "./stdout-buffering.ts";

/** Programs that print one line and wait, into whatever an output can be; what arrived is the judge of the check. */

const perl = (code = "") => `perl -e '${code} print "line\\n"; sleep 1000'`;
const awk = `awk '{ print } END { print "end" }'`;

function programs(folder: string, port: number): string {
  const feed = "(echo line; sleep 1000) |";
  return [
    `${perl()} >${folder}/perl.log &`,
    `${perl("$| = 1;")} >${folder}/perl-flushing.log &`,
    `stdbuf -oL ${perl()} >${folder}/perl-stdbuf.log &`,
    `${feed} ${awk} >${folder}/awk.log &`,
    `${feed} stdbuf -oL ${awk} >${folder}/awk-stdbuf.log &`,
    `${perl()} >${folder}/deleted.log & `,
    `${perl()} >/dev/null &`,
    `${perl()} | tail -f - >/dev/null &`,
    `bash -c "exec ${perl().replaceAll('"', '\\"')} >/dev/tcp/127.0.0.1/${port}" &`,
    `script -qfc "${perl().replaceAll(/["\\]/g, "\\$&")}" ${folder}/terminal.log </dev/null >/dev/null &`,
    `setpriv --reuid 5001 --regid 5001 --clear-groups ${perl()} >${folder}/dev.log &`,
  ].join("\n");
}

const may = hasPrivateHosts && isInstalled("perl", "awk", "script", "setpriv", "stdbuf");

describe.skipIf(!may)(`where programs print (${needsPrivateHost}, perl, awk, script and setpriv)`, () => {
  let host: PrivateHost;
  let server: Server;
  let received = "";
  beforeAll(async () => {
    server = createServer((socket) => {
      socket
        .on("error", () => {})
        .on("data", (chunk) => {
          received += chunk;
        });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    host = await startPrivateHost({
      prepare: (folder) => appendFileSync(join(folder, "etc/passwd"), "dev:x:5001:5001::/:/bin/bash\n"),
      start: (folder) => programs(folder, port),
    });
    await vi.waitFor(() => {
      expect(host.inside(["ps", "-eo", "comm"]).match(/^perl$/gm)).toHaveLength(9);
      expect(log("perl-flushing")).toBe("line\n");
      expect(log("awk-stdbuf")).toBe("line\n");
      expect(log("terminal")).toContain("line");
    }, 10_000);
    host.inside(["rm", join(host.folder, "deleted.log")]);
  });
  afterAll(async () => {
    await host?.stop();
    server?.close();
  });
  const log = (name: string) => readFileSync(join(host.folder, `${name}.log`), "utf8");
  /** What the check says of the process that prints into a file, or of all processes of a program and an output. */
  const judged = async (login?: { user: string; sudo: boolean }) => {
    const { findings } = await host.run(check, { all: true }, login);
    const codes = (isMeant: (finding: (typeof findings)[number]) => boolean) =>
      findings.filter(isMeant).map(({ code }) => code);
    const find = `cd /proc; for p in [0-9]*; do readlink $p/fd/1 | grep -q "^$0" && echo $p; done`;
    return {
      into(name: string) {
        const path = join(host.folder, `${name}.log`);
        const pids = host.inside(["sh", "-c", find, path]).trim().split("\n");
        return codes(({ affected }) => affected?.sample.some((one) => pids.includes(one.name)) ?? false);
      },
      of: (program: string, target: string) =>
        codes(({ subject }) => subject.part?.endsWith(` ${program} ${target}`) ?? false),
    };
  };

  test("what is held back is not there yet, and what is not is", async () => {
    const { into, of } = await judged();
    for (const name of ["perl", "perl-stdbuf", "awk"]) {
      expect(log(name), name).toBe("");
      expect(into(name), name).toEqual(["held-back"]);
    }
    expect(into("awk-stdbuf")).toEqual(["unbuffered"]);
    expect(received).toBe("");
    expect(of("perl", "socket")).toEqual(["held-back"]);
    expect(of("perl", "pipe")).toEqual(["held-back"]);
  });

  test("a terminal, nothing, and a file that was deleted", async () => {
    const { into, of } = await judged();
    expect(of("perl", "terminal")).toEqual(["line-buffered"]);
    expect(of("perl", "null")).toEqual(["discarded"]);
    expect(into("deleted")).toEqual(["output-deleted"]);
  });

  test("without root a user's own processes are judged, and that others were not is said", async () => {
    const { into, of } = await judged({ user: "dev", sudo: false });
    expect(into("dev")).toEqual(["held-back"]);
    expect(into("perl")).toEqual([]);
    expect(of("perl", "socket")).toEqual([]);
  });
});
