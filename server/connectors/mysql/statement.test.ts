import { expect, test } from "vitest";
import { admitStatement } from "./statement.ts";

test.each([
  "SELECT 1",
  "  show variables like 'a%'  ",
  "SELECT update_time FROM information_schema.tables WHERE name = 'insert into; -- x'",
  "SELECT a FROM t WHERE b = ? AND c IN ('', 'x')",
])("admits %s", (sql) => {
  expect(admitStatement(sql)).toBe(sql.trim());
});

test.each([
  "DELETE FROM t",
  "UPDATE t SET a = 1",
  "SET GLOBAL read_only = 0",
  "SELECT 1; DROP TABLE t",
  "SELECT 1 INTO OUTFILE '/tmp/x'",
  "SELECT a FROM t INTO @x",
  "SELECT /*! SLEEP(9) */ 1",
  "SELECT 1 -- x",
  "SELECT 1 # x",
  "SELECT LOAD_FILE('/etc/passwd')",
  "SELECT SLEEP(100)",
  "SELECT * FROM t FOR UPDATE",
  "SELECT * FROM t LOCK IN SHARE MODE",
  "SELECT GET_LOCK('a', 10)",
  "SELECT 'a\\' INTO OUTFILE '/tmp/x' -- '",
  "SELECT 'open",
  'SELECT "a" FROM t',
  "WITH x AS (SELECT 1) DELETE FROM t",
  "",
])("refuses %s", (sql) => {
  expect(() => admitStatement(sql)).toThrow(/statement-refused/);
});
