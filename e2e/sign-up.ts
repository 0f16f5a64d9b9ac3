import { expect, type Page } from "@playwright/test";

/** Follows a sign-up link to the end; returns the team's slug, as it stands in the address. */
export async function signUp(
  page: Page,
  joinUrl: string,
  person: { name: string; email: string; password: string },
): Promise<string> {
  await page.goto(joinUrl);
  await page.getByLabel("Your name").fill(person.name);
  await page.getByLabel("Email").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: /^(Create account|Join)/ }).click();
  await expect(page).toHaveURL(/\/[^/]+\/overview/);
  return new URL(page.url()).pathname.split("/")[1] ?? "";
}
