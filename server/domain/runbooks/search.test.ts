import { expect, test } from "vitest";
import type { LoadedRunbook } from "./load-runbooks.ts";
import { searchRunbooks, tokensOf } from "./search.ts";

function runbook(
  slug: string,
  en: [title: string, text: string],
  zh: [title: string, text: string],
): LoadedRunbook {
  const text = ([title, plainText]: [string, string]) => ({
    meta: {
      week: "2021-09-20",
      number: 1,
      title,
      summary: title,
      tags: ["network"],
      checks: [],
      tools: [],
      sources: [],
    },
    article: [],
    headings: [],
    plainText,
  });
  return { slug, texts: { en: text(en), "zh-CN": text(zh) } };
}

const runbooks = new Map(
  [
    runbook(
      "duplicate-pod-ip",
      ["Duplicate pod IP", "Two pods share one address."],
      ["重复的 Pod IP", "两个 Pod 用了同一个地址。"],
    ),
    runbook(
      "cpu-throttling",
      ["CPU throttling", "CFS quota stops a container; addresses play no part."],
      ["CPU 限流", "配额用完，容器被暂停。"],
    ),
    runbook(
      "tcp-accept-queues",
      ["Accept queues", "somaxconn and backlog; throttling is another matter."],
      ["全连接队列", "半连接与全连接队列的长度。"],
    ),
  ].map((each) => [each.slug, each]),
);
const search = (query: string) => searchRunbooks(runbooks, query);

test("finds words of either language, best first", () => {
  expect(search("throttling")[0]).toBe("cpu-throttling");
  expect(search("throttling")).toContain("tcp-accept-queues");
  expect(search("duplicate address")).toEqual(["duplicate-pod-ip"]);
  expect(search("somaxcon")).toEqual(["tcp-accept-queues"]);
  expect(search("throtling")[0]).toBe("cpu-throttling");
});

test("finds Chinese inside running text", () => {
  expect(search("连接队列")).toEqual(["tcp-accept-queues"]);
  expect(search("限流")).toEqual(["cpu-throttling"]);
  expect(search("cpu限流")).toEqual(["cpu-throttling"]);
  expect(search("同一个地址")).toEqual(["duplicate-pod-ip"]);
});

test("finds nothing where nothing is", () => {
  expect(search("kafka")).toEqual([]);
  expect(search("磁盘")).toEqual([]);
  expect(search("!!")).toEqual([]);
});

test("takes Han apart in pairs and leaves the rest whole", () => {
  expect(tokensOf("CPU限流 quota_us 重复地址")).toEqual(["CPU", "限流", "quota_us", "重复", "复地", "地址"]);
  expect(tokensOf("表")).toEqual(["表"]);
});
