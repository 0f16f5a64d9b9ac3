// Hosts and endpoints beside a Kubernetes API: registered, looked at, confirmed, asked.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type KeyMaker, keyMaker, type Sshd, startSshd } from "#testing/sshd.ts";
import { expect, test } from "./fixtures.ts";

let keys: KeyMaker;
let sshd: Sshd;
let web: Server;

test.beforeAll(async () => {
  keys = keyMaker();
  web = createServer((_, response) => response.end("fine")).listen(0, "127.0.0.1");
});
test.afterAll(async () => {
  await sshd?.stop();
  web.close();
  keys[Symbol.dispose]();
});

test("an environment of hosts and endpoints: keys confirmed by fingerprint, checks run on both", async ({
  ownerPage: page,
  owner,
  expectAccessible,
}) => {
  test.setTimeout(150_000);
  const pair = keys.pair();
  sshd = await startSshd({ authorized: [pair.publicKey] });
  const dialog = page.getByRole("dialog");
  const field = (name: string) => dialog.getByRole("textbox", { name, exact: true });

  await test.step("make it without a Kubernetes API", async () => {
    await page.goto(`/${owner.team}/clusters/connect`);
    await page.getByRole("radio", { name: /Only hosts and endpoints/ }).check();
    await page.getByLabel("Name", { exact: true }).fill("Lab");
    await page.getByRole("button", { name: "Connect cluster" }).click();
    await expect(page).toHaveURL(/\/clusters\/lab/);
    await expectAccessible(page);
  });

  await test.step("a host: what is wrong is said at its field, and nothing is lost", async () => {
    await page.getByRole("button", { name: "Add hosts" }).click();
    await field("Name").fill("Machines");
    await field("Hosts").fill("127.0.0.[1-");
    await expect(dialog.getByText(/Line 1, column \d+: a bracket has no partner/)).toBeVisible();
    await field("Hosts").fill("127.0.0.1");
    await field("User").fill(sshd.user);
    await field("Port").fill(String(sshd.port));
    await field("Private key").fill(pair.publicKey);
    await dialog.getByRole("button", { name: "Add hosts" }).click();
    await expect(dialog.getByText("This is the public half. Give the private key.")).toBeVisible();
    await expect(field("Hosts")).toHaveValue("127.0.0.1");
    await expectAccessible(page);
    await field("Private key").fill(pair.privateKey);
    await dialog.getByRole("button", { name: "Add hosts" }).click();
    await expect(dialog).toBeHidden();
  });

  await test.step("its key is shown and confirmed before anything is sent", async () => {
    await expect(page.getByText("Waiting to be confirmed")).toBeVisible();
    await expect(page.getByText(/SHA256:/).first()).toBeVisible();
    expect(sshd.log()).not.toContain("Accepted publickey");
    await page.getByRole("button", { name: "Confirm", exact: true }).click();
    await dialog.getByRole("button", { name: "Confirm", exact: true }).click();
    await expect(page.getByText("Confirmed", { exact: true })).toBeVisible();
    await page.getByRole("button", { name: "Test hosts" }).click();
    await expect(page.getByText("Logged in")).toBeVisible();
    await expectAccessible(page);
  });

  await test.step("an endpoint", async () => {
    await page.getByRole("button", { name: "Add endpoint" }).click();
    await dialog.getByRole("combobox", { name: "Kind" }).selectOption("http");
    await field("Name").fill("Shop");
    await field("Address").fill("not an address");
    await dialog.getByRole("button", { name: "Add endpoint" }).click();
    await expect(dialog.getByText(/Write a whole http or https address/)).toBeVisible();
    await field("Address").fill(`http://127.0.0.1:${(web.address() as AddressInfo).port}`);
    await dialog.getByRole("button", { name: "Add endpoint" }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByText("Reachable").first()).toBeVisible();
    await expectAccessible(page);
  });

  await test.step("both are asked by a runbook's checks", async () => {
    await page.goto(`/${owner.team}/runbooks/tcp-accept-queues?cluster=lab`);
    const run = page.getByRole("complementary").getByRole("button", { name: /^Run (check|\d+ checks)$/ });
    await run.click();
    const queues = page.locator('section[data-check="host/tcp-accept-queues"]');
    await expect(queues.locator("article[data-verdict]").first()).toBeVisible({ timeout: 30_000 });
    expect(sshd.log()).toContain("Accepted publickey");

    await page.goto(`/${owner.team}/runbooks/http-connection-timing?cluster=lab`);
    await run.click();
    const timing = page.locator('section[data-check="endpoint/http-timing"]');
    await expect(timing.locator("article[data-verdict]").first()).toBeVisible({ timeout: 30_000 });
    await expectAccessible(page);
  });
});

test("an active check asks once more, naming its target, and then runs", async ({
  ownerPage: page,
  owner,
  expectAccessible,
}) => {
  await page.goto(`/${owner.team}/runbooks/command-benchmarks?cluster=this-machine`);
  const card = page.locator('section[data-check="host/command-benchmark"]');
  await card.getByRole("button", { name: /^Run/ }).first().click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("This machine");
  await expectAccessible(page);
  const go = dialog.getByRole("button", { name: "Run it now" });
  await expect(go).toBeDisabled();
  await dialog.getByRole("checkbox").check();
  await go.click();
  await expect(card.locator("article[data-verdict]").first()).toBeVisible({ timeout: 60_000 });
});
