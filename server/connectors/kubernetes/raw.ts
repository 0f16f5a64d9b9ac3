import type { Reason } from "#common/result.ts";
import type {
  KubernetesPodProxyRequest,
  KubernetesRawRequest,
  KubernetesSingleValues,
} from "../../checks/needs/kubernetes-requests.ts";
import type { ReadContext, Reading } from "../connector.ts";
import { readError } from "../read-error.ts";
import type { Api } from "./api.ts";
import { encodeSegment } from "./paths.ts";
import { readStatus, statusError } from "./status.ts";

/** Of a text that is kept; what is read of a kubelet or a pod is somebody else's to say. */
const maxTextBytes = 16 << 20;
const maxProxiedBytes = 1 << 20;

const name = "[a-z0-9]([a-z0-9.-]*[a-z0-9])?";
const healthPath =
  /^\/(healthz|livez|readyz)(\/[\w./-]+)?(\?(verbose|exclude=[\w./-]+)(&exclude=[\w./-]+)*)?$/;
const discoveryPath = new RegExp(`^/(api(/v1)?|apis(/${name}(/v[a-z0-9]+)?)?)$`);
const otherPath =
  /^\/(version|metrics|metrics\/slis|openid\/v1\/jwks|\.well-known\/openid-configuration|openapi\/v2|openapi\/v3(\/[\w./-]+(\?hash=\w+)?)?)$/;

/** The paths beside resources that are read: none that does anything, none that leads elsewhere. */
export async function readRaw(
  api: Api,
  { path, keepLines }: Pick<KubernetesRawRequest, "path" | "keepLines">,
  context: ReadContext,
): Promise<Reading<KubernetesSingleValues["kubernetes.raw"]>> {
  const what = `GET ${path}`;
  const saysHow = healthPath.test(path) || discoveryPath.test(path);
  if ((!saysHow && !otherPath.test(path)) || isCrooked(path)) {
    throw readError("internal", what, "path-not-allowed", "this path is not among those that are read");
  }
  // A health path says with 500 what it is there to say; tried again, it would only say it later.
  const once = healthPath.test(path);
  const cut = { maxBytes: maxTextBytes, keepLines };
  const response = await api.send({ method: "GET", path, what, cut, once }, context);
  const isAnswer = response.status === 200 || (saysHow && [500, 503].includes(response.status));
  if (!isAnswer) throw statusError(response, what);
  const { status, contentType, text, truncated } = response;
  return {
    value: { status, contentType, text, truncated },
    missing: cutShort(what, maxTextBytes, truncated),
  };
}

/** One GET to a pod's port. What the API server says itself is a failure; what the pod says, whatever it be, is not. */
export async function readPodProxy(
  api: Api,
  { namespace, pod, port, path }: Pick<KubernetesPodProxyRequest, "namespace" | "pod" | "port" | "path">,
  context: ReadContext,
): Promise<Reading<KubernetesSingleValues["kubernetes.pod-proxy"]>> {
  const what = `GET ${path} of pod ${namespace}/${pod}:${port}`;
  if (!/^\/[\w\-./~?&=,:+%]*$/.test(path) || isCrooked(path) || !isPort(port)) {
    throw readError("internal", what, "path-not-allowed", "this is no plain path of a pod's port");
  }
  const at = `/api/v1/namespaces/${encodeSegment(namespace)}/pods/${encodeSegment(pod)}:${port}/proxy${path}`;
  const cut = { maxBytes: maxProxiedBytes };
  const response = await api.send({ method: "GET", path: at, what, cut, once: true }, context);
  if (response.status === 401 || readStatus(response) !== null) throw statusError(response, what);
  const { status, contentType, text, truncated } = response;
  return {
    value: { status, contentType, text, truncated },
    missing: cutShort(what, maxProxiedBytes, truncated),
  };
}

/** Whether a path might be taken for another one once it is cleaned or decoded. */
export function isCrooked(path: string): boolean {
  return /\/\.{1,2}(\/|\?|$)|\/\/|%2e|%2f|%25|%5c/i.test(path);
}

export function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

export function cutShort(what: string, maxBytes: number, truncated: boolean): Reason[] {
  if (!truncated) return [];
  return [{ code: "truncated", what, detail: `answer-cut: more than ${maxBytes / 1024} KiB` }];
}
