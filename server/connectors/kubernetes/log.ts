import type { KubernetesLogRequest, KubernetesSingleValues } from "../../checks/needs/kubernetes-requests.ts";
import type { ReadContext, Reading } from "../connector.ts";
import { readError } from "../read-error.ts";
import type { Api } from "./api.ts";
import { encodeSegment } from "./paths.ts";
import { statusError } from "./status.ts";

const maxLines = 500;
const maxBytes = 256 << 10;
/** A 200 whose body is the kubelet's failure: the runtime has already removed that container. */
const goneBody = /^unable to retrieve container logs for \S+$/;

/** The end of a container's log. */
export async function readLog(
  api: Api,
  request: Omit<KubernetesLogRequest, "type" | "parse">,
  context: ReadContext,
): Promise<Reading<KubernetesSingleValues["kubernetes.log"]>> {
  const { namespace, pod, container, previous } = request;
  const which = container === undefined ? "" : ` (${container})`;
  const what = `${previous ? "previous log" : "log"} of pod ${namespace}/${pod}${which}`;
  const tailLines = Math.max(1, Math.min(maxLines, Math.trunc(request.tailLines)));
  const query = new URLSearchParams({ tailLines: String(tailLines), limitBytes: String(maxBytes) });
  if (container !== undefined) query.set("container", container);
  if (previous) query.set("previous", "true");
  const at = `/api/v1/namespaces/${encodeSegment(namespace)}/pods/${encodeSegment(pod)}/log?${query}`;
  const response = await api.send({ method: "GET", path: at, what, cut: { maxBytes } }, context);
  if (response.status === 204) throw readError("not-found", what, "no-log", "the pod is not on a node yet");
  if (response.status !== 200) throw statusError(response, what);
  if (goneBody.test(response.text.trim())) {
    throw readError("not-found", what, "no-log", "the runtime has already removed that container");
  }
  // The server counts its bytes from the first of these lines: what is cut off is the end.
  const truncated = response.truncated || Buffer.byteLength(response.text) >= maxBytes;
  return { value: { text: response.text, truncated } };
}
