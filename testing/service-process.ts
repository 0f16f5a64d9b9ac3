import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

export type Service = { port: number; folder: string; stop(): Promise<void> };

/** A real server as a process on a loopback port, with a folder of its own that goes with it. */
export async function startService(
  name: string,
  prepare: (at: { folder: string; port: number }) => Promise<{ command: string; args: string[] }>,
): Promise<Service> {
  const folder = await mkdtemp(join(tmpdir(), `weekbook-${name}-`));
  const port = await freePort();
  const { command, args } = await prepare({ folder, port });
  const child = spawn(command, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-4_000);
    });
  }
  let failure: unknown;
  child.once("error", (error) => {
    failure = error;
  });
  const stop = async () => {
    const isGone = child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
    if (!isGone) {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      const forced = setTimeout(() => child.kill("SIGKILL"), 3_000);
      await ended;
      clearTimeout(forced);
    }
    await rm(folder, { recursive: true, force: true });
  };
  const deadline = performance.now() + 20_000;
  while (!(await answers(port))) {
    const ended = failure ?? child.exitCode ?? child.signalCode;
    if (ended !== null || performance.now() > deadline) {
      await stop();
      throw new Error(`${name} does not listen at ${port} (${String(ended)}): ${log}`);
    }
    await wait(20);
  }
  return { port, folder, stop };
}

function answers(port: number): Promise<boolean> {
  return new Promise((fulfil) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => {
      socket.destroy();
      fulfil(true);
    });
    socket.once("error", () => fulfil(false));
  });
}

/** A loopback port that nobody holds at this moment, for TCP. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || !address) throw new Error("no port");
  return address.port;
}
