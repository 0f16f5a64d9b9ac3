import { createServer, type Server, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { MysqlRequest } from "#server/checks/needs/endpoint-requests.ts";
import { type CertificateAuthority, createCertificateAuthority } from "#testing/certificates.ts";
import { type MariadbServer, startMariadb } from "#testing/mariadb.ts";
import { countingContext, readFailureOf } from "#testing/read-context.ts";
import { createDialler } from "../dialler.ts";
import type { MysqlAccess } from "./access.ts";
import { createMysqlConnector, type MysqlConnectorOptions } from "./client.ts";

const dialler = createDialler({ allowedRanges: ["127.0.0.0/8"], forbidden: [] });
const password = "canary-4f8a-Zx91'\"\\ü";
let plain: MariadbServer;
let secure: MariadbServer;
let authority: CertificateAuthority;
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  authority = await createCertificateAuthority();
  const issued = await authority.issue({ names: ["db.example", "127.0.0.1"], keyType: "rsa" });
  const tls = { certPem: issued.chainPem, keyPem: issued.keyPem, caPem: authority.certPem };
  [plain, secure] = await Promise.all([startMariadb(), startMariadb({ tls })]);
  const literal = `'${password.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
  for (const server of [plain, secure]) {
    await server.administer(
      "CREATE DATABASE shop",
      "CREATE TABLE shop.orders (id INT PRIMARY KEY, name VARCHAR(50), big BIGINT, made DATETIME, raw VARBINARY(10))",
      "INSERT INTO shop.orders SELECT seq, CONCAT('order ', seq), 9007199254740993, '2026-01-02 03:04:05', 'abc' FROM shop.seq_1_to_500",
      `CREATE USER reader@'%' IDENTIFIED BY ${literal}`,
      "GRANT SELECT, INSERT ON shop.* TO reader@'%'",
    );
  }
}, 120_000);
afterAll(() => Promise.all([plain?.stop(), secure?.stop()]));
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function open(access: Partial<MysqlAccess> & { port: number }, rest: Partial<MysqlConnectorOptions> = {}) {
  const own: MysqlAccess = {
    ...{ host: "127.0.0.1", username: "reader", password, tls: { mode: "off" } },
    ...access,
  };
  const connector = createMysqlConnector({ dialler, own, ...rest });
  closers.push(() => connector.close());
  return connector;
}

const query = (sql: string, rest: Partial<MysqlRequest> = {}): MysqlRequest => ({
  type: "mysql.query",
  sql,
  maxRows: 100,
  ...rest,
});

describe("a MariaDB server", () => {
  test("answers with typed rows, its version and whether TLS was on", async () => {
    const connector = open({ port: plain.port });
    const context = countingContext();
    const sql = "SELECT id, name, big, made, raw, NULL AS nothing FROM shop.orders WHERE id = 7";
    const { value, missing, read } = await connector.read(query(sql), context);
    expect(value.columns).toEqual(["id", "name", "big", "made", "raw", "nothing"]);
    expect(value.rows).toEqual([
      {
        id: 7,
        name: "order 7",
        big: "9007199254740993",
        made: "2026-01-02 03:04:05",
        raw: "abc",
        nothing: null,
      },
    ]);
    expect(value.server).toMatchObject({ flavour: "mariadb", tls: false });
    expect(value.server.version).toMatch(/^\d+\.\d+\.\d+-MariaDB/);
    expect({ missing, read }).toEqual({ missing: [], read: 1 });
    expect(context.counts.calls).toBe(1);
    expect(context.counts.bytes).toBeGreaterThan(100);
  });

  test("binds values on the server, whatever they hold", async () => {
    const connector = open({ port: plain.port });
    const asked = query("SELECT ? AS text, ? AS number, ? AS nothing", {
      values: ["'; DROP TABLE x; --", 4, null],
    });
    const { value } = await connector.read(asked, countingContext());
    expect(value.rows).toEqual([{ text: "'; DROP TABLE x; --", number: 4, nothing: null }]);
  });

  test("stops at the asked number of rows, says so, and goes on with the next statement", async () => {
    const connector = open({ port: plain.port });
    const many = await connector.read(
      query("SELECT id FROM shop.orders", { maxRows: 10 }),
      countingContext(),
    );
    expect(many.value.rows).toHaveLength(10);
    expect(many.missing).toMatchObject([{ code: "truncated" }]);
    const exact = query("SELECT id FROM shop.orders", { maxRows: 500 });
    expect(await connector.read(exact, countingContext())).toMatchObject({ read: 500, missing: [] });
  });

  test("stops at the number of bytes", async () => {
    const connector = open({ port: plain.port }, { maxBytes: 1_000 });
    const { value, missing } = await connector.read(query("SELECT name FROM shop.orders"), countingContext());
    expect(value.rows.length).toBeLessThan(100);
    expect(missing).toMatchObject([{ code: "truncated" }]);
  });

  test("serves several at once, one after the other on one session", async () => {
    const connector = open({ port: plain.port });
    const asked = [1, 2, 3].map(() =>
      connector.read(query("SELECT CONNECTION_ID() AS id"), countingContext()),
    );
    const ids = (await Promise.all(asked)).map(({ value }) => value.rows[0]?.id);
    expect(new Set(ids).size).toBe(1);
  });

  test("is never written to, though the account could: the session is read-only", async () => {
    const connector = open({ port: plain.port });
    const asked = query("SELECT @@session.tx_read_only AS readonly, @@session.max_statement_time AS seconds");
    const { value } = await connector.read(asked, countingContext());
    expect(value.rows).toEqual([{ readonly: 1, seconds: 8 }]);
    // A function that writes is what a SELECT could still hide.
    await plain.administer(
      "CREATE OR REPLACE FUNCTION shop.sneak() RETURNS INT BEGIN INSERT INTO shop.orders (id) VALUES (9999); RETURN 1; END",
      "GRANT EXECUTE ON shop.* TO reader@'%'",
    );
    const sneaking = connector.read(query("SELECT shop.sneak()"), countingContext());
    expect(await readFailureOf(sneaking)).toBe("not-permitted/read-only-session");
    const after = await connector.read(
      query("SELECT id FROM shop.orders WHERE id = 9999"),
      countingContext(),
    );
    expect(after.value.rows).toEqual([]);
  });

  test("ends a statement that lasts too long, on the server", async () => {
    const connector = open({ port: plain.port }, { statementTimeoutMs: 300 });
    const slow = "SELECT COUNT(*) FROM shop.orders a, shop.orders b, shop.orders c WHERE a.name <> b.name";
    expect(await readFailureOf(connector.read(query(slow), countingContext()))).toBe(
      "timed-out/statement-timeout",
    );
  });

  test("refuses a wrong password without quoting it", async () => {
    const wrong = "canary-wrong-81f2";
    const failure = await open({ port: plain.port, password: wrong })
      .read(query("SELECT 1"), countingContext())
      .catch((error: unknown) => error);
    expect(await readFailureOf(Promise.reject(failure))).toBe("unauthorized/credential-not-accepted");
    expect(JSON.stringify(failure) + String((failure as Error).stack)).not.toContain(wrong);
  });

  test.each([
    ["a table the account may not read", "SELECT * FROM mysql.user", "forbidden/forbidden"],
    ["a table that is not there", "SELECT * FROM shop.absent", "not-served/not-there"],
    ["nonsense", "SELECT FROM WHERE", "server-error/server-error"],
  ])("says why of %s", async (_name, sql, failure) => {
    const connector = open({ port: plain.port });
    expect(await readFailureOf(connector.read(query(sql), countingContext()))).toBe(failure);
    expect((await connector.read(query("SELECT 1 AS one"), countingContext())).value.rows).toEqual([
      { one: 1 },
    ]);
  });
});

describe("TLS", () => {
  test.each(["preferred", "required"] as const)("%s encrypts with whoever answers", async (mode) => {
    const { value } = await open({ port: secure.port, tls: { mode } }).read(
      query("SHOW STATUS LIKE 'Ssl_cipher'"),
      countingContext(),
    );
    expect(value.server.tls).toBe(true);
    expect(value.rows[0]?.Value).toMatch(/^TLS_/);
  });

  test("preferred goes without where the server offers none; required does not", async () => {
    const { value } = await open({ port: plain.port, tls: { mode: "preferred" } }).read(
      query("SELECT 1"),
      countingContext(),
    );
    expect(value.server.tls).toBe(false);
    const required = open({ port: plain.port, tls: { mode: "required" } });
    expect(await readFailureOf(required.read(query("SELECT 1"), countingContext()))).toBe(
      "unreachable/tls-not-offered",
    );
  });

  test("verified asks for the right CA and the right name, also of an address", async () => {
    const other = (await createCertificateAuthority()).certPem;
    const caPem = authority.certPem;
    const ask = (tls: Omit<MysqlAccess["tls"], "mode">) =>
      open({ port: secure.port, tls: { mode: "verified", ...tls } }).read(
        query("SELECT 1"),
        countingContext(),
      );
    expect((await ask({ caPem })).value.server.tls).toBe(true);
    expect((await ask({ caPem, serverName: "db.example" })).value.server.tls).toBe(true);
    expect(await readFailureOf(ask({ caPem: other }))).toBe("unreachable/untrusted-certificate");
    expect(await readFailureOf(ask({}))).toBe("unreachable/untrusted-certificate");
    for (const serverName of ["other.example", "127.0.0.2"]) {
      expect(await readFailureOf(ask({ caPem, serverName }))).toBe("unreachable/certificate-name-mismatch");
    }
  });
});

describe("a server that means harm", () => {
  test("hangs: the read ends in time", async () => {
    const { port } = await rogue(() => undefined);
    const connector = open({ port }, { requestTimeoutMs: 300 });
    expect(await readFailureOf(connector.read(query("SELECT 1"), countingContext()))).toBe(
      "timed-out/request-timeout",
    );
  });

  test("and the wait ends at once when the run does", async () => {
    const { port, accepted } = await rogue(() => undefined);
    const controller = new AbortController();
    const reading = open({ port }).read(query("SELECT 1"), countingContext(controller.signal));
    await accepted;
    controller.abort(new Error("the run was stopped"));
    await expect(reading).rejects.toThrow("the run was stopped");
  });

  test("asks for a file of ours: it gets an empty answer and nothing else", async () => {
    const { port, received } = await rogue((socket, packet, sequence) => {
      if (sequence === 1) return socket.write(packetOf(2, okPacket));
      if (packet.length === 0) return socket.write(packetOf(sequence + 1, okPacket));
      if (packet[0] === 3) return socket.write(packetOf(1, Buffer.from("\u00fb/etc/passwd", "latin1")));
      return undefined;
    });
    const failure = await readFailureOf(open({ port }).read(query("SELECT 1"), countingContext()));
    expect(failure).toBe("malformed/not-mysql");
    const sent = Buffer.concat(received()).toString("latin1");
    expect(sent).toContain("SELECT VERSION()");
    expect(sent).not.toContain("root:");
    // The capability that allows the server to ask was never offered.
    expect((received()[0]?.readUInt32LE(0) ?? 0) & 0x80).toBe(0);
  });

  test.each(["mysql_clear_password", "sha256_password", "caching_sha2_password"])(
    "asks for the password by %s: it is not sent",
    async (method) => {
      const { port, received } = await rogue((socket, packet, sequence) => {
        const asked = Buffer.concat([
          Buffer.from(`\u00fe${method}\0`, "latin1"),
          Buffer.alloc(20, 7),
          Buffer.of(0),
        ]);
        if (sequence === 1) return socket.write(packetOf(2, asked));
        // The token of caching_sha2_password came: ask for the whole password.
        if (sequence === 3 && packet.length === 32) return socket.write(packetOf(4, Buffer.of(1, 4)));
        return undefined;
      });
      const failure = await readFailureOf(open({ port }).read(query("SELECT 1"), countingContext()));
      expect(failure).toBe("unauthorized/password-in-clear");
      const sent = Buffer.concat(received()).toString("latin1");
      expect(sent).not.toContain(Buffer.from(password, "utf8").toString("latin1"));
      expect(sent).not.toContain("canary");
    },
  );

  test("lives at a closed address: it is not dialled", async () => {
    const closed = createDialler({ allowedRanges: [], forbidden: [] });
    const connector = open({ port: plain.port }, { dialler: closed });
    expect(await readFailureOf(connector.read(query("SELECT 1"), countingContext()))).toBe(
      "refused-address/loopback-address",
    );
  });
});

const okPacket = Buffer.of(0, 0, 0, 2, 0, 0, 0);

function packetOf(sequence: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  header[3] = sequence;
  return Buffer.concat([header, payload]);
}

/** Greets as MySQL 8 does and then does what it is told with every packet. */
async function rogue(onPacket: (socket: Socket, packet: Buffer, sequence: number) => unknown) {
  const packets: Buffer[] = [];
  let accept = () => {};
  const accepted = new Promise<void>((fulfil) => {
    accept = fulfil;
  });
  const server: Server = createServer((socket) => {
    let held = Buffer.alloc(0);
    socket.on("error", () => {});
    socket.on("data", (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      while (held.length >= 4 && held.length >= 4 + held.readUIntLE(0, 3)) {
        const length = held.readUIntLE(0, 3);
        const [sequence = 0, packet] = [held[3], Buffer.from(held.subarray(4, 4 + length))];
        held = held.subarray(4 + length);
        packets.push(packet);
        onPacket(socket, packet, sequence);
      }
    });
    socket.write(packetOf(0, greeting()));
    accept();
  });
  await new Promise<void>((fulfil) => server.listen(0, "127.0.0.1", fulfil));
  closers.push(async () => {
    server.close();
  });
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no port");
  return { port: address.port, received: () => packets, accepted };
}

function greeting(): Buffer {
  // Everything but TLS: PROTOCOL_41, SECURE_CONNECTION, PLUGIN_AUTH, LOCAL_FILES …
  const capabilities = 0x000f_f7ff;
  const flags = Buffer.alloc(4);
  flags.writeUInt32LE(capabilities);
  return Buffer.concat([
    Buffer.of(10),
    Buffer.from("8.0.99\0"),
    Buffer.of(1, 0, 0, 0),
    Buffer.alloc(8, 7),
    Buffer.of(0),
    flags.subarray(0, 2),
    Buffer.of(45, 2, 0),
    flags.subarray(2),
    Buffer.of(21),
    Buffer.alloc(10),
    Buffer.alloc(12, 7),
    Buffer.of(0),
    Buffer.from("mysql_native_password\0"),
  ]);
}
