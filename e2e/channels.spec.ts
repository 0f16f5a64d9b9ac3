// Channels: a signed webhook added, tested, told by a run, quiet, switched off and removed.
import { createHmac } from "node:crypto";
import { startHttpReceiver } from "#testing/http-receiver.ts";
import { expect, test } from "./fixtures.ts";

test.use({ apart: "channels", timezoneId: "Europe/Berlin" });

test("add a signed webhook, test it, let a run tell it, look at its messages, remove it", async ({
  ownerPage: page,
  owner,
  expectAccessible,
}) => {
  test.setTimeout(120_000);
  const receiver = await startHttpReceiver();
  const dialog = page.getByRole("dialog");
  // The one in the dialog's corner is called Close as well.
  const press = (name: string) => dialog.getByRole("button", { name, exact: true }).last().click();
  const row = page.getByRole("listitem").filter({ hasText: "Robot" });
  let secret = "";

  await test.step("nobody is told yet; what is wrong is said at its field and nothing typed is lost", async () => {
    await page.goto(`/${owner.team}/settings/channels`);
    await expect(page.getByRole("heading", { name: "Nobody is told yet" })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Add channel" }).click();
    await dialog.getByRole("textbox", { name: "Name", exact: true }).fill("Robot");
    await dialog.getByRole("combobox", { name: "Kind", exact: true }).selectOption("webhook");
    await expect(dialog.getByRole("option", { name: /E-mail/ })).toBeDisabled();
    const address = dialog.getByRole("textbox", { name: "Address" });
    await address.fill("http://hooks.example.com/x");
    await press("Add channel");
    await expect(address).toHaveAccessibleDescription(/begin with https/);
    await expect(dialog.getByRole("textbox", { name: "Name", exact: true })).toHaveValue("Robot");
    await expectAccessible(page);
    await address.fill(receiver.url("/hook/not-to-be-shown-abcd"));
    await dialog.getByRole("textbox", { name: "Wait for more (seconds)" }).fill("0");
    await press("Add channel");
  });

  await test.step("its secret is shown once", async () => {
    const shown = dialog.getByRole("textbox", { name: "Signing secret" });
    await expect(shown).toHaveValue(/^whsec_/);
    secret = await shown.inputValue();
    await expectAccessible(page);
    await press("Close");
    await expect(row).toContainText(`127.0.0.1:${receiver.port}/…abcd`);
    await page.reload();
    await expect(row).toBeVisible();
    expect(await page.content()).not.toContain("not-to-be-shown");
    expect(await page.content()).not.toContain(secret);
  });

  await test.step("a test shows the far end's answer, good or bad", async () => {
    receiver.answerNext((response) => response.writeHead(418).end("I am a teapot"));
    await row.getByRole("button", { name: "Test Robot" }).click();
    await press("Send a test message");
    await expect(dialog.locator("[data-state=given_up]")).toBeVisible({ timeout: 20_000 });
    await expect(dialog).toContainText("The far end answered 418.");
    await expect(dialog).toContainText("I am a teapot");
    await press("Send a test message");
    await expect(dialog.locator("[data-state=delivered]")).toBeVisible({ timeout: 20_000 });
    await expectAccessible(page);
    await press("Close");
  });

  await test.step("a run's new findings are told once, signed", async () => {
    await page.goto(`/${owner.team}/runbooks/duplicate-pod-ip?cluster=practice`);
    await page
      .getByRole("complementary")
      .getByRole("button", { name: /^Run (check|\d+ checks)$/ })
      .click();
    await expect.poll(() => receiver.posts.length, { timeout: 40_000 }).toBe(3);
    const post = receiver.posts.at(-1);
    if (!post) throw new Error("nothing was sent");
    const body = JSON.parse(post.body);
    expect(body.counts.opened).toBeGreaterThan(0);
    const { headers } = post;
    const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${post.body}`;
    const mac = createHmac("sha256", Buffer.from(secret.slice(6), "base64"))
      .update(signed)
      .digest("base64");
    expect(headers["webhook-signature"]).toBe(`v1,${mac}`);
    await page.goto(body.findings[0].url);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  });

  await test.step("its messages are listed", async () => {
    await page.goto(`/${owner.team}/settings/channels`);
    await row.getByRole("button", { name: "Messages of Robot" }).click();
    await expect(dialog.getByRole("listitem")).toHaveCount(3);
    await expect(dialog.getByRole("listitem").first()).toContainText("Delivered");
    await expect(dialog.getByRole("button", { name: "Try again" })).toHaveCount(1);
    await expectAccessible(page);
    await press("Close");
  });

  await test.step("it gets quiet hours, is switched off, and goes", async () => {
    await row.getByRole("button", { name: "Change Robot" }).click();
    await dialog.getByRole("switch", { name: "Quiet hours" }).check();
    await expect(dialog.getByRole("combobox", { name: "Time zone" })).toHaveValue("Europe/Berlin");
    await expectAccessible(page);
    await press("Save");
    await expect(dialog).toHaveCount(0);
    await expect(row).toContainText("Quiet from 22:00 to 07:00 (Europe/Berlin)");
    await row.getByRole("switch", { name: "Robot is on" }).click();
    await expect(row).toContainText("Off");
    await row.getByRole("button", { name: "Remove Robot" }).click();
    await press("Remove");
    await expect(page.getByRole("heading", { name: "Nobody is told yet" })).toBeVisible();
  });
  await receiver.close();
});
