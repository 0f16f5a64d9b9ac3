import type { KubernetesSingleValues } from "../../checks/needs/kubernetes-requests.ts";
import type { ReadContext, Review } from "../connector.ts";
import type { Api } from "./api.ts";
import { isObject, readObject, statusError } from "./status.ts";

/** What this credential may, as the server itself decides. An answer is an answer: `allowed: false` is a 201 too. */
export async function reviewAccess(
  api: Api,
  review: Review,
  context: ReadContext,
): Promise<KubernetesSingleValues["kubernetes.review"]> {
  const what = `ask whether this credential may ${reviewWords(review)}`;
  const { verb, resource: named, ...where } = review;
  const [resource = "", subresource] = named.split("/");
  const spec = named.startsWith("/")
    ? { nonResourceAttributes: { verb, path: named } }
    : { resourceAttributes: { verb, resource, subresource, ...where } };
  const body = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", spec };
  const at = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  const response = await api.send({ method: "POST", path: at, body, what }, context);
  if (response.status !== 201) throw statusError(response, what);
  const { status } = readObject(response, what);
  const { allowed, reason } = isObject(status) ? status : {};
  return { allowed: allowed === true, reason: typeof reason === "string" ? reason : "" };
}

function reviewWords({ verb, resource, namespace }: Review): string {
  return `${verb} ${resource}${namespace === undefined ? "" : ` in namespace ${namespace}`}`;
}
