// What every journey starts from: the product in production mode, its first owner, a page that is signed in.
import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import { newDataFolder, type Product, removeDataFolder, startProduct } from "#testing/product.ts";
import { signUp } from "./sign-up.ts";

export type Owner = { name: string; email: string; password: string; team: string };
type Session = Awaited<ReturnType<Awaited<ReturnType<Page["context"]>>["storageState"]>>;

type WorkerFixtures = {
  /** a name of one's own: a product that no other journey has used */
  apart: string;
  /** one for all journeys of a worker; a journey that needs an unused sign-up link starts its own */
  product: Product;
  owner: Owner & { session: Session };
};
type Fixtures = {
  /** a page of the first owner, signed in, on /<team>/overview */
  ownerPage: Page;
  /** a second product that nobody has joined, stopped after the test */
  freshProduct: Product;
  /** fails with the list of violations of the page as it stands */
  expectAccessible: (page: Page) => Promise<void>;
};

async function withProduct(use: (product: Product) => Promise<void>): Promise<void> {
  const dataDir = newDataFolder();
  try {
    const product = await startProduct({ dataDir });
    await use(product);
    const { code } = await product.stop();
    expect(code, "Ctrl-C ends with 0").toBe(0);
  } finally {
    removeDataFolder(dataDir);
  }
}

const startTimeoutMs = 240_000;

export const test = base.extend<Fixtures, WorkerFixtures>({
  apart: ["", { scope: "worker", option: true }],
  product: [
    // Named although unused: another name is another worker.
    async ({ apart: _ }, use) => withProduct(use),
    { scope: "worker", timeout: startTimeoutMs },
  ],
  owner: [
    async ({ browser, product }, use) => {
      const context = await browser.newContext({ baseURL: product.url, locale: "en" });
      const person = { name: "Ada Owner", email: "ada@example.com", password: "correct horse battery" };
      const page = await context.newPage();
      const team = await signUp(page, product.joinUrl ?? "", person);
      const session = await context.storageState();
      await context.close();
      await use({ ...person, team, session });
    },
    { scope: "worker", timeout: startTimeoutMs },
  ],
  baseURL: async ({ product }, use) => use(product.url),
  freshProduct: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
    async ({}, use) => withProduct(use),
    { timeout: startTimeoutMs },
  ],
  ownerPage: async ({ browser, owner, product }, use) => {
    const context = await browser.newContext({
      baseURL: product.url,
      storageState: owner.session,
      locale: "en",
    });
    const page = await context.newPage();
    await page.goto(`/${owner.team}/overview`);
    await use(page);
    await context.close();
  },
  expectAccessible: async ({ browserName: _ }, use) => {
    await use(async (page) => {
      // Every rule, but one script in the page and only what is wrong handed over: a quarter of the time.
      const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
      const { violations } = await axe.analyze();
      const found = violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes[0]?.html})`);
      expect(found).toEqual([]);
    });
  },
});

export { expect };
