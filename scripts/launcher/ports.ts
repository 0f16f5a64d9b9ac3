import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { causeOf, SentenceError } from "./sentence-error.ts";

async function listenOnce(port: number, host: string): Promise<number> {
  const server = createServer();
  server.listen({ port, host, exclusive: true });
  await once(server, "listening");
  const { port: given } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return given;
}

/** A port that nobody listens on at this moment. */
export function freePort(host = "127.0.0.1"): Promise<number> {
  return listenOnce(0, host);
}

/** The port itself, or a free one for 0. Says in one sentence why it cannot be had. */
export async function claimPort(port: number, host: string): Promise<number> {
  try {
    return await listenOnce(port, host);
  } catch (error) {
    const cause = causeOf(error);
    if (cause === "EADDRINUSE")
      throw new SentenceError(`Port ${port} on ${host} is taken by another program: set PORT to a free one.`);
    if (cause === "EACCES")
      throw new SentenceError(`This user may not open port ${port}: set PORT to one above 1023.`);
    throw new SentenceError(`Cannot listen on ${host}, port ${port} (${cause}): set HOST and PORT.`);
  }
}
