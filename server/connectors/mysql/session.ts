import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import { type Connection, createConnection, type SslOptions } from "mysql2";
import type { ReadContext } from "../connector.ts";
import { type Dialler, raceAbort } from "../dialler.ts";
import { trustedRoots } from "../secure-stream.ts";
import { tapStream } from "../tapped-stream.ts";
import type { MysqlAccess } from "./access.ts";
import { authPlugins } from "./auth.ts";

export type MysqlSession = {
  connection: Connection;
  tls: boolean;
  version: string;
  flavour: "mysql" | "mariadb";
  receivedBytes(): number;
  destroy(): void;
};

export type SessionOptions = { dialler: Dialler; connectTimeoutMs: number; statementTimeoutMs: number };

/** Signs in over the dialler's socket and makes the session read-only and its statements short. */
export async function openSession(
  access: MysqlAccess,
  options: SessionOptions,
  context: Pick<ReadContext, "signal">,
): Promise<MysqlSession> {
  const { mode } = access.tls;
  const session = await signIn(access, { ...options, tls: mode !== "off" }, context).catch(
    (error: unknown) => {
      if (mode !== "preferred" || codeOf(error) !== "HANDSHAKE_NO_SSL_SUPPORT") throw error;
      return signIn(access, { ...options, tls: false }, context);
    },
  );
  try {
    await raceAbort(restrain(session, options.statementTimeoutMs), context.signal);
    return session;
  } catch (error) {
    session.destroy();
    throw error;
  }
}

async function restrain(session: MysqlSession, statementTimeoutMs: number): Promise<void> {
  const { connection } = session;
  const [row] = await run(connection, "SELECT VERSION() AS version");
  session.version = String(row?.version ?? "");
  session.flavour = /mariadb/i.test(session.version) ? "mariadb" : "mysql";
  await run(connection, "SET SESSION TRANSACTION READ ONLY");
  await run(
    connection,
    session.flavour === "mariadb"
      ? `SET SESSION max_statement_time = ${statementTimeoutMs / 1_000}`
      : `SET SESSION max_execution_time = ${statementTimeoutMs}`,
  );
}

async function signIn(
  access: MysqlAccess,
  options: SessionOptions & { tls: boolean },
  { signal }: Pick<ReadContext, "signal">,
): Promise<MysqlSession> {
  const { host, port, username: user, password } = access;
  const verified = options.tls && access.tls.mode === "verified";
  const socket = await options.dialler.connect(
    { host, port },
    { signal, timeoutMs: options.connectTimeoutMs },
  );
  const tap = tapStream(socket);
  const serverName = access.tls.serverName ?? host;
  const connection = createConnection({
    // The name the certificate is judged by; where we connect to, the stream has decided already.
    host: serverName,
    port,
    user,
    password,
    stream: named(tap.stream, serverName),
    ssl: options.tls ? sslOptions(access, verified) : undefined,
    authPlugins: authPlugins({ password, proven: verified }),
    flags: ["-LOCAL_FILES", "-MULTI_STATEMENTS", "-MULTI_RESULTS"],
    multipleStatements: false,
    enableKeepAlive: false,
    // Never a deadline of the library's: ours covers all of it.
    connectTimeout: 0,
    dateStrings: true,
    supportBigNumbers: true,
    disableEval: true,
    connectAttributes: { program_name: "weekbook" },
  });
  connection.on("error", () => {});
  const session: MysqlSession = {
    connection,
    tls: options.tls,
    version: "",
    flavour: "mysql",
    receivedBytes: tap.receivedBytes,
    destroy: () => {
      connection.destroy();
      tap.stream.destroy();
    },
  };
  const connected = new Promise<void>((fulfil, reject) => {
    connection.connect((error) => (error ? reject(error) : fulfil()));
  });
  try {
    await raceAbort(connected, signal);
    return session;
  } catch (error) {
    const distrust = verified ? distrustOf(connection, error) : undefined;
    session.destroy();
    throw distrust ?? error;
  }
}

function sslOptions(access: MysqlAccess, verified: boolean): SslOptions {
  return {
    minVersion: "TLSv1.2",
    rejectUnauthorized: verified,
    verifyIdentity: verified,
    ...(verified ? { ca: trustedRoots(access.tls.caPem) } : {}),
  };
}

/** Why the certificate was turned down: the library may notice the closed stream first, or writes over the code. */
function distrustOf(connection: Connection, cause: unknown): Error | undefined {
  const stream: unknown = "stream" in connection ? connection.stream : undefined;
  if (!(stream instanceof TLSSocket) || !stream.authorizationError) return undefined;
  const code = String(stream.authorizationError);
  const certificate = stream.errored && "cert" in stream.errored ? { cert: stream.errored.cert } : {};
  return Object.assign(new Error(code, { cause }), { code, ...certificate });
}

/** For an address instead of a name, Node judges the certificate by what the stream says of itself. */
function named(stream: Duplex, serverName: string): Duplex {
  return Object.assign(stream, { _host: serverName });
}

function run(connection: Connection, sql: string): Promise<Record<string, unknown>[]> {
  return new Promise((fulfil, reject) => {
    connection.query(sql, (error, rows) =>
      error ? reject(error) : fulfil(Array.isArray(rows) ? (rows as Record<string, unknown>[]) : []),
    );
  });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
