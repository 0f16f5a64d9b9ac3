// A run of one check with 50,000 findings, opened and scrolled in a browser on the production build.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "@playwright/test";
import { noCounts } from "#common/result.ts";
import { ensureBuild } from "#scripts/launcher/build.ts";
import { ensureChromium } from "#scripts/test-run/chromium.ts";
import { openDatabase } from "#server/db.ts";
import { newDataFolder, removeDataFolder, startProduct } from "#testing/product.ts";
import { makeResult, makeRun } from "#testing/run-rows.ts";
import { signUp } from "../../e2e/sign-up.ts";
import { percentile, type Row, row } from "../report.ts";

const findings = 50_000;
/** asked for while scrolling */
const pages = 20;
const person = { name: "Bench", email: "bench@example.com", password: "correct horse battery" };

export async function largeRun({
  rounds,
  log,
}: {
  rounds: number;
  log: (line: string) => void;
}): Promise<Row[]> {
  await ensureBuild(new AbortController().signal, () => log("building the pages"));
  const dataDir = newDataFolder();
  const product = await startProduct({ dataDir });
  let browser: Browser | undefined;
  try {
    browser = await chromium.launch({ executablePath: ensureChromium(), args: ["--no-sandbox"] });
    const page = await (await browser.newContext({ baseURL: product.url, locale: "en" })).newPage();
    const team = await signUp(page, product.joinUrl ?? "", person);
    const address = `/${team}/runs/${await plant(dataDir)}`;
    const opened: number[] = [];
    const longest: number[] = [];
    await open(page, address);
    for (let round = 0; round < rounds; round += 1) {
      opened.push(await open(page, address));
      longest.push(await scroll(page));
      log(
        `round ${round + 1}: rows after ${opened.at(-1)?.toFixed(0)} ms, longest task ${longest.at(-1)?.toFixed(0)} ms`,
      );
    }
    return [
      row("large-run", `${findings} findings: address typed to first rows`, "ms", opened),
      row("large-run", "longest task while scrolling and paging", "ms", longest, { most: 200 }),
      row("large-run", "first rows, p95", "ms", [percentile(opened, 95)], { most: 1_000 }),
    ];
  } finally {
    await browser?.close();
    await product.stop();
    removeDataFolder(dataDir);
  }
}

/** The run as a worker leaves it, in the database that the product brought; returns its id. */
async function plant(dataDir: string): Promise<string> {
  const url = /^DATABASE_URL=(.+)$/m.exec(readFileSync(join(dataDir, "env"), "utf8"))?.[1] ?? "";
  const { db, pool, close } = openDatabase({ url, onPoolError: () => {} });
  try {
    const { id: clusterId, teamId } = await db.cluster.findFirstOrThrow({ where: { practice: true } });
    const place = { db, teamId, clusterId };
    const counts = { ...noCounts, fail: findings };
    const run = await makeRun(place, { counts: { ...noCounts, fail: 1 } });
    const result = await makeResult(place, run.id, { counts, coverage: [] });
    await pool.query(
      `INSERT INTO finding ("runId", "resultId", ordinal, fingerprint, verdict, code, subject, message, observed, expected)
       SELECT $1, $2, n, md5(n::text), 'fail', 'example',
         jsonb_build_object('kind', 'Pod', 'namespace', 'team-' || n % 50, 'name', 'app-' || n),
         jsonb_build_object('en', 'Container is throttled: app-' || n, 'zh-CN', '容器被限流：app-' || n), '92 %', 'below 25 %'
       FROM generate_series(0, $3::int - 1) n`,
      [run.id, result.id, findings],
    );
    return run.id;
  } finally {
    await close();
  }
}

const shown = "article[data-verdict]";

/** From the moment the address is typed until findings are on the screen, in ms. */
async function open(page: Page, address: string): Promise<number> {
  await page.goto("about:blank");
  const began = performance.now();
  await page.goto(address, { waitUntil: "commit" });
  await page.locator(shown).first().waitFor();
  return performance.now() - began;
}

/** Scrolls to the end and asks for more, again and again; the longest task of the page meanwhile, in ms. */
async function scroll(page: Page): Promise<number> {
  await page.waitForLoadState("networkidle");
  await page.evaluate(() => {
    const seen = globalThis as { longestMs?: number };
    seen.longestMs = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.longestMs = Math.max(seen.longestMs ?? 0, duration);
    }).observe({ entryTypes: ["longtask"] });
  });
  for (let time = 1; time <= pages; time += 1) {
    const before = await page.locator(shown).count();
    await page.mouse.wheel(0, 4_000);
    await page.getByRole("button", { name: "Show more findings" }).click();
    await page.waitForFunction(({ selector, count }) => document.querySelectorAll(selector).length > count, {
      selector: shown,
      count: before,
    });
  }
  return page.evaluate(() => (globalThis as { longestMs?: number }).longestMs ?? 0);
}
