import type { KubernetesTestReport, ReadContext, Review } from "../connector.ts";
import { readError } from "../read-error.ts";
import type { Api } from "./api.ts";
import type { Clock } from "./clock.ts";
import { isObject, readObject, statusError } from "./status.ts";

const everything: Review = { verb: "*", group: "*", resource: "*" };

/** Asks who we are and what we may. A good /version alone proves nothing: it answers anybody. */
export async function testConnection(
  { api, clock, context }: { api: Api; clock: Clock; context: ReadContext },
  reviews: readonly Review[],
): Promise<KubernetesTestReport> {
  const startedMs = clock.nowMs();
  const version = await readVersion(api, context);
  const latencyMs = Math.round(clock.nowMs() - startedMs);
  const user = await readUser(api, context);
  const [broad, ...allowed] = await Promise.all(
    [everything, ...reviews].map((review) => isAllowed(api, review, context)),
  );
  const permissions = reviews.map((review, index) => ({ ...review, allowed: allowed[index] === true }));
  return { version, user, latencyMs, permissions, broad: broad === true };
}

async function readVersion(api: Api, context: ReadContext): Promise<string> {
  const what = "read the server's version";
  const response = await api.send({ method: "GET", path: "/version", what }, context);
  if (response.status !== 200) throw statusError(response, what);
  const { gitVersion } = readObject(response, what);
  if (typeof gitVersion === "string" && gitVersion !== "") return gitVersion;
  throw readError("malformed", what, "not-kubernetes", "the answer is not that of a Kubernetes API server");
}

/** Empty where the server is older than the question (before 1.28). */
async function readUser(api: Api, context: ReadContext): Promise<{ name: string; groups: string[] }> {
  const what = "ask who this credential is";
  const body = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
  const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
  const response = await api.send({ method: "POST", path, body, what }, context);
  if (response.status === 404) return { name: "", groups: [] };
  if (response.status !== 201) throw statusError(response, what);
  const { status } = readObject(response, what);
  const info = isObject(status) && isObject(status.userInfo) ? status.userInfo : {};
  const groups = Array.isArray(info.groups) ? info.groups.filter((group) => typeof group === "string") : [];
  return { name: typeof info.username === "string" ? info.username : "", groups };
}

async function isAllowed(api: Api, review: Review, context: ReadContext): Promise<boolean> {
  const what = `ask whether this credential may ${review.verb} ${review.resource}`;
  const body = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes: review },
  };
  const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  const response = await api.send({ method: "POST", path, body, what }, context);
  if (response.status !== 201) throw statusError(response, what);
  const { status } = readObject(response, what);
  return isObject(status) && status.allowed === true;
}
