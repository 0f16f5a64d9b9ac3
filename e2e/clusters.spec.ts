// Connecting a cluster: what a kubeconfig offers, what is refused and where that is said, the connection's report.
import type { Page } from "@playwright/test";
import { type PracticeCluster, startPracticeCluster } from "#sandbox/practice-cluster.ts";
import { expect, test } from "./fixtures.ts";

let practice: PracticeCluster;

test.beforeAll(async () => {
  practice = await startPracticeCluster({ seed: 11 });
});
test.afterAll(() => practice.close());

const field = (page: Page, name: string) => page.getByRole("textbox", { name, exact: true });

/** One context that would run a program, one that is fine. */
const hostile = `apiVersion: v1
kind: Config
clusters: [{name: a, cluster: {server: "https://10.0.0.1:6443"}}]
users: [{name: runs, user: {exec: {apiVersion: v1, command: aws}}}, {name: fine, user: {token: abcdef}}]
contexts: [{name: eks, context: {cluster: a, user: runs}}, {name: plain, context: {cluster: a, user: fine}}]
current-context: eks
`;

test("paste, choose, connect, read the report, remove", async ({
  ownerPage: page,
  owner,
  expectAccessible,
}) => {
  await page.goto(`/${owner.team}/clusters/connect`);
  await expectAccessible(page);

  await test.step("a text that is no kubeconfig is refused at its field", async () => {
    await field(page, "Kubeconfig").fill("hello: [");
    await expect(field(page, "Kubeconfig")).toHaveAttribute("aria-invalid", "true");
    await expect(field(page, "Kubeconfig")).toHaveAccessibleDescription(/YAML/);
    await expectAccessible(page);
  });

  await test.step("the refusal leads to a manifest with reading rights only", async () => {
    await page.getByRole("button", { name: "Create a kubeconfig that is accepted" }).click();
    await expect(page.getByText("kind: ClusterRoleBinding")).toBeVisible();
    await expect(page.getByText("kubectl config view --raw --minify --flatten")).toBeVisible();
    await expect(page.getByRole("list", { name: "What it allows" }).getByText(/^List pods ·/)).toBeVisible();
    await expectAccessible(page);
  });

  await test.step("a context that would run a program says so; the other can be chosen", async () => {
    await field(page, "Kubeconfig").fill(hostile);
    await expect(page.getByRole("radio", { name: /^eks/ })).toBeDisabled();
    await expect(page.getByText("running a program (exec)")).toBeVisible();
    await expect(page.getByRole("radio", { name: /^plain/ })).toBeChecked();
    await expect(field(page, "Name")).toHaveValue("plain");
    await expectAccessible(page);
  });

  await test.step("a good one is connected and tested", async () => {
    await field(page, "Kubeconfig").fill(practice.kubeconfig.viewer);
    await expect(page.getByRole("group", { name: "Context" }).getByRole("radio")).toHaveCount(1);
    await field(page, "Name").fill("Blue");
    await page.getByRole("switch", { name: /^Production/ }).check();
    await page.getByRole("button", { name: "Connect cluster" }).click();
    await expect(page).toHaveURL(/\/clusters\/blue/);
    await expect(page.getByText("Reachable")).toBeVisible();
    await expect(page.getByRole("row", { name: /pods list Allowed/ })).toBeVisible();
    await expect(page.getByText(/may read what all \d+ checks need/)).toBeVisible();
    await expect(page.getByRole("main").getByText("viewer", { exact: true })).toBeVisible();
    await expect(page.getByRole("button", { name: "Choose a cluster: Blue" })).toContainText("Production");
    await expectAccessible(page);
  });

  await test.step("nothing of the credential is in the page", async () => {
    const token = /token: (\S+)/.exec(practice.kubeconfig.viewer)?.[1] ?? "no token";
    expect(await page.content()).not.toContain(token);
  });

  await test.step("it is removed only by its name", async () => {
    await page.getByRole("button", { name: "Remove cluster" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByRole("button", { name: "Remove cluster" })).toBeDisabled();
    await expectAccessible(page);
    await dialog.getByLabel("Type Blue to confirm").fill("Blue");
    await dialog.getByRole("button", { name: "Remove cluster" }).click();
    await expect(page).toHaveURL(/\/clusters$/);
    await expect(page.getByRole("main").getByRole("link", { name: "Blue" })).toHaveCount(0);
  });
});

test("what was typed stays when it is refused, and a dead server is explained", async ({
  ownerPage: page,
  owner,
  expectAccessible,
}) => {
  await page.goto(`/${owner.team}/clusters/connect`);
  await page.getByRole("tab", { name: "Token" }).click();
  await page.getByRole("button", { name: "Connect cluster" }).click();
  await expect(field(page, "Server")).toHaveAccessibleDescription(/Fill this in/);

  await field(page, "Server").fill("http://127.0.0.1:9");
  await field(page, "Token").fill("abcdefghijklmnop");
  await field(page, "Name").fill("Dead end");
  await page.getByRole("button", { name: "Connect cluster" }).click();
  await expect(field(page, "Server")).toHaveAccessibleDescription(/https/);
  await expect(field(page, "Server")).toHaveAttribute("aria-invalid", "true");
  await expect(field(page, "Token")).toHaveValue("abcdefghijklmnop");

  await field(page, "Server").fill("https://127.0.0.1:9");
  await page.getByRole("button", { name: "Connect cluster" }).click();
  await expect(page).toHaveURL(/\/clusters\/dead-end/);
  await expect(page.getByText("Nothing listens at this address and port.")).toBeVisible();
  await expectAccessible(page);

  await page.getByLabel("Name", { exact: true }).fill("Dead end street");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Dead end street");
});

test("the report is there in Chinese too", async ({ ownerPage: page, owner, expectAccessible }) => {
  await page
    .context()
    .addCookies([{ name: "weekbook-locale", value: "zh-CN", url: new URL("/", page.url()).href }]);
  await page.goto(`/${owner.team}/clusters/connect`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("接入集群");
  await field(page, "kubeconfig").fill(practice.kubeconfig.nobody);
  await field(page, "名称").fill("green");
  await page.getByRole("button", { name: "接入集群" }).click();
  await expect(page).toHaveURL(/\/clusters\/green/);
  await expect(page.getByRole("row", { name: /pods list 不允许/ })).toBeVisible();
  await expect(page.getByText(/会得出“未知”。缺少：.*list pods/)).toBeVisible();
  await page.getByText("用这份 YAML 清单授予检查所需的权限").click();
  await expect(page.getByText("kind: ClusterRoleBinding")).toBeVisible();
  await expectAccessible(page);
});
