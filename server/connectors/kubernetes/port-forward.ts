import type {
  KubernetesPortForwardRequest,
  KubernetesSingleValues,
} from "../../checks/needs/kubernetes-requests.ts";
import { type ReadContext, ReadError, type Reading } from "../connector.ts";
import { readError, systemCode } from "../read-error.ts";
import type { Clock } from "./clock.ts";
import type { Limiter } from "./limiter.ts";
import { encodeSegment } from "./paths.ts";
import { isPort } from "./raw.ts";
import { statusError } from "./status.ts";
import type { Transport } from "./transport.ts";
import { upgrade, type WebSocketLink } from "./web-socket.ts";

const longestSeconds = 30;
const maxSentBytes = 1024;
const maxKeptBytes = 4096;
const protocol = "v4.channel.k8s.io";
const channels = { data: 0, error: 1 } as const;

type Value = KubernetesSingleValues["kubernetes.port-forward"];
type Asked = Omit<KubernetesPortForwardRequest, "type" | "parse">;

/** A real forward to a pod's port: connect, send, take the first answer, close. Never tried twice. */
export async function forwardPort(
  parts: { transport: Transport; limiter: Limiter; clock: Clock; context: ReadContext },
  request: Asked,
): Promise<Reading<Value>> {
  const { transport, limiter, context } = parts;
  const { namespace, pod, port } = request;
  const what = `port-forward to pod ${namespace}/${pod}:${port}`;
  if (context.active !== true) {
    throw readError("internal", what, "not-active", "only a check that is declared as active may do this");
  }
  if (!isPort(port) || Buffer.byteLength(request.send) > maxSentBytes) {
    throw readError("internal", what, "path-not-allowed", "this is no port, or more than may be sent");
  }
  await limiter.run(context.signal, () => Promise.resolve());
  const limitSeconds = Math.max(1, Math.min(longestSeconds, request.limitSeconds));
  const deadline = AbortSignal.timeout(limitSeconds * 1000);
  const signal = AbortSignal.any([context.signal, deadline]);
  context.meter.call();
  const path = `/api/v1/namespaces/${encodeSegment(namespace)}/pods/${encodeSegment(pod)}/portforward?ports=${port}`;
  const { socket, headers, basePath } = await transport.open(signal);
  const abort = () => void socket.destroy();
  signal.addEventListener("abort", abort, { once: true });
  socket.on("data", (chunk: Buffer) => context.meter.bytes(chunk.length));
  try {
    const startedMs = parts.clock.nowMs();
    const host = `${transport.endpoint.host}:${transport.endpoint.port}`;
    const upgraded = await upgrade(socket, { path: basePath + path, host, headers, protocol });
    if ("refused" in upgraded) {
      throw statusError({ ...upgraded.refused, ...plain, redact: transport.redact }, what);
    }
    const connectedMs = Math.round(parts.clock.nowMs() - startedMs);
    const answer = await exchange(upgraded.link, request);
    context.signal.throwIfAborted();
    return { value: { connectedMs, ...answer } };
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof ReadError) throw error;
    const sentence = deadline.aborted
      ? `it was not connected within ${limitSeconds} s`
      : `the connection broke before it was forwarded (${systemCode(error) ?? "closed"})`;
    throw readError(deadline.aborted ? "timed-out" : "unreachable", what, "forward-cut", sentence, error);
  } finally {
    signal.removeEventListener("abort", abort);
    socket.destroy();
  }
}

const plain = { retryAfter: undefined, truncated: false };

/** The first message of each channel names the port; what comes after is data, or the node's reason. */
async function exchange(link: WebSocketLink, { send }: Asked): Promise<Omit<Value, "connectedMs">> {
  const opened = new Set<number>();
  if (send !== "") link.send(Buffer.concat([Buffer.from([channels.data]), Buffer.from(send)]));
  for (;;) {
    const message = await link.next();
    if (!message && opened.size === 0) throw new Error("closed before anything was forwarded");
    // Closed, or out of time, with nothing said: the port took the connection, and that is all that is known.
    if (!message) return { received: "", receivedBytes: 0, refused: null };
    const [channel = -1] = message;
    const payload = message.subarray(1);
    if (!opened.has(channel)) {
      opened.add(channel);
      continue;
    }
    if (channel === channels.error) {
      return { received: "", receivedBytes: 0, refused: payload.toString("utf8").slice(0, 500) };
    }
    if (channel !== channels.data || payload.length === 0) continue;
    link.close();
    const received = payload.subarray(0, maxKeptBytes).toString("utf8");
    return { received, receivedBytes: payload.length, refused: null };
  }
}
