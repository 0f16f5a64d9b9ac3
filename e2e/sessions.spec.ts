// A runbook walked by two people in two browsers, and the audit log that tells of it.
import { readFile } from "node:fs/promises";
import { expect, test } from "./fixtures.ts";
import { signUp } from "./sign-up.ts";

test("two people walk a runbook together, close it, and the audit log says so", async ({
  browser,
  product,
  ownerPage: ada,
  owner,
  expectAccessible,
}) => {
  test.setTimeout(180_000);
  await ada.goto(`/${owner.team}/settings/team`);
  await ada.getByRole("button", { name: "Invite" }).click();
  const dialog = ada.getByRole("dialog");
  await dialog.getByLabel("Role").selectOption({ label: "Operator" });
  await dialog.getByRole("button", { name: "Make link" }).click();
  const link = await dialog.getByLabel("Invitation link").inputValue();
  const context = await browser.newContext({ baseURL: product.url, locale: "en" });
  const grace = await context.newPage();
  await signUp(grace, link, {
    ...{ name: "Grace Hopper", email: "grace@example.com", password: "correct horse battery" },
  });

  await test.step("one begins on the runbook's page", async () => {
    await ada.goto(`/${owner.team}/runbooks/duplicate-pod-ip`);
    await ada.getByRole("link", { name: "Walk it together" }).click();
    await expect(ada.getByRole("heading", { name: "New session" })).toBeVisible();
    await ada.getByRole("combobox", { name: "Cluster" }).selectOption({ label: "Practice cluster" });
    await ada.getByRole("textbox", { name: "Title" }).fill("Monday walk");
    await expectAccessible(ada);
    await ada.getByRole("button", { name: "Begin" }).click();
    await expect(ada.getByRole("heading", { name: "Monday walk" })).toBeVisible();
    await expect(ada.getByText(/Here now: Ada Owner/)).toBeVisible();
  });

  const step = (page: typeof ada, number: number) =>
    page.getByRole("checkbox", { name: `Step ${number} is done`, exact: true });
  await test.step("the other comes by the list and each sees what the other does", async () => {
    await grace.goto(`/${owner.team}/sessions`);
    await expectAccessible(grace);
    await grace.getByRole("link", { name: "Monday walk" }).click();
    await expect(ada.getByText(/Here now: .*Grace/)).toBeVisible();
    await step(grace, 1).click();
    await expect(step(ada, 1)).toBeChecked();
    await expect(ada.getByText(/Done by Grace/)).toBeVisible();
    await ada.getByRole("textbox", { name: "Note" }).fill("<b>two pods</b> share *one* address");
    await ada.getByRole("button", { name: "Add note" }).click();
    await expect(grace.getByText("<b>two pods</b> share *one* address")).toBeVisible();
  });

  await test.step("a run that one starts comes to both with its verdict", async () => {
    await grace.getByRole("button", { name: "Run its checks" }).click();
    await expect(ada.locator("[data-verdict]")).toBeVisible({ timeout: 60_000 });
    await expectAccessible(ada);
  });

  await test.step("a single check is run from the text's end, and both see what was asked", async () => {
    await grace.getByText("Run single checks").click();
    await expectAccessible(grace);
    await grace.getByRole("button", { name: "Run “Pods sharing an address”" }).click();
    await expect(grace.locator('[data-check="kubernetes/duplicate-pod-ip"] [data-verdict]')).toBeVisible({
      timeout: 60_000,
    });
    await expect(ada.getByText("kubernetes/duplicate-pod-ip", { exact: true })).toBeVisible();
    const card = grace.locator('[data-check="kubernetes/duplicate-pod-ip"]');
    const read = card.getByRole("listitem").getByText("list pods", { exact: true });
    await card.getByText("What it reads").click();
    await expect(read).toBeVisible();
    await grace.getByText("Run single checks").click();
    await expect(read).toBeHidden();
    await grace.getByText("Run single checks").click();
    await expect(read).toBeVisible();
  });

  await test.step("closed, it can be read and exported by both, and opened again", async () => {
    await ada.getByRole("textbox", { name: "What was found and done" }).fill("# Freed one address");
    await ada.getByRole("button", { name: "Close session" }).click();
    await expect(grace.getByText("# Freed one address")).toBeVisible();
    await expect(step(grace, 2)).toBeDisabled();
    const coming = grace.waitForEvent("download");
    await grace.getByRole("button", { name: "Export as Markdown" }).click();
    const text = await readFile(await (await coming).path(), "utf8");
    expect(text).toContain("\\# Freed one address");
    expect(text).toContain("\\<b\\>two pods\\</b\\> share \\*one\\* address");
    expect(text).toContain("  - kubernetes/duplicate\\-pod\\-ip\n");
    expect(text).toMatch(/- \[x\] 1\\\. .*Grace/);
    await grace.getByRole("button", { name: "Open again" }).click();
    await expect(step(ada, 2)).toBeEnabled();
  });

  await test.step("the audit log tells of it, by filter, and as a file", async () => {
    await ada.goto(`/${owner.team}/settings/audit`);
    await expect(ada.getByRole("row", { name: /Session opened again.*Monday walk/ })).toBeVisible();
    await expectAccessible(ada);
    await ada.getByRole("combobox", { name: "What" }).selectOption({ label: "Session started" });
    await ada.getByRole("button", { name: "Show" }).click();
    await expect(ada).toHaveURL(/action=session.started/);
    await expect(ada.getByRole("row")).toHaveCount(2);
    const coming = ada.waitForEvent("download");
    await ada.getByRole("link", { name: "Export as JSON lines" }).click();
    const lines = (await readFile(await (await coming).path(), "utf8")).trim().split("\n");
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "").event).toMatchObject({ action: "session.started" });
    const answer = await grace.request.get(`${product.url}/api/audit/${owner.team}`);
    expect(answer.status()).toBe(403);
  });
  await context.close();
});
