// The product's main job, from a pasted kubeconfig to the comparison of two runs.

import type { Page } from "@playwright/test";
import { type PracticeCluster, startPracticeCluster } from "#sandbox/practice-cluster.ts";
import { expectedFindings } from "#sandbox/truth.ts";
import { expect, test } from "./fixtures.ts";

const checkId = "kubernetes/duplicate-pod-ip";
let practice: PracticeCluster;

test.beforeAll(async () => {
  practice = await startPracticeCluster({ seed: 7 });
});
test.afterAll(() => practice.close());

async function connectByPasting(page: Page, team: string, name: string, kubeconfig: string) {
  await page.goto(`/${team}/clusters/connect`);
  await page.getByRole("textbox", { name: "Kubeconfig" }).fill(kubeconfig);
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Connect cluster" }).click();
  await expect(page).toHaveURL(new RegExp(`/clusters/${name.toLowerCase()}`));
}

async function runChecks(page: Page, team: string, cluster: string) {
  await page.goto(`/${team}/runbooks/duplicate-pod-ip?cluster=${cluster}`);
  await page
    .getByRole("complementary")
    .getByRole("button", { name: /^Run (check|\d+ checks)$/ })
    .click();
}

test("paste a kubeconfig, run a check, find it again, mend the fault, compare", async ({
  ownerPage: page,
  owner,
  expectAccessible,
}) => {
  const expected = expectedFindings(practice.truth, checkId);
  expect(expected.length).toBeGreaterThan(1);

  await test.step("connect the cluster by pasting", async () => {
    await connectByPasting(page, owner.team, "Staging", practice.kubeconfig.viewer);
    await expect(page.getByText("Reachable").first()).toBeVisible();
  });

  const firstRun = await test.step("run the check of the runbook and watch the findings arrive", async () => {
    await page.goto(`/${owner.team}/runbooks/duplicate-pod-ip?cluster=staging`);
    await expectAccessible(page);
    await runChecks(page, owner.team, "staging");
    const card = page.locator(`section[data-check="${checkId}"]`);
    await expect(card.locator("article[data-verdict=fail]")).toHaveCount(expected.length);
    await expect(page).toHaveURL(/run=/);
    await expectAccessible(page);
    return new URL(page.url()).searchParams.get("run") ?? "";
  });

  await test.step("a reload loses nothing", async () => {
    await page.reload();
    const card = page.locator(`section[data-check="${checkId}"]`);
    await expect(card.locator("article[data-verdict=fail]")).toHaveCount(expected.length);
    for (const { subject } of expected) await expect(card.getByText(subject.name).first()).toBeVisible();
  });

  await test.step("the run stands in the history, and at its own address", async () => {
    await page.getByRole("link", { name: "History" }).click();
    await expectAccessible(page);
    await page.locator(`a[href*="/runs/${firstRun}"]`).click();
    await expect(page).toHaveURL(new RegExp(`/runs/${firstRun}`));
    const row = page.locator(`li[data-check="${checkId}"]`);
    await expect(row.locator("article[data-verdict=fail]")).toHaveCount(expected.length);
    await expectAccessible(page);
    await row.getByRole("link", { name: "duplicate-address" }).first().click();
    await expect(page).toHaveURL(/\/findings\//);
    await expect(page.getByText("kubectl").first()).toBeVisible();
    await expectAccessible(page);
  });

  await test.step("once the fault is mended, the second run compares as fixed", async () => {
    practice.mend("duplicate-pod-ip");
    await runChecks(page, owner.team, "staging");
    const rail = page.getByRole("complementary");
    await rail.getByRole("link", { name: "Compare with the previous" }).click();
    await expect(page.getByText(`0 new, ${expected.length} fixed, 0 changed`)).toBeVisible();
    await expect(page.locator("article[data-verdict=fail]")).toHaveCount(expected.length);
    await expectAccessible(page);
  });
});

test("a permission taken away makes the check unknown and names what was not read", async ({
  ownerPage: page,
  owner,
}) => {
  const blind = await startPracticeCluster({ seed: 8, pods: 40 });
  try {
    blind.revoke("viewer", { verb: "list", group: "", resource: "pods" });
    await connectByPasting(page, owner.team, "Blind", blind.kubeconfig.viewer);
    await runChecks(page, owner.team, "blind");
    const card = page.locator(`section[data-check="${checkId}"]`);
    await expect(card.locator("[data-verdict=unknown]").first()).toBeVisible();
    await expect(card.getByText("list pods").filter({ visible: true }).first()).toBeVisible();
    await expect(card.locator("[data-verdict=pass]")).toHaveCount(0);
  } finally {
    await blind.close();
  }
});

test("a run is cancelled within a second, from another browser", async ({
  ownerPage: page,
  owner,
  browser,
  product,
}) => {
  const slow = await startPracticeCluster({ seed: 9, pods: 40, latencyMs: 9_000 });
  const other = await browser.newContext({ baseURL: product.url, storageState: owner.session, locale: "en" });
  try {
    await connectByPasting(page, owner.team, "Slow", slow.kubeconfig.viewer);
    await runChecks(page, owner.team, "slow");
    await expect(page).toHaveURL(/run=/);
    const runId = new URL(page.url()).searchParams.get("run");
    const card = page.locator(`section[data-check="${checkId}"]`);
    await expect(card.getByText("Reading", { exact: true }).first()).toBeVisible();

    const second = await other.newPage();
    await second.goto(`/${owner.team}/runs/${runId}`);
    const cancelling = "**/api/trpc/run.cancel";
    await second.route(cancelling, (route) => route.abort());
    await second.getByRole("button", { name: "Cancel run" }).click();
    await expect(second.getByText("The run was not cancelled.")).toBeVisible();
    await second.unroute(cancelling);
    await second.getByRole("button", { name: "Cancel run" }).click();
    await expect(second.getByText("Cancelled").first()).toBeVisible();
    await expect(card.locator("[data-verdict=unknown]").first()).toBeVisible({ timeout: 3_000 });
  } finally {
    await other.close();
    await slow.close();
  }
});

test("a permanent address shows the cluster it is about, whatever was chosen", async ({
  ownerPage: page,
  owner,
}) => {
  await runChecks(page, owner.team, "practice");
  await expect(page).toHaveURL(/run=/);
  const runId = new URL(page.url()).searchParams.get("run");
  await page.goto(`/${owner.team}/runs/${runId}`);
  await expect(page).toHaveURL(/cluster=practice/);
  await expect(page.getByRole("button", { name: /Choose a cluster: Practice cluster/ })).toBeVisible();
});
