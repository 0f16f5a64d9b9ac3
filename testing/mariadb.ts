import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createConnection } from "mysql2/promise";

const run = promisify(execFile);

export type MariadbServer = {
  port: number;
  /** runs statements as the server's own root, over its socket */
  administer(...statements: string[]): Promise<void>;
  stop(): Promise<void>;
};

/** A real mariadbd on a loopback port, with a data folder of its own; Debian's package mariadb-server has it. */
export async function startMariadb(
  options: { tls?: { certPem: string; keyPem: string; caPem: string }; settings?: string[] } = {},
): Promise<MariadbServer> {
  const folder = await mkdtemp(join(tmpdir(), "weekbook-mariadb-"));
  const user = userInfo().username;
  const data = join(folder, "data");
  await run("mariadb-install-db", [
    "--no-defaults",
    `--datadir=${data}`,
    "--auth-root-authentication-method=normal",
    "--skip-test-db",
    ...(user === "root" ? ["--user=root"] : []),
  ]);
  const port = await freePort();
  const socket = join(folder, "sock");
  const child = spawn(
    "mariadbd",
    [
      "--no-defaults",
      `--datadir=${data}`,
      `--user=${user}`,
      "--bind-address=127.0.0.1",
      `--port=${port}`,
      `--socket=${socket}`,
      `--pid-file=${join(folder, "pid")}`,
      "--innodb-buffer-pool-size=16M",
      "--innodb-flush-log-at-trx-commit=0",
      "--skip-name-resolve",
      ...(options.settings ?? []),
      ...(await tlsArguments(folder, options.tls)),
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  await ready(child);
  return {
    port,
    async administer(...statements) {
      const connection = await createConnection({ socketPath: socket, user: "root" });
      for (const statement of statements) await connection.query(statement);
      await connection.end();
    },
    async stop() {
      const ended = new Promise((fulfil) => child.once("exit", fulfil));
      if (child.exitCode === null && child.kill("SIGKILL")) await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function tlsArguments(
  folder: string,
  tls: { certPem: string; keyPem: string; caPem: string } | undefined,
): Promise<string[]> {
  if (!tls) return ["--skip-ssl"];
  const file = async (name: string, content: string) => {
    await writeFile(join(folder, name), content, { mode: 0o600 });
    return join(folder, name);
  };
  return [
    `--ssl-cert=${await file("cert.pem", tls.certPem)}`,
    `--ssl-key=${await file("key.pem", tls.keyPem)}`,
    `--ssl-ca=${await file("ca.pem", tls.caPem)}`,
  ];
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((fulfil, reject) => {
    let log = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-20_000);
      if (log.includes("ready for connections")) fulfil();
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`mariadbd ended with ${code}: ${log.slice(-2_000)}`)));
  });
}

export function freePort(): Promise<number> {
  return new Promise((fulfil, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address ? fulfil(address.port) : reject(new Error("no port")),
      );
    });
  });
}
