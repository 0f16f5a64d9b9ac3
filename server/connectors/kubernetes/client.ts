import { kinds } from "../../checks/needs/kubernetes.ts";
import type { KubernetesConnector } from "../connector.ts";
import type { Dialler } from "../dialler.ts";
import type { KubernetesAccess } from "./access.ts";
import { createApi } from "./api.ts";
import { type Clock, systemClock } from "./clock.ts";
import { createLimiter, type Limiter } from "./limiter.ts";
import { listServed } from "./list.ts";
import { createObjectNames } from "./object-names.ts";
import { resourceName, resourcePath } from "./paths.ts";
import { createSingleReader } from "./read.ts";
import { isObjectGone, readObject, statusError } from "./status.ts";
import { testConnection } from "./test-connection.ts";
import { createTransport } from "./transport.ts";

export type KubernetesConnectorOptions = {
  dialler: Dialler;
  connectTimeoutMs?: number;
  requestTimeoutMs?: number;
  pageSize?: number;
  maxPages?: number;
  ratePerSecond?: number;
  burst?: number;
  maxInFlight?: number;
  /** shared with other connectors to the same server, instead of one of its own */
  limiter?: Limiter;
  /** of one answer, unpacked */
  maxBodyBytes?: number;
  clock?: Clock;
  random?: () => number;
};

/** Connections that watches and what else takes its time may hold beside the exchanges. */
const longConnections = 4;

/** Reads one Kubernetes API: GET and self reviews; what does more, for active checks alone. */
export function createKubernetesConnector(
  access: KubernetesAccess,
  options: KubernetesConnectorOptions,
): KubernetesConnector {
  const { maxInFlight = 4, pageSize = 500, maxPages = 500, clock = systemClock } = options;
  const { ratePerSecond = 5, burst = 10, random = Math.random } = options;
  const limiter = options.limiter ?? createLimiter({ ratePerSecond, burst, maxInFlight, clock });
  const transport = createTransport(access, {
    dialler: options.dialler,
    connectTimeoutMs: options.connectTimeoutMs ?? 5_000,
    requestTimeoutMs: options.requestTimeoutMs ?? 10_000,
    connections: maxInFlight + longConnections,
    maxBodyBytes: options.maxBodyBytes ?? 64 << 20,
  });
  const api = createApi({ transport, limiter, clock, random });
  const { auth } = access;
  const paging = { pageSize, pages: maxPages };
  const nodes = createObjectNames(api, kinds.Node, paging);
  const namespaces = createObjectNames(api, kinds.Namespace, paging);
  const namesOf = new Map<unknown, typeof nodes>([
    [kinds.Node, nodes],
    [kinds.Namespace, namespaces],
  ]);
  const single = createSingleReader({ api, transport, limiter, clock, auth, nodes });
  return {
    endpoint: transport.endpoint,
    list(request, onPage, context) {
      const list = (each: typeof onPage, within: typeof context) =>
        listServed(
          { api, request, onPage: each, context: within, namespaces },
          { pageSize, maxPages: within.limits?.pages ?? maxPages, maxInFlight },
        );
      const all = request.labelSelector === undefined && request.fieldSelector === undefined;
      return (all && namesOf.get(request.kind)?.alongside(list, onPage, context)) || list(onPage, context);
    },
    async get({ kind, namespace, name }, context) {
      const where = namespace === undefined ? "" : ` in namespace ${namespace}`;
      const what = `get ${resourceName(kind)} ${name}${where}`;
      const response = await api.send(
        { method: "GET", path: resourcePath(kind, namespace, name), what },
        context,
      );
      if (isObjectGone(response)) return null;
      if (response.status !== 200) throw statusError(response, what);
      return readObject(response, what);
    },
    read: single.read,
    test: (context, reviews = []) => testConnection({ api, clock, context }, reviews),
    close: () => transport.close(),
  };
}
