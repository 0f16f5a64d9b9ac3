import type { Reason } from "#common/result.ts";
import { kinds } from "../../checks/needs/kubernetes.ts";
import type {
  KubernetesPodsProxyRequest,
  KubernetesSingleValues,
} from "../../checks/needs/kubernetes-requests.ts";
import { type ReadContext, ReadError, type Reading } from "../connector.ts";
import { readError } from "../read-error.ts";
import type { Api } from "./api.ts";
import { resourcePath } from "./paths.ts";
import { cutShort, isCrooked, isPort } from "./raw.ts";
import { isObject, readObject, readStatus, statusError } from "./status.ts";

type Texts = KubernetesSingleValues["kubernetes.pods-proxy"];
type Named = { namespace: string; pod: string };

const parallelPods = 4;
const mostPods = 50;
const podTimeoutMs = 5_000;
const maxPodBytes = 4 << 20;

/** The running pods that a label selects, as many as were asked for: a sample is whole with those. */
async function podsOf(
  api: Api,
  { namespace, labelSelector, limit }: KubernetesPodsProxyRequest,
  context: ReadContext,
): Promise<Named[]> {
  const what = `list pods with ${labelSelector}`;
  const query = new URLSearchParams({
    labelSelector,
    fieldSelector: "status.phase=Running",
    limit: String(Math.min(limit, mostPods)),
  });
  const path = `${resourcePath(kinds.Pod, namespace)}?${query}`;
  const response = await api.send({ method: "GET", path, what }, context);
  if (response.status !== 200) throw statusError(response, what);
  const { items } = readObject(response, what);
  return (Array.isArray(items) ? items : []).flatMap((item: unknown): Named[] => {
    const found = isObject(item) && isObject(item.metadata) ? item.metadata : {};
    const { namespace: home, name } = found;
    return typeof home === "string" && typeof name === "string" ? [{ namespace: home, pod: name }] : [];
  });
}

/** The same page of each of these pods, a few at a time. A pod that does not answer is missing, and holds nobody up. */
export async function readPodsProxy(
  api: Api,
  request: KubernetesPodsProxyRequest,
  context: ReadContext,
): Promise<Reading<Texts>> {
  const { port, path, keepLines } = request;
  if (!/^\/[\w\-./~?&=,:+%]*$/.test(path) || isCrooked(path) || !isPort(port)) {
    throw readError("internal", `GET ${path}`, "path-not-allowed", "this is no plain path of a pod's port");
  }
  const pods = await podsOf(api, request, context);
  const texts: Texts = [];
  const missing: Reason[] = [];
  let refusal: ReadError | undefined;

  async function readOne({ namespace, pod }: Named): Promise<void> {
    const what = `GET ${path} of pod ${namespace}/${pod}:${port}`;
    const at = `${resourcePath(kinds.Pod, namespace, pod)}:${port}/proxy${path}`;
    const cut = { maxBytes: maxPodBytes, keepLines };
    const send = { method: "GET", path: at, what, cut, timeoutMs: podTimeoutMs, once: true } as const;
    const response = await api.send(send, context);
    if (readStatus(response) !== null) throw statusError(response, what);
    missing.push(...cutShort(what, maxPodBytes, response.truncated));
    texts.push({ namespace, pod, status: response.status, text: response.text });
  }

  const queue = [...pods];
  const workers = Array.from({ length: parallelPods }, async () => {
    for (let pod = queue.shift(); pod; pod = queue.shift()) {
      try {
        await readOne(pod);
      } catch (error) {
        if (!(error instanceof ReadError)) throw error;
        missing.push(error.reason);
        if (error.reason.code !== "forbidden") continue;
        refusal = error;
        queue.length = 0;
      }
    }
  });
  const settled = await Promise.allSettled(workers);
  for (const worker of settled) if (worker.status === "rejected") throw worker.reason;
  if (refusal && texts.length === 0) throw refusal;
  const place = (one: Named) => `${one.namespace}/${one.pod}`;
  texts.sort((one, other) => (place(one) < place(other) ? -1 : 1));
  return { value: texts, read: texts.length, missing };
}
