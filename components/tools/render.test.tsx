import { describe, expect, test } from "vitest";
import { toolWords } from "#testing/render-tool.tsx";

const acceptQueue = await toolWords("accept-queue");
const cfsTimeline = await toolWords("cfs-timeline");
const diskCapacity = await toolWords("disk-capacity");
const raid = await toolWords("raid");

describe("each tool says its result for the state in the address", () => {
  test("CPU quota timeline", () => {
    expect(cfsTimeline()).toContain(
      "finishes after 440 ms instead of 200 ms: it is stopped in 4 periods and takes 240 ms longer.",
    );
    expect(cfsTimeline("?cfs-timeline.limit=2&cfs-timeline.threads=2")).toContain("and is never stopped.");
    expect(cfsTimeline("", "zh-CN")).toContain("在 4 个周期里被限流，多花 240 毫秒");
  });

  test("accept queue", () => {
    const text = acceptQueue();
    expect(text).toContain("The accept queue holds 128; net.core.somaxconn decides. The SYN queue holds 128");
    expect(text).toContain("roundup_pow_of_two(128 + 1) 256");
    expect(acceptQueue("?accept-queue.waiting=129")).toContain("the queue is full");
    expect(acceptQueue("?accept-queue.syncookies=false", "zh-CN")).toContain("SYN 队列上限 97");
  });

  test("disk capacity", () => {
    expect(diskCapacity()).toContain("500 GB are 500,000,000,000 bytes, which is 465.7 GiB");
    expect(diskCapacity("?disk-capacity.value=4&disk-capacity.unit=TB", "zh-CN")).toContain("3.64 TiB");
  });

  test("RAID", () => {
    expect(raid()).toContain(
      "RAID 5 of 4 disks of 500 GB holds 1.5 TB (1.36 TiB), 75 % of what you pay for. Any one disk may fail.",
    );
    expect(raid("?raid.level=10&raid.failed=1,2")).toContain("data is lost");
    expect(raid("?raid.level=10&raid.failed=1,3")).toContain("every block can still be read");
    expect(raid("?raid.level=6&raid.disks=3", "zh-CN")).toContain("RAID 6 至少需要 4 块盘");
  });

  test.each([
    [cfsTimeline, "?cfs-timeline.threads=1000000000&cfs-timeline.limit=-3&cfs-timeline.work=99999999"],
    [acceptQueue, "?accept-queue.backlog=-5&accept-queue.somaxconn=99999999999"],
    [diskCapacity, "?disk-capacity.value=1e300"],
    [raid, "?raid.disks=100000000&raid.failed=-1,999,2"],
  ])("an address out of range is brought into it", (words, search) => {
    expect(words(search)).not.toMatch(/NaN|Infinity|undefined/);
  });
});
