// Runs a script of ours on Node 24, which npm installs beside the other dependencies, so that an older Node on the
// machine is enough to start with. Plain JavaScript, since this file is what the older Node reads.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const [script = "", ...args] = process.argv.slice(2);
const entry = new URL(`../${script}`, import.meta.url);
const bundled = fileURLToPath(new URL("../node_modules/node/bin/node", import.meta.url));
const major = Number(process.versions.node.split(".")[0]);

if (!existsSync(new URL("../node_modules/", import.meta.url))) fail("Dependencies are missing: run npm ci.");
else if (major >= 24) {
  process.argv.splice(1, 2, fileURLToPath(entry));
  await import(entry.href);
} else if (existsSync(bundled)) onBundledNode();
else
  fail(
    `Weekbook needs Node 24, this is ${process.versions.node}: run npm ci, which brings it, or install Node 24.`,
  );

function fail(sentence) {
  console.error(sentence);
  process.exitCode = 1;
}

function onBundledNode() {
  const child = spawn(bundled, [fileURLToPath(entry), ...args], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => fail(`${bundled} does not run (${error.message}): run npm ci.`));
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? (signal === null ? 1 : 128);
  });
}
