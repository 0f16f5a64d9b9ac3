// Every runbook of the library opens in both languages, and its tools compute.
import { readdirSync, readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";

const slugs = readdirSync(new URL("../runbooks/", import.meta.url));
const withTools = slugs.filter((slug) =>
  readFileSync(new URL(`../runbooks/${slug}/en.md`, import.meta.url), "utf8").includes("{% tool "),
);
const languages = [
  { locale: "en", seeIt: "See it" },
  { locale: "zh-CN", seeIt: "看一看" },
] as const;

function watchProblems(page: Page): string[] {
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
  });
  return problems;
}

for (const { locale, seeIt } of languages) {
  test.describe(locale, () => {
    // One page for all of them, as a reader would: what they share is loaded once.
    let page: Page;
    let problems: string[];
    test.beforeAll(async ({ browser, owner, product }) => {
      const { url: baseURL } = product;
      const context = await browser.newContext({ baseURL, storageState: owner.session, locale: "en" });
      const domain = new URL(baseURL).hostname;
      await context.addCookies([{ name: "weekbook-locale", value: locale, domain, path: "/" }]);
      page = await context.newPage();
      problems = watchProblems(page);
    });
    test.afterAll(() => page.context().close());

    for (const slug of slugs) {
      test(`${slug} opens in ${locale}`, async ({ owner, expectAccessible }) => {
        problems.length = 0;
        await page.goto(`/${owner.team}/runbooks/${slug}`);
        await expect(page.locator("html")).toHaveAttribute("lang", locale);
        await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
        await expect(page.getByRole("heading", { level: 2, name: seeIt })).toBeVisible();
        await expect(
          page.locator(".runbook-article :is(section[data-check], .article-tool)").first(),
        ).toBeVisible();
        await expectAccessible(page);
        expect(problems).toEqual([]);
      });
    }
  });
}

test("each tool answers to its controls and keeps its state in the address", async ({
  ownerPage: page,
  owner,
}) => {
  test.setTimeout(withTools.length * 15_000);
  let tools = 0;
  for (const slug of withTools) {
    await page.goto(`/${owner.team}/runbooks/${slug}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    for (const tool of await page.locator(".article-tool").all()) {
      const control = tool.locator("input").first();
      await expect(control).toBeVisible();
      const before = await tool.textContent();
      const address = page.url();
      const isRange = (await control.getAttribute("type")) === "range";
      // What is shown before the page listens may be moved in vain: then it is moved once more.
      let next = 3;
      await expect(async () => {
        if (isRange) await control.press("PageUp");
        else await control.fill(String(next++));
        await expect.poll(() => page.url(), { timeout: 3_000 }).not.toBe(address);
      }).toPass({ timeout: 30_000 });
      await expect.poll(() => tool.textContent()).not.toBe(before);
      const after = await tool.textContent();
      await page.reload();
      await expect.poll(() => tool.textContent()).toBe(after);
      tools += 1;
    }
  }
  expect(tools).toBeGreaterThanOrEqual(withTools.length);
});

for (const slug of [
  "cpu-limits-and-throttling",
  "retry-strategies",
  "layered-image-cache",
  "disk-and-raid-capacity",
]) {
  test(`the simulator of ${slug} answers while its slider is dragged`, async ({ ownerPage: page, owner }) => {
    await page.goto(`/${owner.team}/runbooks/${slug}`);
    const tool = page
      .locator(".article-tool")
      .filter({ has: page.locator("input[type=range]") })
      .first();
    const slider = tool.locator("input[type=range]").first();
    await expect(slider).toBeVisible();
    // What is dragged before the page listens may be dragged in vain: then it is dragged once more.
    await expect(async () => {
      await slider.scrollIntoViewIfNeeded();
      const box = await slider.boundingBox();
      if (!box) throw new Error("the slider is not shown");
      const to = (share: number) =>
        page.mouse.move(box.x + box.width * share, box.y + box.height / 2, { steps: 5 });
      const seen = [await tool.textContent()];
      await to(0.2);
      await page.mouse.down();
      try {
        for (const share of [0.5, 0.9]) {
          await to(share);
          await expect.poll(() => tool.textContent(), { timeout: 2_000 }).not.toBe(seen.at(-1));
          seen.push(await tool.textContent());
        }
      } finally {
        await page.mouse.up();
      }
      expect(new Set(seen).size).toBe(3);
    }).toPass({ timeout: 30_000 });
  });
}

test("the main job by keyboard alone", async ({ ownerPage: page, owner }) => {
  const focus = async (name: RegExp) => {
    for (let press = 0; press < 80; press += 1) {
      await page.keyboard.press("Tab");
      const label = await page.evaluate(() => {
        const { activeElement } = document;
        return activeElement?.getAttribute("aria-label") ?? activeElement?.textContent ?? "";
      });
      if (name.test(label.trim())) return;
    }
    throw new Error(`Tab never reached ${name}`);
  };
  await page.goto(`/${owner.team}/runbooks/duplicate-pod-ip?cluster=practice`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await focus(/^Run (check|\d+ checks)$/);
  await page.keyboard.press("Enter");
  await expect(page.locator("article[data-verdict=fail]").first()).toBeVisible();
  await focus(/^Open run$/);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}/);
  await focus(/^Compare$/);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/compare\//);
});

test("what does not fit the chosen cluster is said before anything runs", async ({
  ownerPage: page,
  owner,
}) => {
  await page.goto(`/${owner.team}/runbooks/default-log-container?cluster=this-machine`);
  const rail = page.getByRole("complementary", { name: "Run the checks of this runbook" });
  await expect(rail.getByText("None of these checks applies")).toBeVisible();
  await expect(rail.getByRole("button", { name: "Run check" })).toBeDisabled();
});

test("this machine shows the real values of its kernel", async ({ ownerPage: page, owner }) => {
  const somaxconn = readFileSync("/proc/sys/net/core/somaxconn", "utf8").trim();
  await page.goto(`/${owner.team}/runbooks/tcp-accept-queues?cluster=this-machine`);
  await page
    .getByRole("button", { name: /^Run (check|\d+ checks)$/ })
    .first()
    .click();
  const card = page.locator('section[data-check="host/tcp-accept-queues"]');
  await expect(card.getByText(`net.core.somaxconn = ${somaxconn}`).first()).toBeVisible({ timeout: 30_000 });
});
