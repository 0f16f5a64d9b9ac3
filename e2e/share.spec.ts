// A run is shared with somebody who has no account, read there without names, ended, and handed out as a signed bundle.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import type { Browser, Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";

async function run(page: Page, team: string): Promise<void> {
  await page.goto(`/${team}/runbooks/duplicate-pod-ip?cluster=practice`);
  const rail = page.getByRole("complementary");
  const button = rail.getByRole("button", { name: /^Run (check|\d+ checks)$/ });
  await button.click();
  await expect(page).toHaveURL(/run=/, { timeout: 60_000 });
  await expect(button).toBeVisible({ timeout: 60_000 });
  await page.goto(`/${team}/runs/${new URL(page.url()).searchParams.get("run")}`);
}

/** A browser that was never here: no cookie, nothing kept. What it complains of is collected. */
async function visit(browser: Browser, url: string) {
  const context = await browser.newContext({ locale: "en" });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  const response = await page.goto(url);
  return { context, page, complaints, requests, response };
}

test("share a run, read it without an account, end the link, verify a bundle", async ({
  ownerPage: page,
  owner,
  browser,
  expectAccessible,
}, testInfo) => {
  test.setTimeout(300_000);
  await run(page, owner.team);
  const names = await test.step("the page of the run tells which names there are to hide", async () => {
    await expect(page.getByText("Observed").first()).toBeVisible({ timeout: 60_000 });
    return (await page.getByRole("main").textContent())?.match(/\b10\.\d+\.\d+\.\d+\b/g) ?? [];
  });

  const link = await test.step("an operator makes a link; names are hidden unless asked for", async () => {
    await page.getByRole("button", { name: "Share", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByText("None yet.")).toBeVisible();
    await expect(dialog.getByRole("checkbox", { name: /Hide names/ })).toBeChecked();
    await dialog.getByRole("textbox", { name: "For whom or what" }).fill("Change 4711");
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Make link" }).click();
    const address = await dialog.getByRole("textbox", { name: "Link" }).inputValue();
    expect(address).toMatch(/\/share\/[A-Za-z0-9_-]{43}$/);
    await expect(dialog.getByRole("listitem")).toContainText("Change 4711");
    await page.keyboard.press("Escape");
    return address;
  });

  await test.step("somebody without an account reads it, and nothing else", async () => {
    const guest = await visit(browser, link);
    expect(guest.response?.status()).toBe(200);
    expect(guest.response?.headers()).toMatchObject({ "referrer-policy": "no-referrer" });
    expect(guest.response?.headers()["x-robots-tag"]).toContain("noindex");
    await expect(guest.page.getByText("Shared from Weekbook, to read only.")).toBeVisible();
    await expect(guest.page.getByRole("heading", { level: 1 })).toBeVisible();
    const text = await guest.page.locator("body").textContent();
    expect(text).toMatch(/pod-[0-9a-f]{8}/);
    for (const hidden of [...names, owner.name, "practice-worker"]) expect(text).not.toContain(hidden);
    await expectAccessible(guest.page);
    expect(guest.requests).toEqual([link]);
    expect(await guest.page.locator("script").count()).toBe(0);
    await guest.page.getByRole("link", { name: "中文" }).click();
    await expect(guest.page.locator("html")).toHaveAttribute("lang", "zh-CN");
    await expectAccessible(guest.page);
    await guest.page.setViewportSize({ width: 390, height: 844 });
    expect(await guest.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(guest.complaints).toEqual([]);
    expect(await guest.context.cookies()).toEqual([]);
    await guest.context.close();
  });

  await test.step("a signed bundle is what the public key says", async () => {
    await page.getByRole("button", { name: "Download" }).click();
    const waiting = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: /Signed bundle/ }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toMatch(/\.zip$/);
    const file = testInfo.outputPath("bundle.zip");
    await download.saveAs(file);
    const key = testInfo.outputPath("key.pem");
    const pem = await page.request.get("/api/v1/signing-keys.pem");
    writeFileSync(key, await pem.text());
    const said = execFileSync(process.execPath, ["cli/weekbook.ts", "verify", file, "--key", key], {
      env: { ...process.env, LANG: "C" },
    }).toString();
    expect(said).toContain("report.html, report.json are as they were signed");
  });

  await test.step("the settings list it, opened twice; ended, it is as if it had never been", async () => {
    await page.goto(`/${owner.team}/settings/shares`);
    const row = page.getByRole("listitem").filter({ hasText: "Change 4711" });
    await expect(row).toContainText("2 times");
    await expect(page.getByText(/^sha256:[0-9a-f]{64}$/)).toBeVisible();
    await expectAccessible(page);
    await row.getByRole("button", { name: "End the link: Change 4711" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "End", exact: true }).click();
    await expect(row).toContainText("Ended");
    const late = await visit(browser, link);
    const madeUp = await visit(browser, link.replace(/.{43}$/, "A".repeat(43)));
    expect([late.response?.status(), madeUp.response?.status()]).toEqual([404, 404]);
    await expect(late.page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
    expect(await late.page.content()).toBe(await madeUp.page.content());
    await expectAccessible(late.page);
    await late.context.close();
    await madeUp.context.close();
  });
});
