// The launcher from outside: what `npm start` prints, leaves behind and ends with.
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createTestDatabase } from "#testing/database.ts";
import {
  newDataFolder,
  type Product,
  removeDataFolder,
  startLauncher,
  startProduct,
} from "#testing/product.ts";
import { commandOf, isAlive } from "./launcher/processes.ts";
import { findPostmaster } from "./postgres/postmaster.ts";

const isRoot = process.getuid?.() === 0;
/** Next renames its process. */
const web = /next-server|next\/dist\/bin\/next/;
const startTimeoutMs = 240_000;

async function refused(env: Record<string, string>, args: string[] = []): Promise<string> {
  const { code, output } = await startLauncher({ env: { PORT: "0", ...env }, args }).ended;
  expect(code).toBe(1);
  expect(output.trim().split("\n"), "one sentence").toHaveLength(1);
  return output.trim();
}

/** Processes that were told the launcher's number: its own children. */
function childrenOf(launcher: number): { pid: number; command: string; environment: string }[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0)
    .flatMap((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
        if (!environment.split("\0").includes(`WEEKBOOK_LAUNCHER=${launcher}`)) return [];
        return [{ pid, command: commandOf(pid) ?? "", environment }];
      } catch {
        return [];
      }
    });
}

function settingsOf(dataDir: string): NodeJS.Dict<string> {
  return parseEnv(readFileSync(join(dataDir, "env"), "utf8"));
}

async function teamNames(dataDir: string, rename?: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: settingsOf(dataDir).DATABASE_URL });
  await client.connect();
  try {
    if (rename !== undefined) await client.query("UPDATE team SET name = $1", [rename]);
    const { rows } = await client.query<{ name: string }>("SELECT name FROM team");
    return rows.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

describe("a fresh installation", () => {
  const dataDir = newDataFolder();
  let product: Product;
  const pid = () => product.launcher.child.pid ?? 0;
  const status = async (path: string) => (await fetch(`${product.url}${path}`)).status;

  beforeAll(async () => {
    product = await startProduct({ dataDir });
  }, startTimeoutMs);
  afterAll(async () => {
    await product.stop();
    removeDataFolder(dataDir);
  });

  it("is alive and ready, and offers the first account once", async () => {
    expect(await status("/livez")).toBe(200);
    expect(await status("/readyz")).toBe(200);
    expect(product.joinUrl).toMatch(new RegExp(`^${product.url}/join/[\\w-]{20,}$`));
    expect((await fetch(product.joinUrl ?? "")).status).toBe(200);
  });

  it("lets nobody else read what it keeps", () => {
    for (const name of ["keys.json", "env", "launcher.json"])
      expect(statSync(join(dataDir, name)).mode & 0o777, name).toBe(0o600);
    // Postgres passes through as another user where we are root; nobody may list.
    expect(statSync(dataDir).mode & 0o066).toBe(0);
  });

  it("keeps the key that opens credentials from the web", () => {
    const children = childrenOf(pid());
    const knows = (part: RegExp) =>
      children
        .filter(({ command }) => part.test(command))
        .map(({ environment }) => environment.includes("WEEKBOOK_WORKER_PRIVATE_KEY"));
    expect(knows(web)).toEqual([false]);
    expect(knows(/worker\.ts/)).toEqual([true]);
    expect(knows(/sandbox\/main\.ts/)).toEqual([false]);
  });

  it("refuses a second launcher on the same data folder", async () => {
    const { mode } = statSync(dataDir);
    expect(await refused({ WEEKBOOK_DATA_DIR: dataDir })).toContain("already runs on");
    expect(statSync(dataDir).mode, "the running Postgres can still get through").toBe(mode);
    expect(await status("/livez")).toBe(200);
  });

  it("starts a part again that died", async () => {
    const [child] = childrenOf(pid()).filter(({ command }) => web.test(command));
    if (!child) throw new Error("there is no web process");
    process.kill(child.pid, "SIGKILL");
    await product.launcher.printed(/The web ended \(SIGKILL\) and starts again/);
    await vi.waitFor(async () => expect(await status("/readyz")).toBe(200), {
      timeout: 30_000,
      interval: 100,
    });
  });

  it("loses no row when it is killed, and leaves no process but the database", async () => {
    await teamNames(dataDir, "Kept");
    const children = childrenOf(pid()).map((child) => child.pid);
    expect(children.length).toBeGreaterThanOrEqual(3);
    product.launcher.child.kill("SIGKILL");
    await product.launcher.ended;
    await vi.waitFor(() => expect(children.filter(isAlive)).toEqual([]), { timeout: 20_000, interval: 50 });
    const database = findPostmaster(join(dataDir, "postgres", "data"));
    product = await startProduct({ dataDir });
    expect(findPostmaster(join(dataDir, "postgres", "data"))).toEqual(database);
    expect(await teamNames(dataDir)).toEqual(["Kept"]);
    expect(await status("/readyz")).toBe(200);
  });

  it("stops all of it with Ctrl-C, and starts over the marks of a machine that lost power", async () => {
    const data = join(dataDir, "postgres", "data");
    const children = childrenOf(pid()).map((child) => child.pid);
    const database = findPostmaster(data)?.pid ?? 0;
    expect((await product.stop()).code).toBe(0);
    expect([...children, database].filter(isAlive)).toEqual([]);

    // A process number that meanwhile belongs to another program: ours.
    writeFileSync(join(data, "postmaster.pid"), `${process.pid}\n${data}\n1\n5432\n\n127.0.0.1\n`);
    if (isRoot) chmodSync(join(data, "postmaster.pid"), 0o644);
    writeFileSync(join(dataDir, "launcher.json"), JSON.stringify({ pid: process.pid, started: "1" }));
    product = await startProduct({ dataDir });
    expect(await teamNames(dataDir)).toEqual(["Kept"]);
  });
});

describe("with a database of one's own", () => {
  const dataDir = newDataFolder();
  afterAll(() => removeDataFolder(dataDir));

  it("uses it and brings none", async () => {
    const database = await createTestDatabase();
    const product = await startProduct({
      dataDir,
      env: { DATABASE_URL: database.url, WEEKBOOK_PRACTICE: "0" },
    });
    expect((await fetch(`${product.url}/readyz`)).status).toBe(200);
    expect(existsSync(join(dataDir, "postgres"))).toBe(false);
    expect(await teamNames(dataDir)).toEqual(["Team"]);
    expect((await product.stop()).code).toBe(0);
    await database.close();
  });
});

describe("one sentence says why it cannot start", () => {
  const dataDir = newDataFolder();
  afterAll(() => removeDataFolder(dataDir));
  const env = { WEEKBOOK_DATA_DIR: dataDir };

  it("when the port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as { port: number };
    expect(await refused({ ...env, PORT: String(port) })).toBe(
      `Port ${port} on 127.0.0.1 is taken by another program: set PORT to a free one.`,
    );
    other.close();
  });

  it("when the database does not answer, without telling the password", async () => {
    const sentence = await refused({ ...env, DATABASE_URL: "postgres://ada:s3cret@127.0.0.1:1/weekbook" });
    expect(sentence).toContain("127.0.0.1:1/weekbook does not answer (ECONNREFUSED)");
    expect(sentence).not.toContain("s3cret");
  });

  it("when the database does not exist", async () => {
    const url = new URL(process.env.TEST_DATABASE_URL ?? "");
    url.pathname = "/no_such_database";
    expect(await refused({ ...env, DATABASE_URL: url.href })).toContain("has no such database");
  });

  it("when the data folder is a file", async () => {
    const file = join(dataDir, "a-file");
    writeFileSync(file, "");
    expect(await refused({ WEEKBOOK_DATA_DIR: file })).toContain(`The data folder ${file} cannot be written`);
  });

  it("when the data folder cannot be written", async () => {
    const closed = mkdtempSync(join(tmpdir(), "weekbook-closed-"));
    chmodSync(closed, 0o500);
    // Root writes through any permission, but not into the kernel's own files.
    const folder = isRoot ? "/sys/weekbook" : closed;
    expect(await refused({ WEEKBOOK_DATA_DIR: folder })).toContain(
      `The data folder ${folder} cannot be written`,
    );
  });

  it("when the data folder holds somebody else's files", async () => {
    const foreign = mkdtempSync(join(tmpdir(), "weekbook-foreign-"));
    writeFileSync(join(foreign, "thesis.txt"), "");
    expect(await refused({ WEEKBOOK_DATA_DIR: foreign })).toContain("holds other files");
    expect(readdirSync(foreign)).toEqual(["thesis.txt"]);
  });

  it("when an option or a variable makes no sense", async () => {
    expect(await refused(env, ["--produce"])).toContain('does not know "--produce"');
    expect(await refused({ ...env, PORT: "http" })).toBe(
      'PORT is "http" and must be a number from 0 to 65535.',
    );
    expect(await refused({ ...env, WEEKBOOK_PRACTICE: "no" })).toContain("WEEKBOOK_PRACTICE");
    expect(await refused({ ...env, DATABASE_URL: "mysql://x" })).toContain("DATABASE_URL must be an address");
  });

  it("explains itself with --help", async () => {
    const { code, output } = await startLauncher({ args: ["--help"] }).ended;
    expect(code).toBe(0);
    for (const name of [
      "PORT",
      "HOST",
      "DATABASE_URL",
      "WEEKBOOK_DATA_DIR",
      "WEEKBOOK_URL",
      "WEEKBOOK_PRACTICE",
    ])
      expect(output).toContain(name);
  });
});
