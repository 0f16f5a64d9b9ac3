import { chmod, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import { UsageError } from "../sentence-errors.ts";

const loginSchema = z.object({
  url: z.url(),
  key: z.string().min(1),
  insecureHttp: z.boolean().default(false),
});
export type Login = z.output<typeof loginSchema>;

/** $XDG_CONFIG_HOME/weekbook/login.json, or below ~/.config. */
export function loginFile(env: NodeJS.ProcessEnv): string {
  const base = env.XDG_CONFIG_HOME || path.join(env.HOME || os.homedir(), ".config");
  return path.join(base, "weekbook", "login.json");
}

/** What `weekbook login` kept; null where nobody logged in. A file that others may read is not used. */
export async function readLogin(env: NodeJS.ProcessEnv): Promise<Login | null> {
  const file = loginFile(env);
  const info = await stat(file).catch(() => null);
  if (!info) return null;
  if (process.platform !== "win32" && (info.mode & 0o077) !== 0) {
    throw new UsageError(
      `${file} can be read by others: say "chmod 600 ${file}", and have the key replaced.`,
    );
  }
  const parsed = loginSchema.safeParse(parseJson(await readFile(file, "utf8")));
  if (!parsed.success) throw new UsageError(`${file} is not what "weekbook login" writes: log in again.`);
  return parsed.data;
}

/** Nobody else can read the file at any moment, nor is it ever half written. */
export async function writeLogin(env: NodeJS.ProcessEnv, login: Login): Promise<string> {
  const file = loginFile(env);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const fresh = `${file}.${process.pid}`;
  const handle = await open(fresh, "wx", 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(login, null, 2)}\n`);
  } finally {
    await handle.close();
  }
  await chmod(fresh, 0o600);
  await rename(fresh, file);
  return file;
}

/** False: there was none. */
export async function removeLogin(env: NodeJS.ProcessEnv): Promise<boolean> {
  const file = loginFile(env);
  if (!(await stat(file).catch(() => null))) return false;
  await rm(file);
  return true;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
