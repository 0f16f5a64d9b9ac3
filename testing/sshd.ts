import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { configuration } from "./sshd-configuration.ts";

export type KeyPair = { privateKey: string; publicKey: string; path: string };
export type KeyMaker = Disposable & {
  folder: string;
  pair(options?: { type?: "ed25519" | "ecdsa" | "rsa"; passphrase?: string }): KeyPair;
  /** a certificate of `pair` for the users named, signed by `authority` */
  certify(pair: KeyPair, authority: KeyPair, principals: string): string;
};

/** Makes keys with OpenSSH's own ssh-keygen. Removes them when disposed. */
export function keyMaker(): KeyMaker {
  const folder = mkdtempSync(join(tmpdir(), "weekbook-keys-"));
  let count = 0;
  const pair: KeyMaker["pair"] = ({ type = "ed25519", passphrase = "" } = {}) => {
    count += 1;
    const path = join(folder, `key-${count}`);
    execFileSync("ssh-keygen", ["-q", "-t", type, "-N", passphrase, "-C", "", "-f", path]);
    const [privateKey, publicKey] = [readFileSync(path, "utf8"), readFileSync(`${path}.pub`, "utf8").trim()];
    return { path, privateKey, publicKey };
  };
  return {
    folder,
    pair,
    certify(subject, authority, principals) {
      const args = ["-q", "-s", authority.path, "-I", "test", "-n", principals, `${subject.path}.pub`];
      execFileSync("ssh-keygen", args);
      return readFileSync(`${subject.path}-cert.pub`, "utf8").trim();
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export type Sshd = {
  port: number;
  pid: number;
  /** who may log in: whoever runs the tests */
  user: string;
  /** "ssh-ed25519 AAAA…" */
  hostKey: string;
  /** what it has written to its log */
  log(): string;
  /** how often a command was started */
  execs(): number;
  /** -9, with the connections it holds */
  kill(): Promise<void>;
  stop(): Promise<void>;
};

/** A real sshd of OpenSSH, on every loopback address; started as root or as an ordinary user. */
export async function startSshd(options: {
  authorized?: readonly string[];
  trustedAuthority?: string;
  hostKey?: KeyPair;
  port?: number;
  /** more lines of sshd_config */
  config?: readonly string[];
  /** a command that starts sshd, in namespaces of its own for instance */
  within?: readonly string[];
}): Promise<Sshd> {
  const folder = mkdtempSync(join(tmpdir(), "weekbook-sshd-"));
  const keys = options.hostKey ? undefined : keyMaker();
  const hostKey = options.hostKey ?? keys?.pair();
  if (!hostKey) throw new Error("no host key");
  const port = options.port ?? (await freePort());
  const log = join(folder, "log");
  const config = configuration(options, { folder, port, hostKey });
  // The folder sshd jails its unprivileged half in; the package makes it when the service starts.
  if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
  const sshd = ["/usr/sbin/sshd", "-D", "-f", config, "-E", log];
  const [program = "", ...args] = [...(options.within ?? []), ...sshd];
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], detached: true });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk;
  });
  const read = () => readFileSync(log, { encoding: "utf8", flag: "a+" });
  const exited = once(child, "exit");
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
    keys?.[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  };
  while (!(await listens(port))) {
    if (child.exitCode !== null) throw new Error(`sshd did not start: ${said}${read()}`);
    await wait(20);
  }
  return {
    port,
    pid: child.pid ?? 0,
    user: userInfo().username,
    hostKey: hostKey.publicKey.split(" ").slice(0, 2).join(" "),
    log: read,
    execs: () => read().split("Starting session: command").length - 1,
    kill: () => {
      endConnections(child.pid ?? 0);
      return end("SIGKILL");
    },
    stop: () => {
      endConnections(child.pid ?? 0);
      return end("SIGTERM");
    },
  };
}

/** Each connection has a process of its own, which outlives the one that listens. */
export function endConnections(pid: number): void {
  let children = "";
  try {
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  } catch {
    return;
  }
  for (const child of children.split(" ").filter(Boolean).map(Number)) {
    endConnections(child);
    try {
      process.kill(child, "SIGKILL");
    } catch {
      // it has ended by itself
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return portOf(address);
}

export function portOf(address: ReturnType<Server["address"]>): number {
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

function listens(port: number): Promise<boolean> {
  return new Promise((fulfil) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => {
      socket.destroy();
      fulfil(true);
    });
    socket.once("error", () => fulfil(false));
  });
}
