import type {
  KubernetesSingleRequest,
  KubernetesSingleValues,
} from "../../checks/needs/kubernetes-requests.ts";
import type { ReadContext, Reading } from "../connector.ts";
import type { KubernetesAuth } from "./access.ts";
import type { Api } from "./api.ts";
import type { Clock } from "./clock.ts";
import { readCounts } from "./counts.ts";
import { readDiscovery } from "./discovery.ts";
import { readIdentity } from "./identity.ts";
import type { Limiter } from "./limiter.ts";
import { readLog } from "./log.ts";
import { readNodes } from "./nodes.ts";
import type { ObjectNames } from "./object-names.ts";
import { readPodsProxy } from "./pods-proxy.ts";
import { forwardPort } from "./port-forward.ts";
import { readPodProxy, readRaw } from "./raw.ts";
import { reviewAccess } from "./review.ts";
import type { Transport } from "./transport.ts";
import { readWatch } from "./watch.ts";

export type SingleReader = {
  read<Request extends KubernetesSingleRequest>(
    request: Request,
    context: ReadContext,
  ): Promise<Reading<KubernetesSingleValues[Request["type"]]>>;
};

/** Answers every request that is no list and no object, within the same budget of requests. */
export function createSingleReader(parts: {
  api: Api;
  transport: Transport;
  limiter: Limiter;
  clock: Clock;
  auth: KubernetesAuth;
  nodes: ObjectNames;
}): SingleReader {
  const { api, clock, auth, nodes } = parts;

  async function answer(request: KubernetesSingleRequest, context: ReadContext): Promise<Reading<unknown>> {
    switch (request.type) {
      case "kubernetes.raw":
        return readRaw(api, request, context);
      case "kubernetes.nodes":
        return readNodes({ api, names: nodes, context }, request);
      case "kubernetes.pod-proxy":
        return readPodProxy(api, request, context);
      case "kubernetes.pods-proxy":
        return readPodsProxy(api, request, context);
      case "kubernetes.log":
        return readLog(api, request, context);
      case "kubernetes.watch":
        return readWatch({ api, clock, context }, request);
      case "kubernetes.review": {
        const { verb, group, subresource, namespace, name } = request;
        const resource = subresource ? `${request.resource}/${subresource}` : request.resource;
        const review = { verb, group, resource, namespace, name };
        return { value: await reviewAccess(api, review, context) };
      }
      case "kubernetes.identity":
        return { value: await readIdentity(api, auth, context) };
      case "kubernetes.discovery":
        return readDiscovery(api, context);
      case "kubernetes.counts":
        return readCounts(api, request, context);
      case "kubernetes.port-forward":
        return forwardPort({ ...parts, context }, request);
    }
  }

  // Each type of request has its own type of value: what the switch tells apart, the signature restates.
  return { read: answer as SingleReader["read"] };
}
