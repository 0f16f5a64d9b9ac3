import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { faults } from "./faults/all.gen.ts";

const main = join(import.meta.dirname, "main.ts");
let folder: string;
const started: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "practice-"));
});
afterEach(async () => {
  for (const child of started.splice(0)) if (child.exitCode === null) child.kill("SIGKILL");
  await rm(folder, { recursive: true });
});

function start(...options: string[]): ChildProcess {
  const child = spawn(process.execPath, [main, ...options], { stdio: ["pipe", "pipe", "pipe"] });
  started.push(child);
  return child;
}

async function firstLine(child: ChildProcess): Promise<{ url: string; port: number }> {
  if (!child.stdout) throw new Error("The child has no output.");
  const [chunk] = await once(child.stdout, "data");
  return JSON.parse(String(chunk));
}

async function ended(child: ChildProcess): Promise<{ code: number | null; stderr: string }> {
  let stderr = "";
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, "close");
  return { code, stderr };
}

test("writes kubeconfigs and truth for nobody else to read, says where it listens, ends on SIGTERM", async () => {
  const child = start("--state-dir", folder, "--pods", "90");
  const { url, port } = await firstLine(child);
  expect(url).toBe(`https://127.0.0.1:${port}`);
  for (const user of ["viewer", "admin"]) {
    const file = join(folder, `kubeconfig-${user}.yaml`);
    expect(await readFile(file, "utf8")).toContain(`server: ${url}`);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  }
  expect((await stat(join(folder, "credentials.json"))).mode & 0o777).toBe(0o600);
  const truth = JSON.parse(await readFile(join(folder, "truth.json"), "utf8"));
  expect(truth).toMatchObject({ practice: true, seed: 1, nodes: 6 });
  expect(truth.pods).toBeGreaterThanOrEqual(90);
  expect(truth.faults).toHaveLength(faults.length);
  const end = ended(child);
  child.kill("SIGTERM");
  expect((await end).code).toBe(0);
});

test("a restart keeps the credentials", async () => {
  const kubeconfig = async () => {
    const child = start("--state-dir", folder, "--faults", "");
    const { port } = await firstLine(child);
    child.kill("SIGTERM");
    await once(child, "close");
    return (await readFile(join(folder, "kubeconfig-admin.yaml"), "utf8")).replace(`:${port}`, "");
  };
  expect(await kubeconfig()).toBe(await kubeconfig());
});

test("with --exit-with-parent it ends when nobody holds its input any more", async () => {
  const child = start("--state-dir", folder, "--exit-with-parent");
  await firstLine(child);
  const end = ended(child);
  child.stdin?.end();
  expect((await end).code).toBe(0);
});

test("a taken port is one sentence and exit 1", async () => {
  const holder = createServer().listen(0, "127.0.0.1");
  await once(holder, "listening");
  const address = holder.address();
  const port = typeof address === "object" ? String(address?.port) : "";
  const { code, stderr } = await ended(start("--state-dir", folder, "--port", port));
  holder.close();
  expect([code, stderr]).toEqual([1, "The practice cluster cannot start: its port is already taken.\n"]);
});

test("a folder that cannot be written is one sentence and exit 1", async () => {
  const file = join(folder, "file");
  await writeFile(file, "");
  const { code, stderr } = await ended(start("--state-dir", join(file, "below")));
  expect(code).toBe(1);
  expect(stderr).toMatch(/^The practice cluster cannot start: \S+ cannot be written \(ENOTDIR\)\.\n$/);
});

test.each([
  [["--pods", "many"], '--pods must be a whole number from 0 to 200000, not "many".'],
  [["--faults", "nothing"], 'There is no fault "nothing".'],
  [["--colour"], "Unknown option '--colour'"],
])("%j is refused", async (options, sentence) => {
  const { code, stderr } = await ended(start("--state-dir", folder, ...options));
  expect(code).toBe(1);
  expect(stderr).toContain(sentence);
  expect(stderr).not.toContain("    at ");
});
