import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { pageSizes } from "./page-size.ts";

const dist = mkdtempSync(join(tmpdir(), "weekbook-pages-"));
afterAll(() => rmSync(dist, { recursive: true, force: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(dist, path)), { recursive: true });
  writeFileSync(join(dist, path), text);
}
/** Text that gzip cannot make smaller than about `kb`. */
const script = (kb: number) => randomBytes(kb * 1000).toString("base64");
const manifest = (files: Record<string, string[]>) =>
  `globalThis.__RSC_MANIFEST = globalThis.__RSC_MANIFEST || {}; globalThis.__RSC_MANIFEST["/x"] = ${JSON.stringify({ entryJSFiles: files })};`;

it("counts what every page loads and what a route adds, each file once, and says what is over", () => {
  put("build-manifest.json", JSON.stringify({ rootMainFiles: ["static/main.js"] }));
  put("static/main.js", script(100));
  put("static/layout.js", script(20));
  put("static/heavy.js", script(100));
  const layout = ["static/layout.js", "static/main.js"];
  put("server/app/(public)/sign-in/page_client-reference-manifest.js", manifest({ layout }));
  put(
    "server/app/[team]/page_client-reference-manifest.js",
    manifest({ layout, page: [...layout, "static/heavy.js"] }),
  );
  put("server/app/_not-found/page_client-reference-manifest.js", manifest({ layout }));

  const sizes = pageSizes(dist);
  expect(sizes.map(({ route, over }) => [route, over])).toEqual([
    ["/[team]", true],
    ["/sign-in", false],
  ]);
  expect(sizes[1]?.kb).toBeGreaterThan(119);
  expect(sizes[1]?.kb).toBeLessThan(125);
});
