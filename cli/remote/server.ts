import { RefusedError, UsageError } from "../sentence-errors.ts";
import { type Login, readLogin } from "./login-file.ts";

/** The server to ask: as WEEKBOOK_API_KEY and WEEKBOOK_URL say, else as `weekbook login` kept it; null: neither. */
export async function findServer(env: NodeJS.ProcessEnv, { insecureHttp }: { insecureHttp?: boolean }) {
  const login = await chosen(env);
  return login ? { ...login, url: readUrl(login.url, insecureHttp === true || login.insecureHttp) } : null;
}

/** The same where there must be one. */
export async function requireServer(
  env: NodeJS.ProcessEnv,
  options: { insecureHttp?: boolean },
): Promise<Login> {
  const server = await findServer(env, options);
  if (server) return server;
  throw new RefusedError(
    'Log in first: "weekbook login --url ADDRESS", or set WEEKBOOK_URL and WEEKBOOK_API_KEY.',
  );
}

async function chosen(env: NodeJS.ProcessEnv): Promise<Login | null> {
  if (!env.WEEKBOOK_API_KEY) return readLogin(env);
  if (!env.WEEKBOOK_URL)
    throw new UsageError("WEEKBOOK_API_KEY needs WEEKBOOK_URL beside it: whose key is it?");
  return { url: env.WEEKBOOK_URL, key: env.WEEKBOOK_API_KEY.trim(), insecureHttp: false };
}

/** An address that a key may be sent to: https, or this machine, or plain http where somebody insists. */
export function readUrl(text: string, insecureHttp: boolean): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new UsageError(`"${text}" is no address of a server: write it as https://weekbook.example.com.`);
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new UsageError("The address of the server holds more than a host and a path.");
  }
  const isLoopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol === "http:" && !isLoopback && !insecureHttp) {
    throw new UsageError(
      `Over plain http everybody on the way reads the key: use https://${url.host}, or say --insecure-http.`,
    );
  }
  return url.href.replace(/\/$/, "");
}
