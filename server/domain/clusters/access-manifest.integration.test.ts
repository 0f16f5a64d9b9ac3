import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { credentialGaps } from "#common/kubernetes/credential-gaps.ts";
import { type PracticeCluster, startPracticeCluster } from "#sandbox/practice-cluster.ts";
import { ask } from "#sandbox/testing/client.ts";
import type { Check } from "#server/checks/define-check.ts";
import type { Need } from "#server/checks/needs/need.ts";
import { checks } from "#server/checks/registry.gen.ts";
import type { KubernetesConnector, Review } from "#server/connectors/connector.ts";
import { readKubeconfigContext } from "#server/connectors/kubernetes/kubeconfig.ts";
import { execute } from "#server/engine/execute.ts";
import type { Outcome, Question } from "#server/engine/execution.ts";
import { connectorTo, countingMeter } from "#testing/kubernetes-client.ts";
import { accessManifest } from "./access-manifest.ts";

type Rule = { apiGroups?: string[]; resources: string[]; nonResourceURLs?: string[]; verbs: string[] };

const kubernetesChecks = checks
  .filter(({ target, effect }) => target === "kubernetes" && effect === "read")
  .map(withoutWaiting);
const { manifest, permissions } = await accessManifest({ input: {} });
const written: Rule[] = parseAllDocuments(manifest)
  .find((document) => document.get("kind") === "ClusterRole")
  ?.toJS().rules;
const granted = flat(written);
/** What the manifest says, as the practice cluster takes it. */
const grant = {
  rules: written.flatMap(({ apiGroups, ...rule }) => (apiGroups ? [{ ...rule, apiGroups }] : [])),
  paths: written.flatMap(({ nonResourceURLs = [] }) => nonResourceURLs),
};
let cluster: PracticeCluster;
let connector: KubernetesConnector;

beforeAll(async () => {
  cluster = await startPracticeCluster({ nodes: 4, pods: 60 });
  connector = connectorTo(readKubeconfigContext(cluster.kubeconfig.viewer));
});
beforeEach(reduceToManifest);
afterEach(() => cluster.grantAgain("viewer"));
afterAll(async () => {
  await connector?.close();
  await cluster?.close();
});

/** Rights do not depend on how long something is looked at: what is sampled or watched ends at once. */
function withoutWaiting(check: Check): Check {
  const atOnce = (need: Need<unknown, boolean>): Need<unknown, boolean> => {
    if (need.type === "sampled") return { ...need, windowMs: 1 };
    return need.type === "kubernetes.watch" ? { ...need, seconds: 1 } : need;
  };
  return {
    ...check,
    needs: (params) =>
      Object.fromEntries(Object.entries(check.needs(params)).map(([name, need]) => [name, atOnce(need)])),
  };
}

function flat(rules: Rule[]): string[] {
  return (
    rules
      // rights to paths that are no resource have no groups
      .flatMap(({ apiGroups = [], resources, verbs }) =>
        apiGroups.flatMap((group) =>
          resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group}/${resource}`)),
        ),
      )
      .sort()
  );
}

/** What the cluster itself says that the viewer may, apart from asking about itself. */
async function rightsOfViewer(): Promise<string[]> {
  const { body } = await ask(cluster, "viewer", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", {
    method: "POST",
    body: {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectRulesReview",
      spec: { namespace: "default" },
    },
  });
  const rules = (body as { status: { resourceRules: Rule[] } }).status.resourceRules;
  return flat(rules.filter(({ verbs }) => !verbs.includes("create")));
}

/** The viewer of the practice cluster has other rights: it gets those of the manifest, and no more. */
async function reduceToManifest(): Promise<void> {
  cluster.grantOnly("viewer", grant);
  expect(await rightsOfViewer()).toEqual(granted);
}

async function outcomes(asked = kubernetesChecks): Promise<Map<string, Outcome>> {
  const target = { kind: "kubernetes", key: "kubernetes", name: "practice", connector } as const;
  const questions = asked.map(
    (check): Question => ({ key: check.id, check, params: check.params.parse({}), target }),
  );
  const found = new Map<string, Outcome>();
  const onEvent: Parameters<typeof execute>[1]["onEvent"] = (event) => {
    if (event.type === "outcome") found.set(event.outcome.key, event.outcome);
  };
  await execute(questions, { scope: "practice", signal: AbortSignal.timeout(30_000), secrets: [], onEvent });
  return found;
}

async function predicted() {
  const context = { signal: AbortSignal.timeout(10_000), meter: countingMeter().meter };
  const reviews: Review[] = permissions.map(({ verb, group, resource }) => ({ verb, group, resource }));
  const report = await connector.test(context, reviews);
  return credentialGaps(permissions, report.permissions);
}

const unknownIn = (found: Map<string, Outcome>) =>
  [...found.values()].filter(({ verdict }) => verdict === "unknown").map(({ key }) => key);

test("with exactly these rights every check reads all it wants, and the test of the connection says so", async () => {
  const found = await outcomes();
  expect([...found.keys()].sort()).toEqual(kubernetesChecks.map(({ id }) => id));
  expect(unknownIn(found)).toEqual([]);
  const missing = [...found.values()].flatMap(({ coverage }) => coverage.flatMap((part) => part.missing));
  // what is privileged is not in the manifest unless it is asked for; other things are not there at all
  const privileged = /\b(nodes\/proxy|pods\/proxy|secrets)\b/;
  const refused = missing.filter(
    ({ code, detail }) => code === "forbidden" && !privileged.test(detail ?? ""),
  );
  expect(refused).toEqual([]);
  expect(await predicted()).toMatchObject({ total: kubernetesChecks.length, unknown: [], unasked: [] });
});

/** Without the version there is no report at all: the test of the connection says that and ends. */
const reported = permissions.filter(({ resource }) => resource !== "/version");

test.each(reported.map((each) => [`${each.verb} ${each.group}/${each.resource}`, each] as const))(
  "without %s the predicted checks are unknown",
  async (_, { verb, group, resource, requiredBy, optionalFor }) => {
    cluster.revoke("viewer", { verb, group, resource });
    expect((await predicted()).unknown).toEqual(requiredBy.toSorted());
    // no other check declares that it reads this
    const concerned = kubernetesChecks.filter(({ id }) => [...requiredBy, ...optionalFor].includes(id));
    expect(unknownIn(await outcomes(concerned))).toEqual(expect.arrayContaining(requiredBy));
  },
);
