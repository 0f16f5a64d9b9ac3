import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createConnection } from "mysql2/promise";
import { startService } from "./service-process.ts";

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
  const user = userInfo().username;
  const service = await startService("mariadb", async ({ folder, port }) => {
    const data = join(folder, "data");
    await run("mariadb-install-db", [
      "--no-defaults",
      `--datadir=${data}`,
      "--auth-root-authentication-method=normal",
      "--skip-test-db",
      ...(user === "root" ? ["--user=root"] : []),
    ]);
    const args = [
      "--no-defaults",
      `--datadir=${data}`,
      `--user=${user}`,
      "--bind-address=127.0.0.1",
      `--port=${port}`,
      `--socket=${join(folder, "sock")}`,
      `--pid-file=${join(folder, "pid")}`,
      "--innodb-buffer-pool-size=16M",
      "--innodb-flush-log-at-trx-commit=0",
      "--skip-name-resolve",
      ...(options.settings ?? []),
      ...(await tlsArguments(folder, options.tls)),
    ];
    return { command: "mariadbd", args };
  });
  return {
    port: service.port,
    async administer(...statements) {
      const connection = await createConnection({ socketPath: join(service.folder, "sock"), user: "root" });
      for (const statement of statements) await connection.query(statement);
      await connection.end();
    },
    stop: service.stop,
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
