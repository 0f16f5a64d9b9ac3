import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { UsageError } from "./sentence-errors.ts";

/** The instance's database: as the environment says, or as `npm start` left it in the data folder. */
export function findDatabaseUrl(env: NodeJS.ProcessEnv, project: string): string {
  const kept = findSetting("DATABASE_URL", env, project);
  if (kept) return kept;
  const file = settingsFile(env, project);
  throw new UsageError(
    `--cluster needs a running Weekbook: start it with npm start, or set DATABASE_URL (${file} has none).`,
  );
}

/** A setting of the instance: as the environment says, or as `npm start` left it in the data folder. */
export function findSetting(name: string, env: NodeJS.ProcessEnv, project: string): string | undefined {
  if (env[name]) return env[name];
  const file = settingsFile(env, project);
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  const line = lines.find((each) => each.startsWith(`${name}=`));
  return line?.slice(name.length + 1).trim() || undefined;
}

function settingsFile(env: NodeJS.ProcessEnv, project: string): string {
  return path.join(path.resolve(project, env.WEEKBOOK_DATA_DIR || ".weekbook"), "env");
}
