import type { HttpPhases } from "../../checks/needs/endpoint-requests.ts";
import { type ReadContext, ReadError } from "../connector.ts";
import type { Dialler } from "../dialler.ts";
import { endpointOf } from "./address.ts";
import { exchangeFailure } from "./failure.ts";
import { type OpenConnection, openConnection, type Trust } from "./open-connection.ts";
import { http1Over, type Message, type Received, type Sender } from "./send-http1.ts";
import { http2Over } from "./send-http2.ts";

export type ExchangeSettings = {
  dialler: Dialler;
  trust: (url: URL) => Trust;
  protocols: readonly ("h2" | "http/1.1")[];
  connectTimeoutMs: number;
  requestTimeoutMs: number;
};

/** One request and its answer. The phases are those of this exchange alone, each since its beginning. */
export type Exchange = Received & {
  url: URL;
  address: string;
  reused: boolean;
  startedAt: number;
  phases: Omit<HttpPhases, "redirectMs">;
};

export type Exchanger = {
  /** Rejects with ReadError where no whole answer came, or with the signal's reason. */
  exchange(message: Message & { what: string }, context: ReadContext): Promise<Exchange>;
  close(): void;
};

type Open = { connection: OpenConnection; sender: Sender; countedBytes: number };

/** With `keepAlive` one connection is kept per origin; without, each exchange has its own. */
export function createExchanger(settings: ExchangeSettings, options: { keepAlive: boolean }): Exchanger {
  const kept = new Map<string, Open>();

  async function open(url: URL, signal: AbortSignal): Promise<Open> {
    const { dialler, protocols, connectTimeoutMs } = settings;
    const trust = settings.trust(url);
    const connection = await openConnection(url, { dialler, trust, protocols, connectTimeoutMs, signal });
    const sender =
      connection.protocol === "h2" ? http2Over(connection, url.origin) : http1Over(connection, options);
    return { connection, sender, countedBytes: 0 };
  }

  function reusable(origin: string): Open | undefined {
    const found = kept.get(origin);
    if (!found || found.sender.isReusable()) return found;
    found.sender.close();
    kept.delete(origin);
    return undefined;
  }

  async function attempt(message: Message, context: ReadContext, stop: AbortSignal): Promise<Exchange> {
    const { url } = message;
    const found = reusable(url.origin);
    const used = found ?? (await open(url, stop));
    if (options.keepAlive) kept.set(url.origin, used);
    const startedAt = found ? performance.now() : used.connection.startedAt;
    try {
      const received = await used.sender.send(message, stop);
      const { address, lookupMs, connectMs, tlsMs } = used.connection;
      const made = found ? { lookupMs: 0, connectMs: 0, tlsMs: 0 } : { lookupMs, connectMs, tlsMs };
      const phases = {
        ...made,
        pretransferMs: received.sentAt - startedAt,
        firstByteMs: received.firstByteAt - startedAt,
        totalMs: received.endedAt - startedAt,
      };
      return { ...received, url, address, reused: found !== undefined, startedAt, phases };
    } catch (error) {
      forget(url.origin, used);
      throw error;
    } finally {
      const bytes = used.connection.receivedBytes();
      context.meter.bytes(bytes - used.countedBytes);
      used.countedBytes = bytes;
      if (!options.keepAlive) used.sender.close();
    }
  }

  function forget(origin: string, used: Open): void {
    used.sender.close();
    if (kept.get(origin) === used) kept.delete(origin);
  }

  return {
    async exchange({ what, ...message }, context) {
      const deadline = AbortSignal.timeout(settings.requestTimeoutMs);
      const stop = AbortSignal.any([context.signal, deadline]);
      const couldBeStale = kept.has(message.url.origin);
      context.meter.call();
      try {
        return await attempt(message, context, stop).catch((error: unknown) => {
          // A kept connection may have been closed while nobody looked; what only reads can be asked once more.
          if (!couldBeStale || stop.aborted || message.method === "POST" || error instanceof ReadError) {
            throw error;
          }
          return attempt(message, context, stop);
        });
      } catch (error) {
        context.signal.throwIfAborted();
        const { extraRootsPem } = settings.trust(message.url);
        throw exchangeFailure(error, {
          what,
          host: endpointOf(message.url).host,
          hasCa: extraRootsPem !== undefined,
          timeoutMs: settings.requestTimeoutMs,
          deadline,
        });
      }
    },
    close() {
      for (const { sender } of kept.values()) sender.close();
      kept.clear();
    },
  };
}
