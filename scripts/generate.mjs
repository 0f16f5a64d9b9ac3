// Generates the Prisma client, after an install and where the schema has changed since. Prisma wants to find its schema
// engine even where it only generates; any existing file satisfies that, and nothing is downloaded.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const at = (path) => new URL(`../${path}`, import.meta.url);
const prisma = createRequire(import.meta.url).resolve("prisma/build/index.js");
const bundledNode = at("node_modules/node/bin/node").pathname;
const node = existsSync(bundledNode) ? bundledNode : process.execPath;

const schema = createHash("sha256").update(readFileSync(at("node_modules/prisma/package.json")));
for (const name of readdirSync(at("prisma/schema")).sort())
  schema.update(readFileSync(at(`prisma/schema/${name}`)));
const hash = schema.digest("hex");
const stamp = at("generated/prisma/schema.sha256");
const isFresh = existsSync(stamp) && readFileSync(stamp, "utf8") === hash;

if (isFresh && process.argv.includes("--if-stale")) process.exit(0);
const { status } = spawnSync(node, [prisma, "generate", "--no-hints"], {
  cwd: at("."),
  stdio: ["ignore", process.env.VERBOSE ? "inherit" : "ignore", "inherit"],
  env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: "1" },
});
if (status === 0) writeFileSync(stamp, hash);
process.exit(status ?? 1);
