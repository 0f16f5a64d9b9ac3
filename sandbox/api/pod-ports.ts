import type { ApiObject } from "../objects/types.ts";
import type { Answer, Cluster, ResourceCall } from "./context.ts";
import { isProxyPort, meshAnswer } from "./mesh-debug.ts";
import { ApiError, badRequest } from "./status.ts";
import { existing } from "./writes.ts";

type Container = { ports?: { containerPort: number }[] };
type Pod = {
  metadata: { name: string };
  spec: { nodeName?: string; containers: Container[]; initContainers?: Container[] };
};

/** Whether a program in the pod takes connections at that port: those that its containers declare. */
export function listensAt(pod: ApiObject, port: number): boolean {
  const { spec } = pod as unknown as Pod;
  if (isProxyPort(pod, port)) return true;
  return [...spec.containers, ...(spec.initContainers ?? [])].some(({ ports = [] }) =>
    ports.some(({ containerPort }) => containerPort === port),
  );
}

/** One GET to a pod's port: a small web server answers wherever a container declares one. */
export function podProxy(cluster: Cluster, call: ResourceCall, path: string): Answer {
  const [name = "", port = "80"] = (call.name ?? "").split(":");
  const pod = existing(cluster, { ...call, name });
  if (!listensAt(pod, Number(port))) {
    const message = `error trying to reach service: dial tcp: connect: connection refused`;
    throw new ApiError(503, "ServiceUnavailable", message, { details: {} });
  }
  const answer = meshAnswer(cluster, pod, Number(port), path);
  if (answer) return answer;
  if (path === "" || path === "healthz") return { status: 200, text: "ok\n" };
  if (path === "metrics") return { status: 200, text: "# TYPE up gauge\nup 1\n" };
  return { status: 404, text: "no such page\n" };
}

/** Without an upgrade there is nothing to forward. */
export function withoutUpgrade(cluster: Cluster, call: ResourceCall): never {
  existing(cluster, call);
  throw badRequest("Upgrade request required");
}

/** What a forward has to be refused for before it begins; undefined: it may begin. */
export function refuseForward(cluster: Cluster, call: ResourceCall): ApiError | undefined {
  const pod = existing(cluster, call) as unknown as Pod & ApiObject;
  if (pod.spec.nodeName) return undefined;
  return badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
}
