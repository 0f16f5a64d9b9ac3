// From the click on "Run check" to the first finding on the screen, in a real browser on the production build.
import { type Browser, chromium, type Page } from "@playwright/test";
import { ensureBuild } from "#scripts/launcher/build.ts";
import { ensureChromium } from "#scripts/test-run/chromium.ts";
import { newDataFolder, removeDataFolder, startProduct } from "#testing/product.ts";
import { signUp } from "../e2e/sign-up.ts";
import { percentile, type Row, row } from "./report.ts";

const clicks = 20;
const slug = "duplicate-pod-ip";
const check = "kubernetes/duplicate-pod-ip";
const person = { name: "Bench", email: "bench@example.com", password: "correct horse battery" };

/** Each round is `clicks` runs; what is told is their 95th percentile. */
export async function firstResult(options: { rounds: number; log: (line: string) => void }): Promise<Row[]> {
  await ensureBuild(new AbortController().signal, () => options.log("building the pages"));
  const dataDir = newDataFolder();
  const product = await startProduct({ dataDir });
  let browser: Browser | undefined;
  try {
    browser = await chromium.launch({ executablePath: ensureChromium(), args: ["--no-sandbox"] });
    const page = await (await browser.newContext({ baseURL: product.url, locale: "en" })).newPage();
    const team = await signUp(page, product.joinUrl ?? "", person);
    const address = `/${team}/runbooks/${slug}?cluster=practice`;
    await clickAndWait(page, address);
    const p95: number[] = [];
    const medians: number[] = [];
    for (let round = 1; round <= options.rounds; round += 1) {
      const taken: number[] = [];
      for (let click = 0; click < clicks; click += 1) taken.push(await clickAndWait(page, address));
      p95.push(percentile(taken, 95));
      medians.push(percentile(taken, 50));
      options.log(
        `round ${round}: median ${medians.at(-1)?.toFixed(0)} ms, p95 ${p95.at(-1)?.toFixed(0)} ms`,
      );
    }
    return [
      row("first-result", `click to first finding, p95 of ${clicks}`, "ms", p95, { most: 500 }),
      row("first-result", "click to first finding, median", "ms", medians),
    ];
  } finally {
    await browser?.close();
    await product.stop();
    removeDataFolder(dataDir);
  }
}

/** Timed by the page's own clock: from the click event until a finding is painted, in ms. */
async function clickAndWait(page: Page, address: string): Promise<number> {
  await page.goto(address);
  const button = page.getByRole("complementary").getByRole("button", { name: /^Run (check|\d+ checks)$/ });
  await button.waitFor();
  await page.waitForLoadState("networkidle");
  const finding = `section[data-check="${check}"] article[data-verdict]`;
  const timed = page.evaluate(
    (selector) =>
      new Promise<number>((resolve) => {
        document.addEventListener(
          "click",
          () => {
            const started = performance.now();
            const look = () => {
              if (!document.querySelector(selector)) return void requestAnimationFrame(look);
              resolve(performance.now() - started);
            };
            requestAnimationFrame(look);
          },
          { once: true, capture: true },
        );
      }),
    finding,
  );
  await button.click();
  return timed;
}
