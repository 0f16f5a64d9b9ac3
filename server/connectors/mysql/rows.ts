import type { Connection } from "mysql2";
import type { MysqlRequest } from "../../checks/needs/endpoint-requests.ts";

type Cell = string | number | null;
export type Rows = { columns: string[]; rows: Record<string, Cell>[]; cut: "rows" | "bytes" | null };

/**
 * Streams rows until the statement ends or a limit is reached. After a cut the connection still has rows on its way and
 * is of no further use.
 */
export function streamRows(
  connection: Connection,
  { sql, values, maxRows }: Pick<MysqlRequest, "sql" | "values" | "maxRows">,
  maxBytes: number,
): Promise<Rows> {
  return new Promise((fulfil, reject) => {
    const found: Rows = { columns: [], rows: [], cut: null };
    let bytes = 0;
    // Bound by the server: no escaping of ours that some SQL mode could read differently.
    const query = values?.length
      ? connection.execute({ sql, values: [...values] })
      : connection.query({ sql });
    query.on("fields", (fields: { name: string }[] | undefined) => {
      if (fields) found.columns = fields.map(({ name }) => name);
    });
    query.on("result", (row: Record<string, unknown>) => {
      if (found.cut) return;
      // A statement without rows ends with a header instead of one.
      if (row.constructor?.name === "ResultSetHeader") return;
      if (found.rows.length >= maxRows) found.cut = "rows";
      else {
        const cells = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cellOf(value)]));
        bytes += JSON.stringify(cells).length;
        if (bytes > maxBytes) found.cut = "bytes";
        else found.rows.push(cells);
      }
      if (found.cut) fulfil(found);
    });
    query.on("error", reject);
    query.on("end", () => fulfil(found));
  });
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === "number" || typeof value === "string") return value;
  if (typeof value === "bigint" || typeof value === "boolean") return String(value);
  if (Buffer.isBuffer(value)) return value.toString("utf8");
  return JSON.stringify(value);
}
