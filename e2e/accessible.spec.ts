// The guard of all journeys itself: what axe finds wrong in a page fails it.
import { expect, test } from "./fixtures.ts";

test("a picture without words and a text too pale are named", async ({
  ownerPage: page,
  expectAccessible,
}) => {
  await expectAccessible(page);
  await page.evaluate(() => {
    const picture = document.createElement("img");
    picture.src = "data:image/gif;base64,R0lGODlhAQABAAAAACw=";
    const pale = document.createElement("p");
    pale.style.cssText = "color: #ccc; background: #fff";
    pale.textContent = "Hardly to be read";
    document.querySelector("main")?.append(picture, pale);
  });
  const wrong = await expectAccessible(page).then(() => "nothing", String);
  expect(wrong).toContain("image-alt: ");
  expect(wrong).toContain("color-contrast: ");
});
