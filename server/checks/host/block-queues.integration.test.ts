import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runOnThisMachine } from "#testing/host-run.ts";
import { hasLoopDevices, type LoopDevice, makeLoopDevice, needsLoopDevice } from "#testing/loop-device.ts";
import { check as queueTuning } from "./block-queue-tuning.ts";
import { check as schedulers } from "./io-schedulers.ts";

/** This machine's disks as its kernel shows them, and a loop device whose settings are changed for good and bad. */

type Outcome = Awaited<ReturnType<typeof runOnThisMachine>>;
const about = ({ findings }: Outcome, device: string) =>
  findings.filter(({ subject }) => subject.name === `/dev/${device}`);
const codesOf = (outcome: Outcome, device: string) => about(outcome, device).map(({ code }) => code);

const disks = (existsSync("/sys/block") ? readdirSync("/sys/block") : []).filter(
  (name) => !readlinkSync(`/sys/block/${name}`).includes("/virtual/block/"),
);
const queue = (disk: string, file: string) => readFileSync(`/sys/block/${disk}/queue/${file}`, "utf8").trim();

test.skipIf(disks.length === 0)("each disk is told with its own settings (needs a disk)", async () => {
  const [chosen, tuned] = [await runOnThisMachine(schedulers), await runOnThisMachine(queueTuning)];
  for (const disk of disks) {
    const active = /\[(.+)\]/.exec(queue(disk, "scheduler"))?.[1] ?? queue(disk, "scheduler");
    expect(about(chosen, disk)[0]?.observed).toBe(active);
    const measured = new Map(
      tuned.measurements.flatMap(({ name, subject, value }) =>
        subject === `/dev/${disk}` ? [[name, value]] : [],
      ),
    );
    for (const file of ["read_ahead_kb", "max_sectors_kb", "nomerges"])
      expect(measured.get(file), file).toBe(Number(queue(disk, file)));
  }
});

test.skipIf(disks.length === 0)(
  "the disk behind a path is the one that df shows (needs a disk)",
  async () => {
    const outcome = await runOnThisMachine(schedulers, { path: "/etc" });
    const [found] = outcome.findings.filter(({ subject }) => subject.name === "/etc");
    const source = execFileSync("df", ["--output=source", "/etc"], { encoding: "utf8" })
      .trim()
      .split("\n")
      .at(-1);
    const disk = disks.find((name) => source?.startsWith(`/dev/${name}`));
    if (disk) expect(found).toMatchObject({ code: "behind-path", observed: `/dev/${disk}` });
    else expect(found?.code).toMatch(/^behind-path/);
  },
);

describe.skipIf(!hasLoopDevices)(`a device of the test's own (${needsLoopDevice})`, () => {
  let device: LoopDevice;
  beforeAll(() => {
    device = makeLoopDevice(1);
  });
  afterAll(() => device?.remove());

  test("fair queuing fits a disk that turns and does not fit one that does not (with bfq)", async (ctx) => {
    if (!device.get("scheduler").includes("bfq")) return ctx.skip("this kernel has no bfq");
    device.set("scheduler", "bfq");
    device.set("rotational", 1);
    expect(codesOf(await runOnThisMachine(schedulers), device.name)).toEqual(["scheduler"]);
    device.set("rotational", 0);
    const slow = await runOnThisMachine(schedulers);
    expect(codesOf(slow, device.name)).toEqual(["fair-queuing"]);
    const fix = about(slow, device.name)[0]?.remedy?.find(({ purpose }) => purpose === "fix");
    execFileSync("sh", ["-c", (fix?.command ?? "false").replace("sudo ", "")]);
    expect(device.get("scheduler")).not.toContain("[bfq]");
    expect(codesOf(await runOnThisMachine(schedulers), device.name)).toEqual([]);
  });

  test("a device that reads nothing ahead is found, and mended by what the check says", async () => {
    expect(codesOf(await runOnThisMachine(queueTuning), device.name)).toEqual([]);
    device.set("read_ahead_kb", 0);
    const outcome = await runOnThisMachine(queueTuning);
    expect(codesOf(outcome, device.name)).toEqual(["no-read-ahead"]);
    expect(outcome.verdict).toBe("warn");
    const fix = about(outcome, device.name)[0]?.remedy?.[0]?.command ?? "false";
    execFileSync("sh", ["-c", fix.replace("sudo ", "")]);
    expect(device.get("read_ahead_kb")).toBe("128");
    expect(codesOf(await runOnThisMachine(queueTuning), device.name)).toEqual([]);
  });

  test("the kernel itself takes no request that is larger than the hardware's", async () => {
    const most = Number(device.get("max_hw_sectors_kb"));
    try {
      device.set("max_sectors_kb", most + 4);
    } catch (error) {
      expect(String(error)).toContain("EINVAL");
    }
    expect(Number(device.get("max_sectors_kb"))).toBeLessThanOrEqual(most);
  });
});
