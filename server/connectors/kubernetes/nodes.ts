import type {
  KubernetesNodesRequest,
  KubernetesSingleValues,
} from "../../checks/needs/kubernetes-requests.ts";
import { type ReadContext, ReadError, type Reading } from "../connector.ts";
import { readError } from "../read-error.ts";
import type { Api } from "./api.ts";
import type { ObjectNames } from "./object-names.ts";
import { encodeSegment } from "./paths.ts";
import { cutShort } from "./raw.ts";
import { statusError } from "./status.ts";

/** `nodes/proxy` lets one run commands in every pod: these paths are read, and no other. */
const kubeletPaths: readonly string[] = [
  "configz",
  "healthz",
  "metrics",
  "metrics/cadvisor",
  "metrics/probes",
  "metrics/resource",
  "stats/summary",
];
/** A silent kubelet keeps the API server waiting for ten seconds; `timeout=` does not shorten that. */
const nodeTimeoutMs = 5_000;
const parallelNodes = 8;
const maxNodeBytes = 16 << 20;
const maxTotalBytes = 128 << 20;

type Texts = KubernetesSingleValues["kubernetes.nodes"];
/** The same path of every kubelet, a few at a time; a node that does not answer is missing, and holds nobody up. */
export async function readNodes(
  parts: { api: Api; names: ObjectNames; context: ReadContext },
  { path, keepLines }: Pick<KubernetesNodesRequest, "path" | "keepLines">,
): Promise<Reading<Texts>> {
  const { api, names, context } = parts;
  if (!kubeletPaths.includes(path)) {
    const what = `GET ${path} of every kubelet`;
    throw readError("internal", what, "path-not-allowed", "this path is not among those that are read");
  }
  const nodes = await names.get(context);
  const texts: Texts = [];
  const missing = [...nodes.missing];
  const queue = [...nodes.names];
  let roomBytes = maxTotalBytes;

  async function readOne(node: string): Promise<void> {
    const what = `GET ${path} of the kubelet of ${node}`;
    if (roomBytes <= 0) {
      missing.push({
        code: "truncated",
        what,
        detail: "total-limit: other nodes' answers took all the room",
      });
      return;
    }
    const at = `/api/v1/nodes/${encodeSegment(node)}/proxy/${path}`;
    const cut = { maxBytes: Math.min(maxNodeBytes, roomBytes), keepLines };
    const request = { method: "GET", path: at, what, cut, timeoutMs: nodeTimeoutMs, once: true } as const;
    const response = await api.send(request, context);
    if (response.status !== 200) throw statusError(response, what);
    roomBytes -= Buffer.byteLength(response.text);
    missing.push(...cutShort(what, cut.maxBytes, response.truncated));
    if (!response.truncated) texts.push({ node, text: response.text });
  }

  let refusal: ReadError | undefined;
  const workers = Array.from({ length: parallelNodes }, async () => {
    for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
      try {
        await readOne(node);
      } catch (error) {
        if (!(error instanceof ReadError)) throw error;
        missing.push(error.reason);
        // Who may not ask one kubelet may ask none: the others need not be asked.
        if (["forbidden", "unauthorized"].includes(error.reason.code)) {
          refusal = error;
          queue.length = 0;
        }
      }
    }
  });
  const settled = await Promise.allSettled(workers);
  for (const worker of settled) if (worker.status === "rejected") throw worker.reason;
  if (refusal && texts.length === 0) throw refusal;
  texts.sort((one, other) => (one.node < other.node ? -1 : 1));
  return { value: texts, read: texts.length, missing };
}
