// People: the first account by its link, signing in and out, inviting, what each role may not do, both languages.
import type { Browser, Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";

async function freshPage(browser: Browser, baseURL: string, locale = "en"): Promise<Page> {
  const context = await browser.newContext({ baseURL, locale });
  return context.newPage();
}

async function signIn(page: Page, account: { email: string; password: string }) {
  await page.getByLabel("Email").fill(account.email);
  await page.getByLabel("Password", { exact: true }).fill(account.password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Makes a link as the owner and hands back its address. */
async function invite(ownerPage: Page, team: string, role: string): Promise<string> {
  await ownerPage.goto(`/${team}/settings/team`);
  await ownerPage.getByRole("button", { name: "Invite" }).click();
  const dialog = ownerPage.getByRole("dialog");
  await dialog.getByLabel("Role").selectOption({ label: role });
  await dialog.getByRole("button", { name: "Make link" }).click();
  const url = await dialog.getByLabel("Invitation link").inputValue();
  await dialog.getByRole("button", { name: "Close" }).last().click();
  return url;
}

test("a wrong password says so and loses nothing; the right one leads back to where one was going", async ({
  browser,
  product,
  owner,
  expectAccessible,
}) => {
  const page = await freshPage(browser, product.url);
  await page.goto(`/${owner.team}/runbooks?tag=network`);
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await expectAccessible(page);

  await signIn(page, { email: owner.email, password: "not the right one" });
  await expect(page.getByText("This email and password do not belong together")).toBeVisible();
  await expect(page.getByLabel("Email")).toHaveValue(owner.email);

  await signIn(page, owner);
  await expect(page).toHaveURL(new RegExp(`/${owner.team}/runbooks\\?tag=network`));

  await page.getByRole("button", { name: /Account of/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await page.goto(`/${owner.team}/overview`);
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await page.context().close();
});

test("an invitation makes a viewer, who reads and is told why the rest is closed", async ({
  browser,
  product,
  owner,
  ownerPage,
  expectAccessible,
}) => {
  const url = await invite(ownerPage, owner.team, "Viewer");
  await expectAccessible(ownerPage);

  const page = await freshPage(browser, product.url);
  await page.goto(url);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByText("Fill this in.").first()).toBeVisible();
  await page.getByLabel("Your name").fill("Vera Viewer");
  await page.getByLabel("Email").fill("vera@example.com");
  await page.getByLabel("Password", { exact: true }).fill("purple kettle seventeen");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page).toHaveURL(new RegExp(`/${owner.team}/overview`));

  await test.step("a viewer's pages", async () => {
    await page.goto(`/${owner.team}/settings/team`);
    await expect(page.getByText("Only an owner can rename the team.")).toBeVisible();
    await expect(page.getByRole("button", { name: "Rename" })).toBeDisabled();
    await expect(page.getByRole("button", { name: "Invite" })).toHaveCount(0);
    await expectAccessible(page);
    await page.goto(`/${owner.team}/clusters/connect`);
    await expect(page.getByText("Only administrators and owners change clusters.")).toBeVisible();
    await expect(page.getByRole("textbox", { name: "Kubeconfig" })).toHaveCount(0);
  });

  await test.step("the link works once", async () => {
    const late = await freshPage(browser, product.url);
    await late.goto(url);
    await expect(late.getByRole("heading", { level: 1 })).toHaveText("This link can no longer be used");
    await late.context().close();
  });

  await test.step("the owner raises the role, then removes the member", async () => {
    await ownerPage.goto(`/${owner.team}/settings/team`);
    await ownerPage.getByLabel("Role of Vera Viewer").selectOption({ label: "Operator" });
    await expect(ownerPage.getByText("Vera Viewer is now Operator")).toBeVisible();
    await ownerPage.getByRole("button", { name: "Remove Vera Viewer" }).click();
    await ownerPage.getByRole("dialog").getByRole("button", { name: "Remove Vera Viewer" }).click();
    await expect(ownerPage.getByText("Vera Viewer was removed")).toBeVisible();
    await page.goto(`/${owner.team}/overview`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("There is nothing here");
  });
  await page.context().close();
});

test("a language is chosen in the menu and stays", async ({ ownerPage: page, expectAccessible }) => {
  await page.getByRole("button", { name: /Account of/ }).click();
  await page.getByRole("menuitemcheckbox", { name: "中文" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("总览");
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
  await expectAccessible(page);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("总览");
  await page.getByRole("button", { name: /的账户/ }).click();
  await page.getByRole("menuitemcheckbox", { name: "English" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Overview");
});

test("everything in the frame is reached by keyboard", async ({
  ownerPage: page,
  owner,
  expectAccessible,
}) => {
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();

  await page.keyboard.press("Control+k");
  const search = page.getByRole("combobox", { name: "Search runbooks and pages" });
  await expect(search).toBeFocused();
  await expectAccessible(page);
  await page.keyboard.type("clust");
  await page.getByRole("option", { name: /^Clusters/ }).waitFor();
  for (let presses = 0; presses < 12; presses++) {
    if (await page.getByRole("option", { name: /^Clusters/, selected: true }).isVisible()) break;
    await page.keyboard.press("ArrowDown");
  }
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/${owner.team}/clusters`));
  await expect(page.getByRole("link", { name: "Clusters", exact: true })).toHaveAttribute(
    "aria-current",
    "page",
  );

  await page.keyboard.press("Control+k");
  await expect(search).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(search).toHaveCount(0);
});

test("on a phone the navigation is a drawer", async ({ ownerPage: page, owner, expectAccessible }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("button", { name: "Open navigation" }).click();
  const drawer = page.getByRole("dialog", { name: "Navigation" });
  await expectAccessible(page);
  await drawer.getByRole("link", { name: "Runbooks" }).click();
  await expect(page).toHaveURL(new RegExp(`/${owner.team}/runbooks`));
  await expect(drawer).toHaveCount(0);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});
