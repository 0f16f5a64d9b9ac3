// The embedded Postgres from outside: who gets in, and from where.
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres.ts";
import { accountForPostgres, placeForDatabase } from "./postgres/places.ts";

let dataDir: string;
let server: EmbeddedPostgres;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "weekbook-postgres-"));
  server = await startEmbeddedPostgres({
    dataDir,
    password: "the right password",
    database: "weekbook",
    settings: { fsync: "off" },
  });
}, 60_000);
afterAll(async () => {
  const place = placeForDatabase(dataDir, accountForPostgres());
  await server?.stop();
  for (const folder of [place, dataDir]) rmSync(folder, { recursive: true, force: true });
});

/** "in", or the code of what kept us out. */
async function enter(change: (url: URL) => void = () => {}): Promise<string> {
  const url = new URL(server.url);
  change(url);
  const client = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: 2_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.end();
    return "in";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}

it("lets in who knows the password, and nobody else", async () => {
  expect(await enter()).toBe("in");
  const wrong = (url: URL) => {
    url.password = "another password";
  };
  const other = (url: URL) => {
    url.username = "postgres";
  };
  expect(await enter(wrong)).toBe("28P01");
  expect(await enter(other)).toBe("28P01");
});

it("listens on loopback only", async () => {
  const addresses = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  const outer = addresses.filter(({ internal, family }) => !internal && family === "IPv4");
  for (const { address } of [...outer, { address: "127.0.0.2" }]) {
    const there = (url: URL) => {
      url.hostname = address;
    };
    expect(await enter(there), address).toBe("ECONNREFUSED");
  }
});

it("keeps its files from everybody else", () => {
  const place = placeForDatabase(dataDir, accountForPostgres());
  expect(statSync(join(place, "data")).mode & 0o077).toBe(0);
  expect(statSync(join(place, "postgres.log")).mode & 0o077).toBe(0);
  expect(readdirSync(place)).not.toContain("initdb-password");
});
