import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { endConnections, keyMaker, portOf, type Sshd } from "./sshd.ts";
import { configuration } from "./sshd-configuration.ts";

/**
 * An sshd for each connection, started by the command given, such as one that enters the namespaces of another host.
 * Of what it is handed, that needs no more than the line.
 */
export async function startInetSshd(options: {
  authorized: readonly string[];
  command(line: string): readonly string[];
}): Promise<Pick<Sshd, "port" | "hostKey" | "user"> & { stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "weekbook-sshd-"));
  using keys = keyMaker();
  const hostKey = keys.pair();
  const server = createServer({ pauseOnConnect: true }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = portOf(server.address());
  const config = configuration(options, { folder, port, hostKey });
  const [file = "", ...args] = options.command(`/usr/sbin/sshd -i -f ${config} -E ${join(folder, "log")}`);
  const children = new Set<ChildProcess>();
  server.on("connection", (socket) => {
    const child = spawn(file, args, { stdio: [socket, socket, "ignore"] });
    children.add(child);
    child.once("spawn", () => socket.destroy());
    child.once("exit", () => children.delete(child));
  });
  return {
    ...{ port, user: userInfo().username },
    hostKey: hostKey.publicKey.split(" ").slice(0, 2).join(" "),
    async stop() {
      server.close();
      for (const child of children) {
        endConnections(child.pid ?? 0);
        child.kill("SIGKILL");
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
