import { expect, it } from "vitest";
import { brokenPaths } from "./doc-paths.ts";

const known = new Set(["scripts/start.ts", "docs/deploy.md", "README.md"]);
const broken = (text: string, document = "docs/a.md") =>
  brokenPaths(document, text, (path) => known.has(path));

it("accepts paths that exist, from the project and beside the document", () => {
  expect(broken("See `scripts/start.ts`, [how](deploy.md), [top](../README.md) and `deploy.md`.")).toEqual(
    [],
  );
});

it("names paths in backticks and links that lead nowhere", () => {
  expect(broken("See `scripts/stop.ts` and [how](gone.md#part).")).toEqual([
    "docs/a.md cites scripts/stop.ts, which does not exist",
    "docs/a.md cites docs/gone.md, which does not exist",
  ]);
});

it("leaves alone addresses, patterns and code blocks", () => {
  expect(
    broken("[x](https://a.b/c.md) `server/checks/<target>/<id>.ts`\n```\n`scripts/x.ts`\n```\n"),
  ).toEqual([]);
});
