// Findings: two people in two browsers see the same one arrive, speak of it, mute it, and read what changed.
import type { Browser, Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";

test.use({ apart: "findings" });

/** Makes an operator by a link of the owner, and a page of theirs. */
async function secondPerson(
  browser: Browser,
  owner: { page: Page; team: string; url: string },
): Promise<Page> {
  await owner.page.goto(`/${owner.team}/settings/team`);
  await owner.page.getByRole("button", { name: "Invite" }).click();
  const dialog = owner.page.getByRole("dialog");
  await dialog.getByLabel("Role").selectOption({ label: "Operator" });
  await dialog.getByRole("button", { name: "Make link" }).click();
  const link = await dialog.getByLabel("Invitation link").inputValue();
  await dialog.getByRole("button", { name: "Close" }).last().click();
  const context = await browser.newContext({ baseURL: owner.url, locale: "en" });
  const page = await context.newPage();
  await page.goto(link);
  await page.getByLabel("Your name").fill("Grace");
  await page.getByLabel("Email").fill("grace@example.com");
  await page.getByLabel("Password", { exact: true }).fill("purple kettle seventeen");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page).toHaveURL(new RegExp(`/${owner.team}/overview`));
  return page;
}

function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

test("one runs, the other sees it arrive, comments and mutes, the first reads of it", async ({
  browser,
  product,
  owner,
  ownerPage: ada,
  expectAccessible,
}) => {
  test.setTimeout(180_000);
  const grace = await secondPerson(browser, { page: ada, team: owner.team, url: product.url });
  await grace.goto(`/${owner.team}/findings`);
  await expect(grace.getByRole("heading", { name: "Nothing here" })).toBeVisible();
  await expectAccessible(grace);

  await test.step("what Ada's run finds appears before Grace without reloading", async () => {
    await ada.goto(`/${owner.team}/runbooks/duplicate-pod-ip?cluster=practice`);
    await ada
      .getByRole("complementary")
      .getByRole("button", { name: /^Run (check|\d+ checks)$/ })
      .click();
    await expect(grace.getByRole("table").getByRole("row").nth(1)).toBeVisible({ timeout: 60_000 });
    await expect(grace.getByText(/[1-9]\d* open · 0 muted/)).toBeVisible();
    await expectAccessible(grace);
  });

  await test.step("filters are in the address", async () => {
    await grace.getByRole("searchbox", { name: "Contains" }).fill("nothing is called like this");
    await expect(grace.getByRole("heading", { name: "No finding matches these filters" })).toBeVisible();
    await expect(grace).toHaveURL(/text=nothing/);
    await grace.getByRole("button", { name: "Clear filters" }).first().click();
    await expect(grace.getByRole("table").getByRole("row").nth(1)).toBeVisible();
  });

  await grace.getByRole("table").getByRole("link").first().click();
  await expect(grace).toHaveURL(/\/findings\/[0-9a-f-]{36}/);
  const address = new URL(grace.url()).pathname;
  await ada.goto(address);

  await test.step("Grace names Ada in a comment, and Ada sees it as it is said", async () => {
    const box = grace.getByRole("textbox", { name: "Write a comment" });
    await box.fill("Seen with the new node, see https://example.com/ticket <b>7</b> @Ada");
    await grace.getByRole("button", { name: "@Ada Owner" }).click();
    await grace.getByRole("button", { name: "Comment", exact: true }).click();
    await expect(ada.getByText("Seen with the new node", { exact: false }).first()).toBeVisible();
    await expect(ada.getByRole("link", { name: "https://example.com/ticket" })).toBeVisible();
    await expect(ada.getByText("<b>7</b>", { exact: false }).first()).toBeVisible();
    await expectAccessible(ada);
  });

  await test.step("Grace mutes it, with a reason and until when; Ada sees that too", async () => {
    await grace.getByRole("button", { name: "Mute", exact: true }).click();
    const dialog = grace.getByRole("dialog");
    await dialog.getByLabel("Why").fill("The node is drained on Monday");
    await dialog.getByLabel("Until the end of").fill(inDays(3));
    await expectAccessible(grace);
    await dialog.getByRole("button", { name: "Mute" }).click();
    await expect(grace.getByRole("button", { name: "End the mute" })).toBeVisible();
    await expect(ada.getByText("The node is drained on Monday").first()).toBeVisible();
  });

  await test.step("muted it is still there, counted and marked, in the list and in its run", async () => {
    await ada.goto(`/${owner.team}/findings?state=muted`);
    await expect(ada.getByText(/\d+ open · 1 muted/)).toBeVisible();
    await expect(ada.getByRole("table").getByRole("row").nth(1)).toContainText("Muted");
    await ada.getByRole("table").getByRole("link").first().click();
    await ada.getByRole("link", { name: "Open the run" }).first().click();
    await expect(ada).toHaveURL(/\/runs\//);
    await expect(ada.getByRole("link", { name: "Muted" }).first()).toBeVisible();
  });

  await test.step("Ada's inbox names the comment; once seen it is new no more", async () => {
    await ada.goto(`/${owner.team}/inbox`);
    await expect(ada.getByRole("link", { name: "Grace named you in a comment" })).toBeVisible();
    await expectAccessible(ada);
    await ada.getByRole("button", { name: "Mark all as seen" }).click();
    await expect(ada.getByText("Nothing new since you looked")).toBeVisible();
    await ada.goto(`/${owner.team}/overview`);
    await expect(ada.getByRole("link", { name: /\d+ open · 1 muted/ })).toBeVisible();
  });

  await test.step("several at a time are acknowledged", async () => {
    await ada.goto(`/${owner.team}/findings?state=open`);
    const rows = ada.getByRole("table").getByRole("row");
    await expect(rows.nth(1)).toBeVisible();
    await ada.getByRole("checkbox", { name: "Choose all shown" }).check();
    await ada.getByRole("button", { name: "Acknowledge", exact: true }).click();
    const dialog = ada.getByRole("dialog");
    await dialog.getByLabel("Why").fill("Known since spring");
    await dialog.getByRole("button", { name: "Acknowledge" }).click();
    await expect(ada.getByText("0 open · 1 muted")).toBeVisible();
  });
  await grace.context().close();
});
