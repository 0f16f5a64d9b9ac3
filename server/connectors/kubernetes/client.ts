import type { KubernetesConnector } from "../connector.ts";
import type { Dialler } from "../dialler.ts";
import { readError } from "../read-error.ts";
import type { KubernetesAccess } from "./access.ts";
import { createApi } from "./api.ts";
import { type Clock, systemClock } from "./clock.ts";
import { createLimiter } from "./limiter.ts";
import { listEverywhere } from "./list.ts";
import { resourceName, resourcePath } from "./paths.ts";
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
  /** of one answer, unpacked */
  maxBodyBytes?: number;
  clock?: Clock;
  random?: () => number;
};

/** Reads one Kubernetes API: GET and self reviews, nothing else. */
export function createKubernetesConnector(
  access: KubernetesAccess,
  options: KubernetesConnectorOptions,
): KubernetesConnector {
  const { maxInFlight = 4, pageSize = 500, maxPages = 500, clock = systemClock } = options;
  const { ratePerSecond = 5, burst = 10, random = Math.random } = options;
  const limiter = createLimiter({ ratePerSecond, burst, maxInFlight, clock });
  const transport = createTransport(access, {
    dialler: options.dialler,
    connectTimeoutMs: options.connectTimeoutMs ?? 5_000,
    requestTimeoutMs: options.requestTimeoutMs ?? 10_000,
    connections: maxInFlight,
    maxBodyBytes: options.maxBodyBytes ?? 64 << 20,
  });
  const api = createApi({ transport, limiter, clock, random });
  return {
    endpoint: transport.endpoint,
    list: (request, onPage, context) =>
      listEverywhere({ api, request, onPage, context }, { pageSize, maxPages, maxInFlight }),
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
    read: () => Promise.reject(readError("internal", "read", "not-there", "not read here")),
    test: (context, reviews = []) => testConnection({ api, clock, context }, reviews),
    close: () => transport.close(),
  };
}
