import type { ApiObject } from "../objects/types.ts";
import type { ExpectedFinding, Fault } from "./fault.ts";
import { planted } from "./planting.ts";

const definitions = "customresourcedefinitions.apiextensions.k8s.io";
const annotation = "kubectl.kubernetes.io/last-applied-configuration";

/** Deployments that were applied years ago and never since. */
const applied = [
  { namespace: "storefront", name: "banner-editor", apiVersion: "extensions/v1beta1" },
  { namespace: "identity", name: "password-reset", apiVersion: "apps/v1beta2" },
];

type Version = { name: string; served: boolean; storage: boolean; deprecated?: boolean };
const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };

function definition(plural: string, kind: string, versions: Version[], status: object): ApiObject {
  const group = "logistics.example.com";
  return {
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
      scope: "Namespaced",
      versions: versions.map((version) => ({ ...version, schema })),
    },
    status: { acceptedNames: { plural, kind }, ...status },
  };
}

const accepted = [
  { type: "NamesAccepted", status: "True", reason: "NoConflicts", message: "no conflicts found" },
  {
    type: "Established",
    status: "True",
    reason: "InitialNamesAccepted",
    message: "the initial names have been accepted",
  },
];
const refused = [
  {
    type: "NamesAccepted",
    status: "False",
    reason: "ListKindConflict",
    message: '"ServiceList" is already in use',
  },
  { type: "Established", status: "False", reason: "NotAccepted", message: "not all names are accepted" },
];
const v1 = { name: "v1", served: true, storage: true };
const alpha = { name: "v1alpha1", served: false, storage: false, deprecated: true };
const beta = { name: "v1beta1", served: true, storage: false };
const couriers = (storedVersions: string[]) =>
  definition("couriers", "Courier", [v1, alpha], { storedVersions, conditions: accepted });
const routes = (conditions: object[]) =>
  definition("routeservices", "RouteService", [v1], { storedVersions: ["v1"], conditions });

function expected(code: string, verdict: "warn" | "fail", kind: string, name: string): ExpectedFinding {
  return { checkId: "kubernetes/api-resources", code, verdict, subject: { kind, name } };
}

export const fault: Fault = {
  id: "api-resources",
  plant: () => ({
    workloads: applied.map(({ namespace, name }) => planted("Deployment", namespace, name, { replicas: 2 })),
    objects: () =>
      new Map([
        [
          definitions,
          [
            couriers(["v1alpha1", "v1"]),
            routes(refused),
            definition("depots", "Depot", [v1, beta], {
              storedVersions: ["v1beta1", "v1"],
              conditions: accepted,
            }),
          ],
        ],
      ]),
    changes: applied.map(({ namespace, name, apiVersion }) => ({
      resource: "deployments.apps",
      key: `${namespace}/${name}`,
      edit: (object) => withManifest(object, apiVersion),
    })),
    expected: [
      ...applied.map(({ apiVersion }) =>
        expected("manifest-api-removed", "warn", "API", `${apiVersion} Deployment`),
      ),
      expected("stored-version-old", "warn", "CustomResourceDefinition", "couriers.logistics.example.com"),
      expected(
        "definition-not-established",
        "fail",
        "CustomResourceDefinition",
        "routeservices.logistics.example.com",
      ),
    ],
    decoys: [
      {
        subject: { kind: "CustomResourceDefinition", name: "depots.logistics.example.com" },
        why: "objects may lie there in two versions, and both are served",
      },
    ],
  }),
  mend(controllers) {
    for (const { namespace, name } of applied) {
      const object = controllers.store.get("deployments.apps", `${namespace}/${name}`);
      // The annotation alone changes: nothing is rolled out for it.
      if (object) controllers.put("deployments.apps", withManifest(object, "apps/v1"));
    }
    controllers.put(definitions, couriers(["v1"]));
    controllers.put(definitions, routes(accepted));
  },
};

function withManifest(object: ApiObject, apiVersion: string): ApiObject {
  const { name, namespace } = object.metadata;
  const manifest = JSON.stringify({ apiVersion, kind: "Deployment", metadata: { name, namespace } });
  const annotations = { ...object.metadata.annotations, [annotation]: manifest };
  return { ...object, metadata: { ...object.metadata, annotations } };
}
