import { afterAll, beforeAll, expect, test } from "vitest";
import { createDialler } from "#server/connectors/dialler.ts";
import { createMysqlConnector } from "#server/connectors/mysql/client.ts";
import { runOnEndpoint } from "#testing/endpoint-run.ts";
import { type MariadbServer, startMariadb } from "#testing/mariadb.ts";
import { check } from "./mysql-index-length.ts";

let mariadb: MariadbServer;
const dialler = createDialler({ allowedRanges: ["127.0.0.0/8"], forbidden: [] });

const table = (name: string, column: string, options: string) =>
  `CREATE TABLE shop.${name} (id INT PRIMARY KEY, c ${column}, KEY at_c (c)) ${options}`;
const tables = {
  // Of each limit: what just fits in four bytes a character, and what does not.
  fits767: table("fits767", "VARCHAR(191)", "ROW_FORMAT=COMPACT CHARSET=latin1"),
  beyond767: table("beyond767", "VARCHAR(192)", "ROW_FORMAT=COMPACT CHARSET=latin1"),
  fits1000: table("fits1000", "VARCHAR(250)", "ENGINE=MyISAM CHARSET=utf8mb3"),
  beyond1000: table("beyond1000", "VARCHAR(251)", "ENGINE=MyISAM CHARSET=utf8mb3"),
  fits3072: table("fits3072", "VARCHAR(768)", "ROW_FORMAT=DYNAMIC CHARSET=utf8mb4"),
  beyond3072: table("beyond3072", "VARCHAR(769)", "ROW_FORMAT=DYNAMIC CHARSET=utf8mb3"),
  cut1000: table("cut1000", "VARCHAR(255)", "ENGINE=MyISAM CHARSET=utf8mb4"),
  cut3072: table("cut3072", "VARCHAR(1000)", "ROW_FORMAT=DYNAMIC CHARSET=utf8mb4"),
  chosen: `CREATE TABLE shop.chosen (id INT PRIMARY KEY, c VARCHAR(255), KEY at_c (c(20))) CHARSET=utf8mb4`,
  wide: `CREATE TABLE shop.wide (id INT PRIMARY KEY, a VARCHAR(400), b VARCHAR(400), KEY at_c (a, b)) ROW_FORMAT=DYNAMIC CHARSET=latin1`,
};

beforeAll(async () => {
  mariadb = await startMariadb({ settings: ["--sql-mode="] });
  await mariadb.administer(
    "CREATE DATABASE shop",
    ...Object.values(tables),
    "CREATE USER reader@'%' IDENTIFIED BY 'reader-password'",
    "GRANT SELECT ON *.* TO reader@'%'",
    "CREATE USER narrow@'%' IDENTIFIED BY 'narrow-password'",
    "GRANT SELECT ON shop.* TO narrow@'%'",
  );
});
afterAll(() => mariadb?.stop());

function ask(params: Record<string, unknown> = {}, username = "reader") {
  const own = {
    ...{ host: "127.0.0.1", port: mariadb.port, username, password: `${username}-password` },
    tls: { mode: "off" as const },
  };
  return runOnEndpoint(check, params, { mysql: createMysqlConnector({ dialler, own }) });
}

test("finds the tables beyond each limit, and none on this side of it", async () => {
  const outcome = await ask();
  const found = outcome.findings.map(({ code, subject }) => `${subject.name} ${code}`).sort();
  expect(found).toEqual([
    "beyond1000.at_c utf8mb4-too-long",
    "beyond3072.at_c utf8mb4-too-long",
    "beyond767.at_c utf8mb4-too-long",
    "cut1000.at_c index-cut",
    "cut3072.at_c index-cut",
    "wide.at_c utf8mb4-too-long",
  ]);
  expect(outcome.verdict).toBe("warn");
  // The server agrees: what is said to fit is changed, what is said not to is refused or cut.
  await mariadb.administer("ALTER TABLE shop.fits767 CONVERT TO CHARACTER SET utf8mb4, FORCE");
  await mariadb.administer(
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES'",
    "ALTER TABLE shop.fits1000 CONVERT TO CHARACTER SET utf8mb4",
  );
  const after = await ask();
  expect(after.findings.map(({ subject }) => subject.name)).not.toContain("fits767.at_c");
});

test("keys that old servers do not take are named when asked for", async () => {
  const outcome = await ask({ fitOldServers: true });
  const old = outcome.findings.filter(({ code }) => code === "too-long-before-5-7");
  expect(old.map(({ subject }) => subject.name)).toEqual(expect.arrayContaining(["fits3072.at_c"]));
});

test("an account that sees a part only never gets a pass for all of it", async () => {
  const blind = await ask({}, "narrow");
  expect(blind.findings.find(({ code }) => code === "only-part-visible")?.verdict).toBe("unknown");
  const named = await ask({ schemas: "shop" }, "narrow");
  expect(named.findings.some(({ code }) => code === "only-part-visible")).toBe(false);
  const other = await ask({ schemas: "billing" }, "narrow");
  expect(other.verdict).toBe("unknown");
});
