import { expect, test } from "vitest";
import { toolWords } from "#testing/render-tool.tsx";

const render = await toolWords("exit-code");
const words = (code: string | null, locale: "en" | "zh-CN" = "en") =>
  render(code === null ? "" : `exit-code.code=${encodeURIComponent(code)}`, locale);

test("begins with 137 and does not call it memory alone", () => {
  expect(words(null)).toContain("SIGKILL, number 9");
  expect(words(null)).toContain("reason Error, or OOMKilled if the kernel killed it for memory");
});

test("the address holds the code; minus one wraps to 255", () => {
  expect(words("-1")).toContain(
    "exit(-1) arrives as 255: only the lowest eight bits survive, -1 modulo 256.",
  );
  expect(words("256")).toContain("reason Completed");
  expect(words("145")).toContain("By default this signal does not end a process");
});

test.each(["abc", "1.5", "9".repeat(40), "0x10", "1e3"])("%s is refused with a sentence", (code) => {
  expect(words(code)).toContain("Enter a whole number");
});

test.each([-1, 0, 1, 2, 3, 126, 127, 128, 129, 137, 145, 162, 193, 255])(
  "%i reads in both languages",
  (code) => {
    expect(words(String(code))).toContain("What the parent process sees");
    expect(words(String(code), "zh-CN")).toContain("父进程看到的值");
  },
);
