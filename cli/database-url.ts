import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { UsageError } from "./sentence-errors.ts";

/** The instance's database: as the environment says, or as `npm start` left it in the data folder. */
export function findDatabaseUrl(env: NodeJS.ProcessEnv, project: string): string {
  if (env.DATABASE_URL) return env.DATABASE_URL;
  const file = path.join(path.resolve(project, env.WEEKBOOK_DATA_DIR || ".weekbook"), "env");
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  const line = lines.find((each) => each.startsWith("DATABASE_URL="));
  if (line) return line.slice("DATABASE_URL=".length).trim();
  throw new UsageError(
    `--cluster needs a running Weekbook: start it with npm start, or set DATABASE_URL (${file} has none).`,
  );
}
