import type { KubernetesTestReport, ReadContext, Review } from "../connector.ts";
import { readError } from "../read-error.ts";
import type { Api } from "./api.ts";
import type { Clock } from "./clock.ts";
import { askWho } from "./identity.ts";
import { reviewAccess } from "./review.ts";
import { readRules, rulesAllow } from "./rules.ts";
import { readObject, statusError } from "./status.ts";

const everything: Review = { verb: "*", group: "*", resource: "*" };
/** What no check needs, and what makes a credential worth stealing. */
const powers: readonly Review[] = [
  { verb: "list", group: "", resource: "secrets" },
  { verb: "create", group: "", resource: "pods" },
  { verb: "create", group: "", resource: "pods/exec" },
  { verb: "delete", group: "", resource: "namespaces" },
  { verb: "impersonate", group: "", resource: "users" },
  { verb: "escalate", group: "rbac.authorization.k8s.io", resource: "clusterroles" },
  { verb: "create", group: "rbac.authorization.k8s.io", resource: "clusterrolebindings" },
];

/** Asks who we are and what we may. A good /version alone proves nothing: it answers anybody. */
export async function testConnection(
  { api, clock, context }: { api: Api; clock: Clock; context: ReadContext },
  reviews: readonly Review[],
): Promise<KubernetesTestReport> {
  const startedMs = clock.nowMs();
  const version = await readVersion(api, context);
  const latencyMs = Math.round(clock.nowMs() - startedMs);
  // Empty where the server is older than the question.
  const user = (await askWho(api, context)) ?? { name: "", groups: [] };
  const rules = await readRules(api, context);
  // Of the whole cluster the rules tell everything at once; of one namespace the server is asked.
  const ask: Ask = async (review) =>
    rules && review.namespace === undefined && review.name === undefined
      ? rulesAllow(rules, review)
      : (await reviewAccess(api, review, context)).allowed;
  const permissions = await askEach(reviews, ask);
  const beyond = (await ask(everything)) ? [everything] : await heldPowers(reviews, ask);
  return { version, user, latencyMs, permissions, broad: beyond.length > 0, beyond };
}

type Ask = (review: Review) => Promise<boolean>;

function askEach(reviews: readonly Review[], ask: Ask) {
  return Promise.all(reviews.map(async (review) => ({ ...review, allowed: await ask(review) })));
}

/** A power that a check was said to need is no more than it needs. */
async function heldPowers(needed: readonly Review[], ask: Ask): Promise<Review[]> {
  const isNeeded = (power: Review) =>
    needed.some(
      ({ verb, group, resource }) =>
        verb === power.verb && group === power.group && resource === power.resource,
    );
  const held = await askEach(
    powers.filter((power) => !isNeeded(power)),
    ask,
  );
  return held.filter(({ allowed }) => allowed).map(({ allowed: _allowed, ...power }) => power);
}

async function readVersion(api: Api, context: ReadContext): Promise<string> {
  const what = "read the server's version";
  const response = await api.send({ method: "GET", path: "/version", what }, context);
  if (response.status !== 200) throw statusError(response, what);
  const { gitVersion } = readObject(response, what);
  if (typeof gitVersion === "string" && gitVersion !== "") return gitVersion;
  throw readError("malformed", what, "not-kubernetes", "the answer is not that of a Kubernetes API server");
}
