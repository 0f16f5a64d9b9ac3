// Notes a team wrote before: read, looked over on one page, made into drafts, published, compared, taken back.
import { expect, test } from "./fixtures.ts";

const notes = `Ops diary

2023-03-27~02

Clock skew with chrony

Certificates fail when clocks differ.

chronyc tracking

https://chrony-project.org/documentation.html

journald fills the disk

journalctl --vacuum-size=200M

2023-2-6~12

etcd fragmentation

etcdctl defrag --endpoints=127.0.0.1:2379
`;

test("import notes, correct what was found, publish, compare two versions, undo", async ({
  ownerPage: page,
  owner,
  expectAccessible,
}) => {
  test.setTimeout(120_000);
  await page.goto(`/${owner.team}/runbooks`);
  await page.getByRole("link", { name: "Import notes" }).click();
  await expect(page.getByRole("heading", { name: "No notes were imported yet" })).toBeVisible();
  await page.getByRole("link", { name: "Import notes" }).first().click();

  await page.getByRole("button", { name: "Read the notes" }).click();
  await expect(page.getByText("There is nothing to read yet")).toBeVisible();
  await page.getByLabel("File").setInputFiles({
    name: "diary.txt",
    mimeType: "text/plain",
    buffer: Buffer.from(notes),
  });
  await expect(page.getByLabel("Document")).toHaveValue(notes);
  await page.getByRole("button", { name: "Read the notes" }).click();

  await expect(page.getByText("2 weeks, 3 entries, 3 chosen")).toBeVisible();
  await expectAccessible(page);
  const titles = page.getByRole("textbox", { name: "Title of the entry" });
  await expect(titles.nth(1)).toHaveValue("journald fills the disk");
  await titles.nth(1).fill("The journal fills the disk");
  await page.getByText("Text", { exact: true }).nth(1).click();
  await page.getByRole("button", { name: "Join with the entry above" }).click();
  await expect(page.getByText("2 weeks, 2 entries, 2 chosen")).toBeVisible();
  await page.getByText("Text", { exact: true }).first().click();
  await page.getByRole("button", { name: "Make it an entry of its own" }).click();
  await expect(titles.nth(1)).toHaveValue("The journal fills the disk");
  await page.getByRole("checkbox", { name: "Make a draft of etcd fragmentation" }).uncheck();
  await page.getByRole("button", { name: "Make 2 drafts" }).click();

  await expect(page).toHaveURL(/\/runbooks\/drafts$/, { timeout: 30_000 });
  await expect(page.getByText("2 entries, 2 ready to publish")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Clock skew with chrony" }).click();
  const area = page.getByRole("textbox", { name: "Text" });
  await expect(area).toHaveValue(/chronyc tracking/);
  await area.fill((await area.inputValue()).replace("clocks differ", "clocks drift"));
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("link", { name: "Versions" }).click();
  await expect(page.getByRole("heading", { name: "Versions of Clock skew with chrony" })).toBeVisible();
  await expect(page.getByText("1 added, 1 removed")).toBeVisible();
  await expect(page.getByRole("row", { name: /Added: .*clocks drift/ })).toBeVisible();
  await expectAccessible(page);

  await page.goto(`/${owner.team}/runbooks/drafts`);
  await page.getByRole("button", { name: "Publish 2 drafts" }).click();
  await expect(page.getByText("Published", { exact: true })).toHaveCount(2);
  await page.goto(`/${owner.team}/runbooks?q=journal+fills`);
  await page.getByRole("link", { name: "The journal fills the disk" }).click();
  await expect(page.getByText("journalctl --vacuum-size=200M")).toBeVisible();

  await page.goto(`/${owner.team}/runbooks/drafts`);
  await page.getByRole("button", { name: "Undo the import" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Undo the import" }).click();
  await expect(page.getByText("1 changed entry was kept.")).toBeVisible();
  await expect(page.getByRole("link", { name: "The journal fills the disk" })).toHaveCount(0);
});
