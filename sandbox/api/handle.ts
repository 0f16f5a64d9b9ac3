import type { Answer, Call, Cluster, ResourceCall } from "./context.ts";
import { discover } from "./discovery.ts";
import { health, versionInfo } from "./health.ts";
import { nodeProxy } from "./kubelet.ts";
import { metrics } from "./metrics.ts";
import { openid } from "./openid.ts";
import { podLog } from "./pod-log.ts";
import { podProxy, withoutUpgrade } from "./pod-ports.ts";
import { get, list } from "./reads.ts";
import { evict, remove } from "./removals.ts";
import { parsePath, toResourceCall, verbOf } from "./resource-call.ts";
import { resourceMetrics } from "./resource-metrics.ts";
import { review } from "./reviews.ts";
import { scale } from "./scale.ts";
import { silentApis } from "./silent-apis.ts";
import { ApiError, badRequest, forbidden, methodNotAllowed, PageNotFound } from "./status.ts";
import { watch } from "./watch.ts";
import { create, patch, update } from "./writes.ts";

/** One request in, one answer out. Every refusal is an ApiError or a PageNotFound. */
export async function handle(cluster: Cluster, call: Call): Promise<Answer> {
  refuseImpersonation(cluster, call);
  refuseTimeout(call.query.get("timeout"));
  const parsed = parsePath(call.path);
  if (!parsed) return handlePath(cluster, call);
  const about = toResourceCall(cluster, call, parsed);
  if (about.subresource === "eviction") return evict(cluster, about);
  if (about.subresource === "scale") return scale(cluster, about);
  if (about.resource.group === "metrics.k8s.io") return resourceMetrics(cluster, about);
  if (about.resource.verbs.length === 1) return review(cluster, about);
  if (about.subresource === "log") return podLog(cluster, about);
  if (about.subresource === "portforward") return withoutUpgrade(cluster, about);
  if (about.subresource === "proxy") return proxy(cluster, about);
  const verb = verbOf(call, parsed);
  if (verb === "watch") return watch(cluster, about);
  if (verb === "list") return list(cluster, about);
  if (verb === "get") return get(cluster, about);
  if (verb === "create") return create(cluster, about);
  if (verb === "patch") return patch(cluster, about);
  if (verb === "update") return update(cluster, about);
  if (verb === "delete") return remove(cluster, about);
  throw methodNotAllowed();
}

/** What comes behind ".../proxy/" is the kubelet's or the pod's own path. */
function proxy(cluster: Cluster, about: ResourceCall): Answer {
  if (about.request.method !== "GET") throw methodNotAllowed();
  const path = about.path.split("/proxy").slice(1).join("/proxy").replace(/^\//, "");
  return about.resource.kind === "Node" ? nodeProxy(cluster, about, path) : podProxy(cluster, about, path);
}

function handlePath(cluster: Cluster, call: Call): Answer {
  const method = (call.request.method ?? "GET").toLowerCase();
  cluster.access.checkPath(call.user, method, call.path);
  const answer =
    call.path === "/version" || call.path === "/version/"
      ? versionInfo()
      : call.path === "/metrics"
        ? metrics(cluster)
        : (health(call) ??
          openid(call.path, cluster.address()) ??
          discover(call, cluster.address(), silentApis(cluster.store)));
  if (!answer) throw new PageNotFound();
  if (method !== "get" && method !== "head") throw methodNotAllowed();
  return answer;
}

/** Nobody but the administrator may act as somebody else, and that is not imitated. */
function refuseImpersonation({ access }: Cluster, { request, user }: Call): void {
  const other = request.headers["impersonate-user"];
  if (other === undefined) return;
  access.check(user, { verb: "impersonate", group: "", resource: "users", name: String(other) });
  throw forbidden("the practice cluster does not impersonate", { kind: "users" });
}

/** The server's own time limit: only its syntax and "too short for anything" are imitated. */
function refuseTimeout(timeout: string | null): void {
  if (timeout === null || timeout === "") return;
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(timeout)) {
    throw badRequest(`invalid timeout specified in the request URL - time: invalid duration "${timeout}"`);
  }
  if (/^[01]ms$|^\d+(ns|us|µs)$/.test(timeout)) {
    throw new ApiError(504, "Timeout", "Timeout: request did not complete within the allotted timeout", {
      details: {},
    });
  }
}
