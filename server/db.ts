import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaClient } from "#generated/prisma/client.ts";

export type Database = PrismaClient;
/** A client or the client of an open transaction. */
export type DatabaseTransaction = Omit<
  PrismaClient,
  "$connect" | "$disconnect" | "$on" | "$use" | "$extends" | "$transaction"
>;

/** The only maker of a Prisma client. `onPoolError` hears of idle connections the server dropped. */
export function openDatabase(options: {
  url: string;
  maxConnections?: number;
  onPoolError: (error: Error) => void;
}): { db: Database; pool: pg.Pool; close: () => Promise<void> } {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: 5_000,
  });
  pool.on("error", options.onPoolError);
  const db = new PrismaClient({ adapter: new PrismaPg(pool) });
  const close = async () => {
    await db.$disconnect();
    if (!pool.ended) await pool.end();
  };
  return { db, pool, close };
}
