// A runbook of the team: written with a check in it, refused while it is wrong, previewed, saved, run.
import { expect, test } from "./fixtures.ts";

const text = (expression: string) => `---
title: "Replicas of ours"
summary: "Deployments that run alone."
tags: [ours]
---

## What happens

One pod is no pod.

## See it

\`\`\`check
id: replicas
title: "Deployments with one replica"
why: "It is gone while its pod moves."
remedy: "Ask for two."
kubernetes:
  kind: Deployment
expect: ${expression}
message: "{object.metadata.name} has {object.spec.replicas} replicas"
verdict: warn
\`\`\`
`;

test("write a runbook with a check, mend what is wrong, preview, save, run it, edit it", async ({
  ownerPage: page,
  owner,
  expectAccessible,
}) => {
  test.setTimeout(120_000);
  await page.goto(`/${owner.team}/runbooks`);
  await page.getByRole("link", { name: "Write a runbook" }).click();
  const area = page.getByRole("textbox", { name: "Text" });
  const save = page.getByRole("button", { name: "Save" });

  await test.step("a problem has its line and column, and keeps it from being saved", async () => {
    await area.fill(text("object.spec.replicas >"));
    await expect(page.getByText(/In the expression/)).toBeVisible();
    await expect(page.getByText("1 problem", { exact: true })).toBeVisible();
    await expect(save).toBeDisabled();
    await expectAccessible(page);
  });

  await test.step("once mended, the preview tells what it would say", async () => {
    await area.fill(text("object.spec.replicas > 1"));
    await expect(page.getByText("No problems")).toBeVisible();
    await page.getByRole("button", { name: "Preview the checks" }).click();
    await expect(page.getByText(/come with Weekbook|read on/).first()).toBeVisible();
    await expectAccessible(page);
  });

  await test.step("it is saved and runs like any other", async () => {
    await save.click();
    await expect(page).toHaveURL(/\/runbooks\/replicas-of-ours/);
    await page.goto(`/${owner.team}/runbooks/replicas-of-ours?cluster=practice`);
    await page
      .getByRole("complementary")
      .getByRole("button", { name: /^Run (check|\d+ checks)$/ })
      .click();
    const finding = page.locator("article[data-verdict=warn]").first();
    await expect(finding).toBeVisible({ timeout: 30_000 });
    await expect(finding).toContainText("1 replicas");
    await expectAccessible(page);
  });

  await test.step("a new version is saved on top", async () => {
    await page.getByRole("link", { name: "Edit" }).click();
    await expect(area).toHaveValue(/One pod is no pod/);
    await area.fill(text("object.spec.replicas > 2"));
    await expect(page.getByText("No problems")).toBeVisible();
    await save.click();
    await expect(page.getByText("Version 2 is saved.")).toBeVisible();
  });
});
