import type { MysqlRequest, MysqlRows } from "../../checks/needs/endpoint-requests.ts";
import { createRedactor } from "../../redact.ts";
import type { EndpointConnector, ReadContext, Reading } from "../connector.ts";
import { type Dialler, raceAbort } from "../dialler.ts";
import { readError } from "../read-error.ts";
import type { MysqlAccess } from "./access.ts";
import { mysqlFailure } from "./failure.ts";
import { streamRows } from "./rows.ts";
import { type MysqlSession, openSession } from "./session.ts";
import { admitStatement } from "./statement.ts";

export type MysqlConnectorOptions = {
  dialler: Dialler;
  own: MysqlAccess;
  connectTimeoutMs?: number;
  requestTimeoutMs?: number;
  statementTimeoutMs?: number;
  maxBytes?: number;
};

/** One read-only session, statement after statement; a new one after a failure. */
export function createMysqlConnector(options: MysqlConnectorOptions): EndpointConnector<MysqlRequest> {
  const { own: access, dialler } = options;
  const requestTimeoutMs = options.requestTimeoutMs ?? 10_000;
  const maxBytes = options.maxBytes ?? 8 << 20;
  const { text: redact } = createRedactor(access.password === "" ? [] : [access.password]);
  const sessionOptions = {
    dialler,
    connectTimeoutMs: options.connectTimeoutMs ?? 5_000,
    statementTimeoutMs: options.statementTimeoutMs ?? 8_000,
  };
  let session: MysqlSession | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  function drop(): void {
    session?.destroy();
    session = undefined;
  }

  async function query(request: MysqlRequest, { signal, meter }: ReadContext): Promise<Reading<MysqlRows>> {
    const sql = admitStatement(request.sql);
    const what = whatOf(access, sql);
    const deadline = AbortSignal.timeout(requestTimeoutMs);
    const stop = AbortSignal.any([signal, deadline]);
    meter.call();
    let before = session?.receivedBytes() ?? 0;
    try {
      if (!session) {
        before = 0;
        session = await openSession(access, sessionOptions, { signal: stop });
      }
      const { connection, tls, version, flavour } = session;
      const found = await raceAbort(streamRows(connection, { ...request, sql }, maxBytes), stop);
      meter.bytes(session.receivedBytes() - before);
      if (found.cut) drop();
      const value = { columns: found.columns, rows: found.rows, server: { version, flavour, tls } };
      const limit = found.cut === "rows" ? `${request.maxRows} rows` : `${maxBytes >> 20} MiB`;
      const detail = `answer-too-large: more than ${limit}; the rest was not read`;
      const missing = found.cut ? [{ code: "truncated" as const, what, detail }] : [];
      return { value, read: found.rows.length, missing };
    } catch (error) {
      drop();
      signal.throwIfAborted();
      if (!deadline.aborted) throw mysqlFailure(error, { what, access, redact });
      const sentence = `no whole answer within ${requestTimeoutMs} ms`;
      throw readError("timed-out", what, "request-timeout", sentence, error);
    }
  }

  return {
    async read<R extends MysqlRequest>(request: R, context: ReadContext) {
      const mine = turn.then(() => query(request, context));
      turn = mine.catch(() => undefined);
      return raceAbort(mine, context.signal);
    },
    async close() {
      drop();
    },
  };
}

function whatOf({ host, port }: MysqlAccess, sql: string): string {
  const place = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const words = sql.replace(/\s+/g, " ");
  return `ask ${place}: ${words.length > 80 ? `${words.slice(0, 79)}…` : words}`;
}
