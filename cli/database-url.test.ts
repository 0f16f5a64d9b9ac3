import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { findDatabaseUrl } from "./database-url.ts";

const project = mkdtempSync(path.join(os.tmpdir(), "weekbook-cli-"));
const url = "postgres://weekbook:p%40ss=word@127.0.0.1:5432/weekbook";

test("the environment wins, then the data folder; without either a sentence says what to do", () => {
  expect(() => findDatabaseUrl({ NODE_ENV: "test" }, project)).toThrow(
    /start it with npm start, or set DATABASE_URL/,
  );
  mkdirSync(path.join(project, ".weekbook"));
  writeFileSync(path.join(project, ".weekbook/env"), `WEEKBOOK_URL=http://x\nDATABASE_URL=${url}\n`);
  expect(findDatabaseUrl({ NODE_ENV: "test" }, project)).toBe(url);
  expect(findDatabaseUrl({ NODE_ENV: "test", DATABASE_URL: "postgres://other/x" }, project)).toBe(
    "postgres://other/x",
  );
  expect(findDatabaseUrl({ NODE_ENV: "test", WEEKBOOK_DATA_DIR: path.join(project, ".weekbook") }, "/")).toBe(
    url,
  );
});
