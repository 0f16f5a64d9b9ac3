import { NextIntlClientProvider } from "next-intl";
import type { ComponentType } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test, vi } from "vitest";
import enQueue from "#messages/en/tool-accept-queue.json" with { type: "json" };
import enCfs from "#messages/en/tool-cfs-timeline.json" with { type: "json" };
import enCapacity from "#messages/en/tool-disk-capacity.json" with { type: "json" };
import enRaid from "#messages/en/tool-raid.json" with { type: "json" };
import zhQueue from "#messages/zh-CN/tool-accept-queue.json" with { type: "json" };
import zhCfs from "#messages/zh-CN/tool-cfs-timeline.json" with { type: "json" };
import zhCapacity from "#messages/zh-CN/tool-disk-capacity.json" with { type: "json" };
import zhRaid from "#messages/zh-CN/tool-raid.json" with { type: "json" };
import AcceptQueue from "./accept-queue.tsx";
import CfsTimeline from "./cfs-timeline.tsx";
import DiskCapacity from "./disk-capacity.tsx";
import Raid from "./raid.tsx";

const messages = {
  en: {
    "tool-accept-queue": enQueue,
    "tool-cfs-timeline": enCfs,
    "tool-disk-capacity": enCapacity,
    "tool-raid": enRaid,
  },
  "zh-CN": {
    "tool-accept-queue": zhQueue,
    "tool-cfs-timeline": zhCfs,
    "tool-disk-capacity": zhCapacity,
    "tool-raid": zhRaid,
  },
};

const address = { search: "" };
vi.mock("next/navigation", () => ({
  useRouter: () => null,
  useSearchParams: () => new URLSearchParams(address.search),
}));

/** The tool as the server sends it for an address, as plain words. A missing or broken message throws. */
function words(Tool: ComponentType, search: string, locale: "en" | "zh-CN" = "en"): string {
  address.search = search;
  const markup = renderToStaticMarkup(
    <NextIntlClientProvider
      locale={locale}
      messages={messages[locale]}
      timeZone="UTC"
      onError={(error) => {
        throw error;
      }}
    >
      <Tool />
    </NextIntlClientProvider>,
  );
  return markup.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
}

describe("each tool says its result for the state in the address", () => {
  test("CPU quota timeline", () => {
    expect(words(CfsTimeline, "")).toContain(
      "finishes after 440 ms instead of 200 ms: it is stopped in 4 periods and takes 240 ms longer.",
    );
    expect(words(CfsTimeline, "?cfs-timeline.limit=2&cfs-timeline.threads=2")).toContain(
      "and is never stopped.",
    );
    expect(words(CfsTimeline, "", "zh-CN")).toContain("在 4 个周期里被限流，多花 240 毫秒");
  });

  test("accept queue", () => {
    const text = words(AcceptQueue, "");
    expect(text).toContain("The accept queue holds 128; net.core.somaxconn decides. The SYN queue holds 128");
    expect(text).toContain("roundup_pow_of_two(128 + 1) 256");
    expect(words(AcceptQueue, "?accept-queue.waiting=129")).toContain("the queue is full");
    expect(words(AcceptQueue, "?accept-queue.syncookies=false", "zh-CN")).toContain("SYN 队列上限 97");
  });

  test("disk capacity", () => {
    expect(words(DiskCapacity, "")).toContain("500 GB are 500,000,000,000 bytes, which is 465.7 GiB");
    expect(words(DiskCapacity, "?disk-capacity.value=4&disk-capacity.unit=TB", "zh-CN")).toContain(
      "3.64 TiB",
    );
  });

  test("RAID", () => {
    expect(words(Raid, "")).toContain(
      "RAID 5 of 4 disks of 500 GB holds 1.5 TB (1.36 TiB), 75 % of what you pay for. Any one disk may fail.",
    );
    expect(words(Raid, "?raid.level=10&raid.failed=1,2")).toContain("data is lost");
    expect(words(Raid, "?raid.level=10&raid.failed=1,3")).toContain("every block can still be read");
    expect(words(Raid, "?raid.level=6&raid.disks=3", "zh-CN")).toContain("RAID 6 至少需要 4 块盘");
  });

  test.each([
    [CfsTimeline, "?cfs-timeline.threads=1000000000&cfs-timeline.limit=-3&cfs-timeline.work=99999999"],
    [AcceptQueue, "?accept-queue.backlog=-5&accept-queue.somaxconn=99999999999"],
    [DiskCapacity, "?disk-capacity.value=1e300"],
    [Raid, "?raid.disks=100000000&raid.failed=-1,999,2"],
  ])("an address out of range is brought into it", (Tool, search) => {
    expect(words(Tool, search)).not.toMatch(/NaN|Infinity|undefined/);
  });
});
