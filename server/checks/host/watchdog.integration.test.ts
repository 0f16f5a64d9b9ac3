import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codesOf } from "#testing/endpoint-run.ts";
import { runOnThisMachine } from "#testing/host-run.ts";
import {
  hasPrivateHosts,
  needsPrivateHost,
  type PrivateHost,
  startPrivateHost,
} from "#testing/private-host.ts";
import { check } from "./watchdog.ts";

/** What is real of a watchdog where there is none: that there is none, and a daemon that is set up all the same. */

const folder = "/sys/class/watchdog";
const devices = existsSync(folder) ? readdirSync(folder) : [];
const hasMisc = /^\s*130\s+watchdog/m.test(readFileSync("/proc/misc", "utf8"));
const none = devices.length === 0 && !hasMisc;

test("the devices are those that this kernel shows", async () => {
  const outcome = await runOnThisMachine(check, { windowSeconds: 1 });
  const parts = outcome.findings.map(({ subject }) => subject.part ?? "");
  expect([...new Set(parts.filter((part) => /^watchdog\d+$/.test(part)))].toSorted()).toEqual(
    devices.toSorted(),
  );
  for (const name of devices) {
    const timeout = Number(readFileSync(`${folder}/${name}/timeout`, "utf8"));
    const measured = outcome.measurements.find(({ subject }) => subject === name);
    expect(measured?.value).toBe(timeout);
  }
});

describe.skipIf(!hasPrivateHosts || !none)(`no device (${needsPrivateHost}, and no watchdog)`, () => {
  let host: PrivateHost;
  const file = () => join(host.folder, "etc/watchdog.conf");
  beforeAll(async () => {
    host = await startPrivateHost({
      prepare: (own) => rmSync(join(own, "etc/watchdog.conf"), { force: true }),
    });
  });
  afterAll(() => host?.stop());

  test("does not apply as long as nobody counts on one", async () => {
    expect(await host.run(check, { windowSeconds: 1 })).toMatchObject({ verdict: "skip" });
    // As Debian's package ships it: the device stands in a comment.
    writeFileSync(file(), "#watchdog-device\t= /dev/watchdog\ninterval = 1\n");
    expect(await host.run(check, { windowSeconds: 1 })).toMatchObject({ verdict: "skip" });
  });

  test("fails where a daemon is set up to feed it", async () => {
    writeFileSync(file(), "watchdog-device\t= /dev/watchdog\ninterval = 10\n");
    const outcome = await host.run(check, { windowSeconds: 1 });
    expect(codesOf(outcome)).toEqual(["fail configured-without-device watchdog"]);
  });
});
