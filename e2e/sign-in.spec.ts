// The door: by an identity provider, with a second factor, and a session that is ended from elsewhere.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createOTP } from "@better-auth/utils/otp";
import { type Browser, expect, type Page, test } from "@playwright/test";
import { oidcClient, startIdentityProvider } from "#testing/identity-provider.ts";
import { newDataFolder, type Product, removeDataFolder, startProduct } from "#testing/product.ts";
import { signUp } from "./sign-up.ts";

// Each goes through several doors, and waits for another process at each.
test.describe.configure({ timeout: 180_000 });

const owner = { name: "Ada Owner", email: "ada@example.com", password: "correct horse battery" };
const dataDir = newDataFolder();
let product: Product;
let idp: Awaited<ReturnType<typeof startIdentityProvider>>;
let ownerPage: Page;
let team: string;

/** The provider has to know the address before the product is there. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

test.beforeAll(async ({ browser }) => {
  test.setTimeout(240_000);
  const port = await freePort();
  idp = await startIdentityProvider(`http://127.0.0.1:${port}/api/auth/callback/oidc`, {
    grace: { email: "grace@corp.example", email_verified: true, name: "Grace Guest" },
    mallory: { email: "ada@example.com", email_verified: false, name: "Mallory" },
  });
  product = await startProduct({
    dataDir,
    env: {
      PORT: String(port),
      WEEKBOOK_OIDC_ISSUER: idp.issuer,
      WEEKBOOK_OIDC_CLIENT_ID: oidcClient.id,
      WEEKBOOK_OIDC_CLIENT_SECRET: oidcClient.secret,
      WEEKBOOK_OIDC_NAME: "Corp",
    },
  });
  ownerPage = await freshPage(browser);
  team = await signUp(ownerPage, product.joinUrl ?? "", owner);
});

test.afterAll(async () => {
  await product?.stop();
  await idp?.close();
  removeDataFolder(dataDir);
});

async function freshPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ baseURL: product?.url, locale: "en" });
  return context.newPage();
}

async function invite(role: string): Promise<string> {
  await ownerPage.goto(`/${team}/settings/team`);
  await ownerPage.getByRole("button", { name: "Invite" }).click();
  const dialog = ownerPage.getByRole("dialog");
  await dialog.getByLabel("Role").selectOption({ label: role });
  await dialog.getByRole("button", { name: "Make link" }).click();
  return dialog.getByLabel("Invitation link").inputValue();
}

/** The provider's own two pages. */
async function atProvider(page: Page, login: string) {
  await page.getByPlaceholder("Enter any login").fill(login);
  await page.getByPlaceholder("and password").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

async function signOut(page: Page) {
  await page.getByRole("button", { name: /Account of/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
}

async function enterPassword(page: Page, account: { email: string; password: string }) {
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill(account.email);
  await page.getByLabel("Password", { exact: true }).fill(account.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** As an authenticator app reads the text beside the QR code. */
function codeOf(secret: string): Promise<string> {
  const digits = [...secret.replaceAll(/\s/g, "")].map((one) =>
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(one),
  );
  const bits = digits.map((one) => one.toString(2).padStart(5, "0")).join("");
  const bytes = bits.match(/.{8}/g) ?? [];
  return createOTP(String.fromCharCode(...bytes.map((byte) => Number.parseInt(byte, 2)))).totp();
}

test("an invited person joins by the identity provider, and comes back with one click", async ({
  browser,
}) => {
  const page = await freshPage(browser);
  await page.goto(await invite("Operator"));
  await page.getByRole("button", { name: "Sign in with Corp" }).click();
  await atProvider(page, "grace");
  await expect(page.getByText("You are signed in as Grace Guest (grace@corp.example).")).toBeVisible();
  await page.getByRole("button", { name: /^Join/ }).click();
  await expect(page).toHaveURL(new RegExp(`/${team}/overview`));

  await page.goto(`/${team}/settings/security`);
  await expect(page.getByText("You sign in by your identity provider.")).toBeVisible();
  await signOut(page);
  await page.getByRole("button", { name: "Sign in with Corp" }).click();
  await expect(page).toHaveURL(new RegExp(`/${team}/overview`));
  await page.context().close();
});

test("somebody with another person's unchecked address is told so and gets nowhere", async ({ browser }) => {
  const page = await freshPage(browser);
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Sign in with Corp" }).click();
  await atProvider(page, "mallory");
  await expect(page).toHaveURL(/\/sign-in\?/);
  await expect(page.getByText("There is an account with this address")).toBeVisible();
  await page.goto(`/${team}/overview`);
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await page.context().close();
});

test("a second factor is set up and asked for; a session elsewhere is ended", async ({ browser }) => {
  const page = await freshPage(browser);
  const person = { name: "Linus Second", email: "linus@example.com", password: "quite another horse" };
  await signUp(page, await invite("Viewer"), person);
  await page.goto(`/${team}/settings/security`);
  await page.getByRole("button", { name: "Set up" }).click();
  await page.getByLabel("Your password").fill(person.password);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("img", { name: "QR code for an authenticator app" })).toBeVisible();
  const secret = (await page.getByTestId("secret").textContent()) ?? "";
  const backup =
    (await page.getByRole("list", { name: "Backup codes" }).getByRole("listitem").first().textContent()) ??
    "";
  await page.getByLabel("Code from the app").fill("000000");
  await page.getByRole("button", { name: "Switch on" }).click();
  await expect(page.getByText("This code is not right")).toBeVisible();
  await page.getByLabel("Code from the app").fill(await codeOf(secret));
  await page.getByRole("button", { name: "Switch on" }).click();
  await expect(page.getByText("Weekbook asks for a code when you sign in.")).toBeVisible();

  await signOut(page);
  await enterPassword(page, person);
  await page.getByLabel("Code", { exact: true }).fill(await codeOf(secret));
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/${team}/overview`));

  const elsewhere = await freshPage(browser);
  await enterPassword(elsewhere, person);
  await elsewhere.getByRole("button", { name: "I do not have my app" }).click();
  await elsewhere.getByLabel("Backup code").fill(backup);
  await elsewhere.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(elsewhere).toHaveURL(new RegExp(`/${team}/overview`));

  await page.goto(`/${team}/settings/security`);
  await expect(page.getByText("This device")).toBeVisible();
  await page.getByRole("button", { name: /^Sign out .*Chrome/ }).click();
  await expect(page.getByText("Signed out there")).toBeVisible();
  await elsewhere.reload();
  await expect(elsewhere).toHaveURL(/\/sign-in\?next=/);
  await elsewhere.context().close();
  await page.context().close();
});
