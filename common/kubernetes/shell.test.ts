import { expect, test } from "vitest";
import { shellCommand, shellWord } from "./shell.ts";

test("plain words stay readable, everything else is quoted", () => {
  expect(shellCommand("kubectl", "get", "pod", "web-0", "--namespace", "shop", "--limits=cpu=1.5")).toBe(
    "kubectl get pod web-0 --namespace shop --limits=cpu=1.5",
  );
  expect(shellWord("")).toBe("''");
  expect(shellWord("it's $(reboot) `id`")).toBe(`'it'\\''s $(reboot) \`id\`'`);
  expect(shellWord("~root")).toBe("'~root'");
});
