import { expect, test } from "vitest";
import type { ReportResult } from "#common/contracts/report.ts";
import { noCounts } from "#common/result.ts";
import type { Locale } from "#common/text.ts";
import { writeHtml } from "./write-html.ts";

const hostile = [
  "<script>alert(1)</script>",
  "</style><img src=x onerror=alert(1)>",
  `" onmouseover="alert(1)`,
  "' autofocus onfocus='alert(1)",
  "javascript:alert(1)",
  "safe\u202Egnp.exe",
  "&lt;b&gt;",
  "]]><!--",
];

function finding(name: string): ReportResult["findings"][number] {
  return {
    ...{ verdict: "fail", code: "example", fingerprint: name },
    subject: { kind: name, namespace: name, name, part: name },
    affected: { count: 40, sample: [{ kind: "Pod", name }] },
    message: { en: `${name} is wrong`, "zh-CN": `${name} 有问题` },
    ...{ observed: name, expected: name },
    evidence: [{ source: name, excerpt: `${name}${"x".repeat(5_000)}` }],
    remedy: [{ purpose: "fix", text: { en: name, "zh-CN": name }, command: name }],
  };
}

function result(name: string, findings: ReportResult["findings"]): ReportResult {
  const reason = { code: "forbidden" as const, what: name, detail: name };
  return {
    ...{
      cluster: name,
      check: name,
      version: 1,
      title: { en: name, "zh-CN": name },
      target: name,
      params: {},
    },
    ...{ verdict: "fail", reason, counts: { ...noCounts, fail: 1 }, cost: null, findings, measurements: [] },
    coverage: [{ what: name, read: 12_004, unit: name, missing: [reason] }],
  };
}

async function render(name: string, locale: Locale = "en", findings = [finding(name)]): Promise<string> {
  async function* results() {
    yield result(name, findings);
  }
  const at = "2026-11-28T03:04:05.000Z";
  const head = {
    ...{
      cluster: name,
      runId: name,
      runbook: name,
      requestedBy: name,
      verdict: "fail" as const,
      error: name,
    },
    ...{ counts: { ...noCounts, fail: 1 }, cost: { calls: 3, bytes: 4_096, throttled: 1, seconds: 2 } },
    ...{ startedAt: at, endedAt: at },
  };
  const parts: string[] = [];
  for await (const part of writeHtml({ head, results: results() }, { locale })) parts.push(part);
  return parts.join("");
}

/** Tags with their attributes, in order: text of anybody's can only show up here by having become markup. */
const tagsOf = (page: string) => [...page.matchAll(/<[!/]?[a-z][^>]*>/gi)].map(([tag]) => tag);
const namesOf = (page: string) => [...page.matchAll(/<([a-z][a-z0-9]*)/gi)].map(([, name]) => name);

test.each(hostile)("%j stays text wherever it stands", async (name) => {
  const page = await render(name);
  expect(namesOf(page)).toEqual(namesOf(await render("harmless")));
  for (const tag of tagsOf(page)) expect(tag).not.toMatch(/\son[a-z]+=|javascript:|autofocus/);
  expect(page).not.toContain("\u202E");
  expect(page.match(/<\/style>/g)).toHaveLength(1);
});

test("what was read is said in a sentence, in either language, and counted in words where there are some", async () => {
  const [en, zh] = [await render("list pods"), await render("list pods", "zh-CN")];
  expect(en).toContain("<li>list pods: 12,004 read");
  expect(zh).toContain("<li>list pods：已读取 12,004 个");
  expect(await render("files")).toContain("<li>files: 12,004 files read");
});

test("what turns the order of reading around is spelt out", async () => {
  expect(await render("safe\u202Egnp.exe")).toContain("safe[U+202E]gnp.exe");
});

test("it loads nothing, runs nothing, and says so to the browser", async () => {
  const page = await render("web-0");
  expect(namesOf(page)).not.toContain("script");
  expect(page).toContain("default-src &#39;none&#39;; style-src &#39;sha256-");
  const addresses = [...page.matchAll(/\s(?:src|href|action|srcset)="([^"]*)"/g)].map(([, to]) => to ?? "");
  expect(addresses.filter((to) => !to.startsWith("#") && to !== "data:,")).toEqual([]);
  expect(page).not.toMatch(/url\(|@import/);
});

test("more findings than it shows are counted", async () => {
  const many = Array.from({ length: 12_394 }, (_, at) => finding(`pod-${at}`));
  const page = await render("web-0", "en", many);
  expect(page.match(/class="finding f"/g)).toHaveLength(50);
  expect(page).toContain("and 12,344 more findings of this result");
  expect(page).toContain("more characters left out");
});

test("both languages, each with its own words", async () => {
  const [english, chinese] = [await render("web-0"), await render("web-0", "zh-CN")];
  expect(english).toContain('<html lang="en">');
  expect(english).toContain("web-0 is wrong");
  expect(chinese).toContain('<html lang="zh-CN">');
  expect(chinese).toContain("web-0 有问题");
  expect(chinese).toContain("失败");
  expect(chinese).not.toContain("Observed");
});

test("the same run gives the same bytes", async () => {
  expect(await render("web-0")).toBe(await render("web-0"));
});
