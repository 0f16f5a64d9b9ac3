import { describe, expect, test } from "vitest";
import { toolWords } from "#testing/render-tool.tsx";
import { tools } from "./registry.gen.ts";

describe.each(Object.keys(tools))("%s", async (id) => {
  const words = await toolWords(id);

  test("speaks both languages, and neither of them in the other", () => {
    const [english, chinese] = [words(), words("", "zh-CN")];
    expect(english).not.toMatch(/\p{Script=Han}/u);
    expect(chinese).toMatch(/\p{Script=Han}/u);
    for (const said of [english, chinese]) expect(said).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });
});
