import { keyLimits } from "#common/tools/index-length.ts";
import type { MysqlRows } from "./endpoint-requests.ts";

export const variablesSql =
  "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('innodb_page_size', 'innodb_default_row_format', 'innodb_file_format', 'innodb_large_prefix', 'innodb_file_per_table', 'character_set_server', 'collation_server', 'default_storage_engine')";
export const grantsSql = "SHOW GRANTS";
export const indexesSql = `SELECT s.TABLE_SCHEMA AS table_schema, s.TABLE_NAME AS table_name, s.INDEX_NAME AS index_name,
  s.COLUMN_NAME AS column_name, s.SUB_PART AS sub_part, c.DATA_TYPE AS data_type,
  c.CHARACTER_MAXIMUM_LENGTH AS characters, c.CHARACTER_OCTET_LENGTH AS octets,
  c.CHARACTER_SET_NAME AS charset, cs.MAXLEN AS charset_bytes, t.ENGINE AS engine, t.ROW_FORMAT AS row_format
FROM information_schema.STATISTICS s
JOIN information_schema.TABLES t ON t.TABLE_SCHEMA = s.TABLE_SCHEMA AND t.TABLE_NAME = s.TABLE_NAME
JOIN information_schema.COLUMNS c
  ON c.TABLE_SCHEMA = s.TABLE_SCHEMA AND c.TABLE_NAME = s.TABLE_NAME AND c.COLUMN_NAME = s.COLUMN_NAME
LEFT JOIN information_schema.CHARACTER_SETS cs ON cs.CHARACTER_SET_NAME = c.CHARACTER_SET_NAME
WHERE s.TABLE_SCHEMA NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys') AND s.INDEX_TYPE = 'BTREE'
ORDER BY s.TABLE_SCHEMA, s.TABLE_NAME, s.INDEX_NAME, s.SEQ_IN_INDEX`;

/** `bytesPerCharacter` is 0 for what has no characters: then `fixedBytes` says how long it is. */
export type IndexPart = {
  column: string;
  charset: string | null;
  characters: number;
  prefix: number | null;
  bytesPerCharacter: number;
  fixedBytes: number;
};
export type KeyIndex = {
  schema: string;
  table: string;
  name: string;
  engine: string;
  rowFormat: string;
  parts: IndexPart[];
};
export type ServerVariables = {
  version: string;
  flavour: "mysql" | "mariadb";
  pageBytes: number;
  variables: Record<string, string>;
};

export function toVariables({ rows, server }: MysqlRows): ServerVariables {
  const variables = Object.fromEntries(
    rows.map((row) => [String(row.Variable_name), String(row.Value ?? "")]),
  );
  const { version, flavour } = server;
  return { version, flavour, pageBytes: Number(variables.innodb_page_size) || 16_384, variables };
}

/** Which databases the account reads. The rest of a grant, which may hold the hash of a password, is left out. */
export function toGrants({ rows }: MysqlRows): { everything: boolean; schemas: string[] } {
  const schemas = new Set<string>();
  for (const row of rows) {
    const text = String(Object.values(row)[0] ?? "");
    const [, rights = "", database = ""] =
      /^GRANT (.+?) ON (\S+?|`[^`]+`)\.(?:\*|`[^`]+`) TO /.exec(text) ?? [];
    if (/\b(SELECT|ALL PRIVILEGES)\b/.test(rights)) schemas.add(database.replaceAll("`", ""));
  }
  return { everything: schemas.has("*"), schemas: [...schemas].filter((name) => name !== "*").sort() };
}

/** Without characters: bytes of a key of that type, and 8 for any other, which is more than enough for numbers. */
const fixedBytes: Record<string, number> = {
  ...{ tinyint: 1, smallint: 2, mediumint: 3, int: 4, bigint: 8, float: 4, double: 8, year: 1, date: 3 },
  ...{ time: 6, datetime: 8, timestamp: 7, enum: 2, set: 8, bit: 8, decimal: 30, uuid: 16, inet6: 16 },
};

export function toIndexes({ rows }: MysqlRows): KeyIndex[] {
  const byKey = new Map<string, KeyIndex>();
  for (const row of rows) {
    const text = (name: string) => String(row[name] ?? "");
    const [schema, table, name] = [text("table_schema"), text("table_name"), text("index_name")];
    const key = JSON.stringify([schema, table, name]);
    const index = byKey.get(key) ?? {
      ...{ schema, table, name, engine: text("engine"), rowFormat: text("row_format"), parts: [] },
    };
    byKey.set(key, index);
    index.parts.push(partOf(row));
  }
  return [...byKey.values()];
}

function partOf(row: Record<string, string | number | null>): IndexPart {
  const type = String(row.data_type ?? "").toLowerCase();
  const isText = row.charset !== null && /char|text/.test(type);
  const isBinary = /binary|blob/.test(type);
  const whole = Number(isText ? row.characters : isBinary ? row.octets : 0);
  return {
    column: String(row.column_name ?? ""),
    charset: isText ? String(row.charset) : null,
    characters: whole,
    prefix: row.sub_part === null || row.sub_part === undefined ? null : Number(row.sub_part),
    bytesPerCharacter: isText ? Number(row.charset_bytes) || 1 : isBinary ? 1 : 0,
    fixedBytes: isText || isBinary ? 0 : (fixedBytes[type] ?? 8),
  };
}

/** How many bytes a part takes; `inCharset` asks how many if its characters had that many bytes each. */
function partBytes(part: IndexPart, inCharset?: number): number {
  if (part.bytesPerCharacter === 0) return part.fixedBytes;
  const each = part.charset ? Math.max(part.bytesPerCharacter, inCharset ?? 0) : 1;
  return (part.prefix ?? part.characters) * each;
}

export function longestPart(index: KeyIndex, inCharset?: number): { column: string; bytes: number } {
  const parts = index.parts.map((part) => ({ column: part.column, bytes: partBytes(part, inCharset) }));
  return parts.reduce((one, other) => (other.bytes > one.bytes ? other : one), { column: "", bytes: 0 });
}

export function totalBytes(index: KeyIndex, inCharset?: number): number {
  return index.parts.reduce((sum, part) => sum + partBytes(part, inCharset), 0);
}

/** What a column of a key may take, and the whole key. Other engines have rules of their own that are not judged. */
export function limitsOf(index: KeyIndex, pageBytes: number): { part: number; total: number } | null {
  if (index.engine === "MyISAM") return keyLimits("myisam", pageBytes);
  if (index.engine !== "InnoDB") return null;
  const isOld = /^(compact|redundant)$/i.test(index.rowFormat);
  return keyLimits(isOld ? "innodb-compact" : "innodb-dynamic", pageBytes);
}
