import type pg from "pg";

/** `state` is the same text as before exactly while no row of the product or of its queue was written. */
export type Changes = { state: () => Promise<string> };

/** What lies beside the product is not watched; of the queue its jobs are, not the times it notes for itself. */
const watchedSql = `
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND (n.nspname = 'public' OR (n.nspname = 'pgboss' AND c.relname LIKE 'j%'))`;

/** Rolled back with the change itself; an update that leaves a row as it was is none. */
const logSql = `
  CREATE SCHEMA test_changes;
  CREATE TABLE test_changes.change ("table" text NOT NULL);
  CREATE FUNCTION test_changes.note() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF TG_OP = 'UPDATE' THEN
      IF OLD::text = NEW::text THEN RETURN NULL; END IF;
    END IF;
    INSERT INTO test_changes.change VALUES (TG_TABLE_NAME);
    RETURN NULL;
  END $$;`;

/**
 * Notes every row that is written from now on, by triggers: what a call changed is one small question, however much the
 * database holds. A table that is made or dropped is a change too.
 */
export async function watchChanges(pool: pg.Pool): Promise<Changes> {
  await pool.query(logSql);
  const { rows } = await pool.query<{ name: string; partition: boolean }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name, c.relispartition AS partition ${watchedSql}`,
  );
  for (const { name, partition } of rows) {
    await pool.query(
      `CREATE TRIGGER test_truncated AFTER TRUNCATE ON ${name} FOR EACH STATEMENT EXECUTE FUNCTION test_changes.note()`,
    );
    // A partition has the trigger of its parent.
    if (partition) continue;
    await pool.query(
      `CREATE TRIGGER test_changed AFTER INSERT OR UPDATE OR DELETE ON ${name}
       FOR EACH ROW EXECUTE FUNCTION test_changes.note()`,
    );
  }
  return {
    async state() {
      const { rows: found } = await pool.query<{ state: string }>(
        `SELECT concat((SELECT count(*) FROM test_changes.change), ' ',
          (SELECT md5(string_agg(c.oid::text, ' ' ORDER BY c.oid)) ${watchedSql})) AS state`,
      );
      return found[0]?.state ?? "";
    },
  };
}
