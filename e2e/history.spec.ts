// The history: narrowed, kept as a view, two runs chosen and compared, all of it by keyboard.
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";

test.use({ apart: "history", timezoneId: "Asia/Shanghai" });

async function run(page: Page, team: string, slug: string): Promise<void> {
  await page.goto(`/${team}/runbooks/${slug}?cluster=practice`);
  const rail = page.getByRole("complementary");
  await rail.getByRole("button", { name: /^Run (check|\d+ checks)$/ }).click();
  await expect(rail.getByRole("button", { name: /^Run (check|\d+ checks)$/ })).toBeVisible({
    timeout: 60_000,
  });
}

test("narrow the history, keep the view, compare two runs by keyboard", async ({
  ownerPage: page,
  owner,
  expectAccessible,
}) => {
  test.setTimeout(180_000);
  await page.goto(`/${owner.team}/history`);
  await expect(page.getByRole("heading", { name: "No runs yet" })).toBeVisible();
  await expectAccessible(page);
  await run(page, owner.team, "duplicate-pod-ip");
  await run(page, owner.team, "duplicate-pod-ip");

  await page.goto(`/${owner.team}/history`);
  const rows = page.getByRole("table").getByRole("row");
  await expect(rows).toHaveCount(3);
  await expectAccessible(page);

  await test.step("words, and what fits nothing", async () => {
    const words = page.getByRole("searchbox", { name: "Words" });
    await words.fill("duplicate address");
    await expect(page).toHaveURL(/words=duplicate/);
    await expect(rows).toHaveCount(3);
    await words.fill("no-such-word");
    await expect(page.getByRole("heading", { name: "No run matches" })).toBeVisible();
    await page.getByRole("main").getByRole("button", { name: "Clear filters" }).last().click();
    await expect(rows).toHaveCount(3);
  });

  await test.step("results of one check, kept as a view and opened again", async () => {
    await page.getByRole("button", { name: "Results" }).press("Enter");
    await page.getByRole("combobox", { name: "Check" }).selectOption({ label: "Pods sharing an address" });
    await page.getByRole("combobox", { name: "When" }).selectOption({ label: "Last 7 days" });
    await expect(
      page.getByRole("table", { name: "" }).getByRole("link", { name: "Pods sharing an address" }),
    ).toHaveCount(2);
    await expectAccessible(page);
    const coming = page.waitForEvent("download");
    await page.getByRole("link", { name: "Export CSV" }).click();
    const lines = (await readFile(await (await coming).path(), "utf8")).trimEnd().split("\r\n");
    expect(lines[0]).toMatch(/^run,result,asked_at,/);
    expect(lines.slice(1).map((line) => line.includes(",kubernetes/duplicate-pod-ip,"))).toEqual([
      true,
      true,
    ]);
    await page.getByRole("button", { name: "Save this view" }).press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog.getByRole("textbox", { name: "Name" })).toHaveAccessibleDescription(/./);
    await dialog.getByRole("textbox", { name: "Name" }).fill("Addresses this week");
    await dialog.getByRole("checkbox", { name: /Share with the team/ }).check();
    await expectAccessible(page);
    await page.keyboard.press("Enter");
    await expect(dialog).toHaveCount(0);
    await page.goto(`/${owner.team}/history`);
    const views = page.getByRole("region", { name: "Saved views" });
    await views.getByRole("link", { name: /Addresses this week/ }).press("Enter");
    await expect(page).toHaveURL(/view=results/);
    await expect(page.getByRole("combobox", { name: "When" })).toHaveValue("7");
    await page.reload();
    const exported = page.getByRole("link", { name: "Export CSV" });
    await expect(exported).toHaveAttribute("href", /from=\d{4}-\d\d-\d\dT16%3A00/);
    await expect(views.getByRole("link", { name: /Addresses this week/ })).toHaveAttribute(
      "aria-current",
      "page",
    );
    await views.getByRole("button", { name: /Change or remove/ }).click();
    await page.getByRole("menuitem", { name: "Remove" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await expect(views.getByRole("link")).toHaveCount(0);
  });

  await test.step("two runs, chosen with the space bar", async () => {
    await page.goto(`/${owner.team}/history`);
    const boxes = page.getByRole("table").getByRole("checkbox");
    await expect(boxes).toHaveCount(2);
    await boxes.nth(0).press("Space");
    await expect(page.getByText("One run chosen.")).toBeVisible();
    await boxes.nth(1).press("Space");
    await page.getByRole("link", { name: "Compare", exact: true }).press("Enter");
    await expect(page).toHaveURL(/\/compare\/.*with=/);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expectAccessible(page);
    const coming = page.waitForEvent("download");
    await page.getByRole("link", { name: "Export JSON" }).click();
    const compared = JSON.parse(await readFile(await (await coming).path(), "utf8"));
    expect(compared.items[0].counts).toMatchObject({ new: 0, fixed: 0 });
  });
});
