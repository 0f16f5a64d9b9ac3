import type { GatherContext } from "./answer.ts";
import { gatherActive, gatherHost } from "./gather-host.ts";
import { gatherGet, gatherList } from "./gather-kubernetes.ts";
import { gatherSingle } from "./gather-single.ts";
import { type Read, type TlsRead, tlsConnectorOf } from "./reads.ts";

/** Carries out one read. Throws what the connector throws; answers given before that stand. */
export function gather(read: Read, context: GatherContext): Promise<void> {
  switch (read.type) {
    case "list":
      return gatherList(read, context);
    case "get":
      return gatherGet(read, context);
    case "host":
      return gatherHost(read, context);
    case "host-active":
      return gatherActive(read, context);
    case "single":
      return gatherSingle(read, context);
    case "tls":
      return gatherTls(read, context);
  }
}

async function gatherTls(read: TlsRead, context: GatherContext): Promise<void> {
  const value = await tlsConnectorOf(read.target)?.handshake(read.request, context);
  for (const consumer of read.consumers) context.sink.answer(consumer, { value, read: 1, missing: [] });
}
