import { text } from "node:stream/consumers";
import { z } from "zod";
import { UsageError } from "../sentence-errors.ts";
import { printable, type Terminal } from "../terminal.ts";
import { openApi } from "./api.ts";
import { loginFile, removeLogin, writeLogin } from "./login-file.ts";
import { readUrl } from "./server.ts";

const keySchema = z.object({
  name: z.string(),
  scopesNow: z.array(z.string()),
  expiresAt: z.string(),
  team: z.object({ name: z.string() }),
});

type Surroundings = { terminal: Terminal; env: NodeJS.ProcessEnv; stdin: NodeJS.ReadStream };

/** `weekbook login`: takes the key from stdin or asks for it, never as an argument that every `ps` shows. */
export async function loginCommand(
  options: { url: string; insecureHttp?: boolean },
  { terminal, env, stdin }: Surroundings,
): Promise<void> {
  const url = readUrl(options.url, options.insecureHttp === true);
  const key = (stdin.isTTY ? await askHidden(stdin, terminal) : await text(stdin)).trim();
  if (!/^wbk_[A-Za-z0-9_-]{43}$/.test(key)) {
    throw new UsageError("This is no API key: one begins with wbk_, and is made in a team's settings.");
  }
  const login = { url, key, insecureHttp: options.insecureHttp === true };
  const about = await openApi(login).json("/key", keySchema);
  const file = await writeLogin(env, login);
  const scopes = about.scopesNow.join(", ") || "nothing";
  const until = about.expiresAt.slice(0, 10);
  terminal.err.write(
    printable(
      `Logged in to ${url}: ${about.name}, for the team ${about.team.name}; it may ${scopes} until ${until}.\nKept in ${file}\n`,
    ),
  );
}

export async function logoutCommand({ terminal, env }: Omit<Surroundings, "stdin">): Promise<void> {
  const removed = await removeLogin(env);
  const said = removed
    ? `Removed ${loginFile(env)}. The key itself lives on until it is revoked.`
    : "Nobody was logged in.";
  terminal.err.write(`${said}\n`);
}

/** Reads a line without showing it. */
function askHidden(stdin: NodeJS.ReadStream, { err }: Terminal): Promise<string> {
  err.write("API key (not shown): ");
  stdin.setRawMode(true);
  stdin.setEncoding("utf8");
  return new Promise((fulfil, reject) => {
    let typed = "";
    const end = (error?: Error) => {
      stdin.setRawMode(false);
      stdin.pause();
      stdin.off("data", take);
      err.write("\n");
      if (error) reject(error);
      else fulfil(typed);
    };
    const take = (chunk: string) => {
      for (const char of chunk) {
        if (char === "\r" || char === "\n") return end();
        if (char === "\u0003" || char === "\u0004") return end(new UsageError("No key was given."));
        typed = char === "\u007f" || char === "\b" ? typed.slice(0, -1) : typed + char;
      }
    };
    stdin.on("data", take);
    stdin.resume();
  });
}
