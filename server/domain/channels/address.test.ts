import { describe, expect, test } from "vitest";
import { AppError } from "#server/errors.ts";
import { admitAddress } from "./address.ts";

function problemOf(kind: "slack" | "email", address: string) {
  try {
    admitAddress(kind, address);
    return null;
  } catch (error) {
    return error instanceof AppError ? error.fields?.address : error;
  }
}

test("of a webhook no more is shown than its host and its last four characters", () => {
  const { text, hint } = admitAddress("slack", "https://hooks.slack.com/services/T000/B000/abcdefghijWXYZ");
  expect(text).toBe("https://hooks.slack.com/services/T000/B000/abcdefghijWXYZ");
  expect(hint).toBe("hooks.slack.com/…WXYZ");
  expect(admitAddress("webhook", "https://example.com/a").hint).toBe("example.com");
});

describe("addresses that are refused", () => {
  test.each([
    ["channel-url-invalid", "hooks.example.com"],
    ["channel-url-user", "https://me:secret@hooks.example.com/x"],
    ["channel-url-https", "http://hooks.example.com/x"],
    ["channel-url-https", "http://8.8.8.8/x"],
    ["channel-url-https", "file:///etc/passwd"],
    ["channel-url-https", "javascript:alert(1)"],
  ])("%s: %s", (key, address) => {
    expect(problemOf("slack", address)).toBe(key);
  });

  test.each(["http://127.0.0.1:9000/x", "http://localhost/x", "http://10.0.0.1/x", "http://[::1]:80/x"])(
    "without TLS only nearby: %s",
    (address) => expect(problemOf("slack", address)).toBeNull(),
  );
});

describe("recipients", () => {
  test("by commas, lines or blanks, each once", () => {
    const { text, hint } = admitAddress("email", "ada@example.com,\n bob@example.org;ada@example.com");
    expect(text).toBe("ada@example.com,bob@example.org");
    expect(hint).toBe("2 @ example.com, example.org");
  });

  test.each([
    "ada",
    "Ada <ada@example.com>",
    "ada@example.com\u0000",
    '"ada\\r\\nBcc: x"@example.com',
    "ada@-example.com",
    "@example.com",
    `${"a".repeat(250)}@example.com`,
  ])("refused: %j", (address) => {
    expect(problemOf("email", address)).toBe("channel-recipient-invalid");
  });

  test("a line that would begin a header is split into words that are no addresses", () => {
    expect(problemOf("email", "ada@example.com\r\nBcc: eve@example.com")).toBe("channel-recipient-invalid");
  });
});
