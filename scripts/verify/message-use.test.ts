import { expect, it } from "vitest";
import { missingKeys } from "./message-use.ts";

const catalogue = new Map([
  [
    "run",
    new Map([
      ["title", "Run"],
      ["state.done", "Done"],
    ]),
  ],
]);
const missing = (text: string) =>
  missingKeys("page.tsx", text, catalogue).map((line) => /"(.*)"/.exec(line)?.[1]);

it("accepts what exists, also a group of keys", () => {
  expect(missing(`const t = useTranslations("run"); t("title"); t.rich("state.done"); t("state")`)).toEqual(
    [],
  );
});

it("names a key that does not exist, with its namespace", () => {
  expect(missing(`const t = await getTranslations("run"); t("titel")`)).toEqual(["run.titel"]);
  expect(missing(`const t = await getTranslations({ locale, namespace: "run" }); t("x")`)).toEqual(["run.x"]);
  expect(missing(`const t = useTranslations(); t("run.title"); t("runs.title")`)).toEqual(["runs.title"]);
});

it("names a namespace that does not exist", () => {
  expect(missing(`const t = useTranslations("ruun"); t(key)`)).toEqual(["ruun"]);
});

it("leaves alone what text does not show", () => {
  expect(missing(`const t = useTranslations("run"); t(key); t(\`state.\${s}\`); other("x")`)).toEqual([]);
});
