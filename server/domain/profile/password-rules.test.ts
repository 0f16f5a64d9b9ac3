import { expect, test } from "vitest";
import { passwordProblem } from "./password-rules.ts";

const person = { name: "Grace Hopper", email: "grace.hopper@example.com" };

test.each([
  "123456qwerty",
  "Password1234!",
  "1qaz2wsx3edc",
  "aaaaaaaaaaaa",
  "abcabcabcabcab",
  "202620262026",
  "314159265358979",
])("%s is one that everybody tries", (password) => {
  expect(passwordProblem(password, person)).toBe("field-password-common");
});

test.each(["grace.hopper@example.com", "Grace.Hopper2026", "Grace Hopper!"])(
  "%s is no secret",
  (password) => {
    expect(passwordProblem(password, person)).toBe("field-password-personal");
  },
);

test.each([
  "correct horse battery",
  "twelve or more",
  "我家门前有三棵老槐树和一口井",
  "Graceful degradation",
])("%s is fine", (password) => {
  expect(passwordProblem(password, person)).toBeNull();
});
