import type { ApiObject } from "../objects/types.ts";
import type { Fault } from "./fault.ts";

const schemas = "flowschemas.flowcontrol.apiserver.k8s.io";
const levels = "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io";

const everything = {
  resourceRules: [
    { verbs: ["*"], apiGroups: ["*"], resources: ["*"], clusterScope: true, namespaces: ["*"] },
  ],
};

/** Takes the requests of a namespace's ServiceAccounts into a level. */
function schema(
  name: string,
  namespace: string,
  precedence: number,
  level: string,
  exists = true,
): ApiObject {
  const condition = {
    type: "Dangling",
    status: exists ? "False" : "True",
    reason: exists ? "Found" : "NotFound",
    message: `This FlowSchema references the PriorityLevelConfiguration object named "${level}" ${exists ? "and it exists" : "but there is no such object"}`,
    lastTransitionTime: "2026-01-12T06:00:00Z",
  };
  return {
    metadata: { name },
    spec: {
      matchingPrecedence: precedence,
      priorityLevelConfiguration: { name: level },
      distinguisherMethod: { type: "ByUser" },
      rules: [
        { subjects: [{ kind: "ServiceAccount", serviceAccount: { namespace, name: "*" } }], ...everything },
      ],
    },
    status: { conditions: [condition] },
  };
}

const reports: ApiObject = {
  metadata: { name: "reports" },
  spec: {
    type: "Limited",
    limited: {
      nominalConcurrencyShares: 5,
      lendablePercent: 0,
      limitResponse: { type: "Queue", queuing: { queues: 16, handSize: 4, queueLengthLimit: 50 } },
    },
  },
};

export const fault: Fault = {
  id: "apiserver-rate-limiting",
  plant: () => ({
    workloads: [],
    objects: () =>
      new Map([
        [
          schemas,
          [
            schema("imports", "logistics", 700, "imports", false),
            schema("search-indexer", "search", 300, "exempt"),
            schema("reports", "storefront", 750, "reports"),
          ],
        ],
        [levels, [reports]],
      ]),
    expected: [
      {
        checkId: "kubernetes/apiserver-rate-limiting",
        code: "dangling-flow-schema",
        verdict: "fail",
        subject: { kind: "FlowSchema", name: "imports" },
      },
      {
        checkId: "kubernetes/apiserver-rate-limiting",
        code: "exempt-flow-schema",
        verdict: "warn",
        subject: { kind: "FlowSchema", name: "search-indexer" },
      },
    ],
    decoys: [
      {
        subject: { kind: "FlowSchema", name: "reports" },
        why: "it leads to a level of its own, which exists and has a limit",
      },
    ],
  }),
  mend(controllers) {
    controllers.put(schemas, schema("imports", "logistics", 700, "workload-low"));
    controllers.put(schemas, schema("search-indexer", "search", 300, "workload-high"));
  },
};
