// Generates the Prisma client after an install. Prisma wants to find its schema engine even where it only
// generates; any existing file satisfies that, and nothing is downloaded.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";

const prisma = createRequire(import.meta.url).resolve("prisma/build/index.js");
const bundledNode = new URL("../node_modules/node/bin/node", import.meta.url).pathname;
const node = existsSync(bundledNode) ? bundledNode : process.execPath;

const { status } = spawnSync(node, [prisma, "generate", "--no-hints"], {
  cwd: new URL("..", import.meta.url),
  stdio: ["ignore", process.env.VERBOSE ? "inherit" : "ignore", "inherit"],
  env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: "1" },
});
process.exit(status ?? 1);
