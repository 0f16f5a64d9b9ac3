import { z } from "zod";
import type { ReadContext, Review } from "../connector.ts";
import type { Api } from "./api.ts";
import { readObject } from "./status.ts";

const words = z.array(z.string()).nullish();
const statusSchema = z.object({
  incomplete: z.boolean().optional(),
  resourceRules: z
    .array(z.object({ verbs: words, apiGroups: words, resources: words, resourceNames: words }))
    .nullish(),
  nonResourceRules: z.array(z.object({ verbs: words, nonResourceURLs: words })).nullish(),
});
type Rules = z.infer<typeof statusSchema>;

/** Nobody binds a role in it, so that only what holds in every namespace is told. It need not exist. */
const nobodysNamespace = "weekbook-asks-for-all-namespaces";

/**
 * What this credential may in the whole cluster, in one answer (SelfSubjectRulesReview). Undefined where the server does
 * not tell all of it, as when others than RBAC decide: then each thing has to be asked for.
 */
export async function readRules(api: Api, context: ReadContext): Promise<Rules | undefined> {
  const what = "ask for the rules of this credential";
  const path = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";
  const spec = { namespace: nobodysNamespace };
  const body = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectRulesReview", spec };
  const response = await api.send({ method: "POST", path, body, what }, context);
  if (response.status !== 201) return undefined;
  const parsed = statusSchema.safeParse(readObject(response, what).status);
  return parsed.success && parsed.data.incomplete !== true ? parsed.data : undefined;
}

/** Whether rules allow something in all namespaces; of a rule for named objects only those are. */
export function rulesAllow({ resourceRules, nonResourceRules }: Rules, review: Review): boolean {
  const { verb, group, resource } = review;
  if (resource.startsWith("/"))
    return (nonResourceRules ?? []).some(
      (rule) =>
        holds(rule.verbs, verb) && (rule.nonResourceURLs ?? []).some((path) => covers(path, resource)),
    );
  return (resourceRules ?? []).some(
    (rule) =>
      (rule.resourceNames ?? []).length === 0 &&
      holds(rule.verbs, verb) &&
      holds(rule.apiGroups, group) &&
      (holds(rule.resources, resource) || holds(rule.resources, `*/${resource.split("/")[1]}`)),
  );
}

function holds(list: readonly string[] | null | undefined, wanted: string): boolean {
  return list?.some((one) => one === "*" || one === wanted) ?? false;
}

function covers(pattern: string, path: string): boolean {
  return pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}
