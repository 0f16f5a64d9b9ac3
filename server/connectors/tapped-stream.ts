import type { Socket } from "node:net";
import { Duplex } from "node:stream";

const maxKeptBytes = 256 * 1024;

/** Passes a socket's bytes both ways and keeps the first that came in, as they were on the wire. */
export function tapStream(socket: Socket): { stream: Duplex; received(): Buffer; receivedBytes(): number } {
  const kept: Buffer[] = [];
  let total = 0;
  let keptBytes = 0;
  const stream = new Duplex({
    read: () => socket.resume(),
    write: (chunk, _encoding, done) => socket.write(chunk, done),
    final: (done) => socket.end(done),
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  socket.on("data", (chunk: Buffer) => {
    total += chunk.length;
    if (keptBytes < maxKeptBytes) kept.push(chunk);
    keptBytes += chunk.length;
    if (!stream.push(chunk)) socket.pause();
  });
  socket.on("end", () => stream.push(null));
  socket.on("error", (error) => stream.destroy(error));
  socket.on("close", () => stream.destroy());
  return { stream, received: () => Buffer.concat(kept), receivedBytes: () => total };
}
