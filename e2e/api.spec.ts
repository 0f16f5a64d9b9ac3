// API keys: made and shown once, used by the command line in a shell script, revoked; what others may not.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "./fixtures.ts";

/** A pipeline's step: a shell without a terminal, and the two variables. */
async function shell(script: string, env: Record<string, string>) {
  const home = mkdtempSync(join(tmpdir(), "weekbook-ci-"));
  const command = join(import.meta.dirname, "../cli/weekbook.mjs");
  const { DATABASE_URL: _, ...inherited } = process.env;
  const child = spawn(
    "/bin/sh",
    ["-c", `weekbook() { "${process.execPath}" "${command}" "$@"; }\n${script}`],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...inherited, HOME: home, XDG_CONFIG_HOME: home, LANG: "C", ...env } as NodeJS.ProcessEnv,
    },
  );
  const exited = once(child, "exit");
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await exited;
  rmSync(home, { recursive: true, force: true });
  return { code, stdout, stderr };
}

test("make a key, let a script run a check with it, see that it was used, revoke it", async ({
  ownerPage: page,
  owner,
  product,
  expectAccessible,
}) => {
  test.setTimeout(180_000);
  await page.goto(`/${owner.team}/settings/keys`);
  await expect(page.getByRole("heading", { name: "No keys yet" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Make key" }).click();
  const dialog = page.getByRole("dialog");

  const secret =
    await test.step("what is missing is said where it is missing; the key is shown once", async () => {
      await dialog.getByRole("checkbox", { name: /^Read/ }).uncheck();
      await dialog.getByRole("checkbox", { name: /^Run/ }).uncheck();
      await dialog.getByRole("button", { name: "Make key" }).click();
      await expect(dialog.getByLabel("Name")).toHaveAccessibleDescription(/Fill this in/);
      await expect(dialog.getByText("Choose at least one.")).toBeVisible();
      await expectAccessible(page);
      await dialog.getByLabel("Name").fill("Deploy pipeline");
      await dialog.getByRole("checkbox", { name: /^Read/ }).check();
      await dialog.getByRole("checkbox", { name: /^Run/ }).check();
      await dialog.getByRole("button", { name: "Make key" }).click();
      const value = await dialog.getByLabel("API key", { exact: true }).inputValue();
      await dialog.getByRole("button", { name: "Close" }).last().click();
      return value;
    });
  expect(secret).toMatch(/^wbk_/);
  await expect(page.getByText(`${secret.slice(0, 12)}…`)).toBeVisible();
  expect(await page.content()).not.toContain(secret);

  const env = { WEEKBOOK_URL: product.url, WEEKBOOK_API_KEY: secret };
  const run = "weekbook run kubernetes/duplicate-pod-ip --cluster practice";
  const first = await shell(`${run} --json --timeout 2m > /dev/null; echo $?`, env);
  expect(first.stdout, first.stderr).toMatch(/^[012]\n$/);
  expect(first.stderr).toMatch(/Run [0-9a-f-]{36} has begun/);

  await page.reload();
  const row = page.getByRole("listitem").filter({ hasText: "Deploy pipeline" });
  await expect(row).not.toContainText("Never");
  await page.goto(`/${owner.team}/history`);
  await expect(page.getByText("Deploy pipeline (Ada Owner)").first()).toBeVisible();

  await test.step("the document and a request without a key", async () => {
    const document = await page.request.get("/api/v1/openapi.json");
    expect(await document.json()).toMatchObject({ openapi: "3.1.1" });
    // The page's own session opens nothing here.
    const answer = await page.request.get("/api/v1/clusters");
    expect([answer.status(), answer.headers()["content-type"]]).toEqual([401, "application/problem+json"]);
  });

  await page.goto(`/${owner.team}/settings/keys`);
  await row.getByRole("button", { name: "Revoke Deploy pipeline" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(row.getByText("Revoked").first()).toBeVisible();
  await expectAccessible(page);
  expect(await shell(run, env)).toMatchObject({ code: 77, stdout: "" });
});
