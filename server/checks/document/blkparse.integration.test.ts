import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runOnDocument } from "#testing/document-run.ts";
import { hasLoopDevices, type LoopDevice, makeLoopDevice, needsLoopDevice } from "#testing/loop-device.ts";
import { check } from "./blkparse.ts";

/** Events of the kernel's own tracer for one device, printed by the real blkparse. */

// Lockdown refuses blktrace's own files; the tracer's pipe gives the same records, and blkparse reads them.
const script = `mount -t tracefs none /sys/kernel/tracing || exit 1
cd /sys/kernel/tracing && grep -qw blk available_tracers && [ "$(cat current_tracer)" = nop ] || exit 1
device=$1; shift
restore() { echo 0 >"/sys/block/$device/trace/enable"; echo nobin >trace_options; echo context-info >trace_options; echo nop >current_tracer; echo 1 >tracing_on; }
trap restore EXIT
echo bin >trace_options; echo nocontext-info >trace_options; echo blk >current_tracer
[ $# = 0 ] && exit 0
echo 1 >"/sys/block/$device/trace/enable"
"$@" >/dev/null 2>&1
echo 0 >tracing_on
timeout 20 cat trace_pipe | blkparse -q -i -`;

function trace(device: string, ...command: string[]) {
  return spawnSync("unshare", ["--mount", "sh", "-c", script, "sh", device, ...command], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

const hasTools = ["blkparse", "fio"].every((name) => existsSync(`/usr/bin/${name}`));
const canTrace = hasLoopDevices && hasTools && trace("loop0").status === 0;

describe.skipIf(!canTrace)(
  `traces of a device (${needsLoopDevice}, a kernel that traces, blkparse and fio)`,
  () => {
    let device: LoopDevice;
    beforeAll(() => {
      device = makeLoopDevice(16);
    });
    afterAll(() => device?.remove());
    const fio = (depth: number, block = "4k") => [
      ...["fio", "--name=trace", `--filename=${device.path}`, "--rw=randread", `--bs=${block}`, "--direct=1"],
      ...[
        "--ioengine=libaio",
        `--iodepth=${depth}`,
        `--iodepth_batch=${depth}`,
        "--size=16M",
        "--number_ios=64",
        "--randseed=1",
      ],
    ];

    test("one request at a time is serial, each with all its steps", async () => {
      const { stdout } = trace(device.name, ...fio(1));
      expect(stdout.match(/^ +7,\d+ .* D +R/gm)?.length).toBeGreaterThanOrEqual(64);
      const outcome = await runOnDocument(check, stdout, { maxDeviceMs: 60_000 });
      expect(outcome.findings.map(({ code }) => code)).toContain("serial");
      expect(outcome.findings.map(({ code }) => code)).not.toContain("unfinished");
      const value = (name: string) => outcome.measurements.find((one) => one.name === name)?.value ?? 0;
      expect(value("requests")).toBeGreaterThanOrEqual(64);
      // A new device is looked at by udev too.
      expect(value("deepest queue")).toBeLessThanOrEqual(2);
      expect(value("D2C p50")).toBeGreaterThan(0);
      expect(value("Q2C p50")).toBeGreaterThanOrEqual(value("D2C p50"));
    });

    test("many at once overlap", async () => {
      // Large ones take so long that the next is issued before one is done, however fast the machine.
      const { stdout } = trace(device.name, ...fio(16, "256k"));
      const outcome = await runOnDocument(check, stdout, { maxDeviceMs: 60_000 });
      expect(outcome.findings.map(({ code }) => code)).toContain("overlapped");
      const depth = outcome.measurements.find(({ name }) => name === "deepest queue")?.value ?? 0;
      expect(depth).toBeGreaterThan(4);
      expect(depth).toBeLessThanOrEqual(17);
    });

    test("a device that is slower than is allowed", async () => {
      const { stdout } = trace(device.name, ...fio(1));
      const outcome = await runOnDocument(check, stdout, { maxDeviceMs: 0.01 });
      expect(outcome.findings.map(({ code }) => code)).toContain("device-slow");
    });
  },
);
