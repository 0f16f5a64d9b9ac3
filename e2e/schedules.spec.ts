// Schedules: made with a live preview, refused where they are wrong, run, and kept parameters of a check.
import { expect, test } from "./fixtures.ts";

test.use({ timezoneId: "Asia/Shanghai" });

test("make a schedule, see its times, run it, follow its run, switch it off, remove it", async ({
  ownerPage: page,
  owner,
  expectAccessible,
}) => {
  await page.goto(`/${owner.team}/schedules`);
  await expect(page.getByRole("heading", { name: "Nothing runs by itself yet" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "New schedule" }).click();
  const dialog = page.getByRole("dialog");
  const field = (name: string) => dialog.getByRole("textbox", { name, exact: true });

  await test.step("the next five times follow what is typed, in its zone and the reader's", async () => {
    await field("Name").fill("Nightly look");
    const zone = dialog.getByRole("combobox", { name: "Time zone" });
    await zone.fill("Mars/Olympus");
    await expect(zone).toHaveAccessibleDescription(/no such time zone/);
    await zone.fill("UTC");
    await field("When (cron)").fill("30 2 * * *");
    await expect(dialog.getByText("At 02:30", { exact: true })).toBeVisible();
    const times = dialog.getByRole("list", { name: "The next five times" }).getByRole("listitem");
    await expect(times).toHaveCount(5);
    await expect(times.first()).toContainText("02:30 UTC");
    await expect(times.first()).toContainText("10:30");
    await field("When (cron)").fill("* * * * *");
    await expect(field("When (cron)")).toHaveAccessibleDescription(/at least five minutes apart/);
    await field("When (cron)").fill("0 3 * * *");
    await expect(times.first()).toContainText("03:00 UTC");
    await expectAccessible(page);
  });

  await test.step("what is missing is said where it is missing", async () => {
    await dialog.getByRole("button", { name: "New schedule" }).click();
    await expect(dialog.getByText("Choose a runbook, or at least one check.")).toBeVisible();
    await dialog.getByRole("radio", { name: "Single checks" }).check();
    await dialog.getByRole("checkbox", { name: "Pods sharing an address" }).check();
    for (const box of await dialog.getByRole("group", { name: "Clusters" }).getByRole("checkbox").all()) {
      await box.setChecked(/practice/i.test((await box.locator("xpath=..").textContent()) ?? ""));
    }
    await dialog.getByRole("button", { name: "New schedule" }).click();
    await expect(dialog).toHaveCount(0);
  });

  const row = page.getByRole("row", { name: /Nightly look/ });
  await test.step("it is in the list and runs when asked to", async () => {
    await expect(row).toContainText("At 03:00");
    await expect(row).toContainText("Never run");
    await expectAccessible(page);
    await row.getByRole("button", { name: "Run Nightly look now" }).click();
    await expect(row.locator("[data-verdict]")).toBeVisible({ timeout: 30_000 });
  });

  await test.step("its run leads back to it", async () => {
    await row.locator("[data-verdict]").click();
    await expect(page).toHaveURL(/\/runs\//);
    await page.getByRole("link", { name: "Its schedule" }).click();
    await expect(page).toHaveURL(/\/schedules/);
  });

  await test.step("switched off it has no next time; it can be removed", async () => {
    await row.getByRole("switch", { name: "Nightly look is on" }).click();
    await expect(row).toContainText("Off");
    await row.getByRole("button", { name: "Remove Nightly look" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await expect(page.getByRole("heading", { name: "Nothing runs by itself yet" })).toBeVisible();
  });
});
