import { readFileSync } from "node:fs";
import { join } from "node:path";
import { groupOrder, groupVersions, resources, versionsOf } from "../../cluster/resources.ts";
import type { Plan } from "../plan.ts";
import type { ApiObject } from "../types.ts";
import { type BaseObjects, installed, made } from "./made.ts";

const file = join(import.meta.dirname, "../../recorded/bootstrap.json");

const kindNames = new Map(resources.map(({ name, group, kind }) => [`${name}.${group}`, kind]));

/** What a real server makes for itself at its first start: roles and bindings, flow schemas, priority classes. */
export function bootstrapped(plan: Plan): BaseObjects {
  const text = readFileSync(file, "utf8").replaceAll('"@"', JSON.stringify(installed(plan)));
  const recorded: BaseObjects = JSON.parse(text);
  return Object.fromEntries(
    Object.entries(recorded).map(([resource, list]) => [
      resource,
      list.map((object) => {
        const { labels, annotations } = object.metadata;
        const generation = object.spec === undefined ? undefined : 1;
        const metadata = made(plan, kindNames.get(resource) ?? resource, object.metadata, {
          ...(generation && { generation }),
          ...(labels && { labels }),
          ...(annotations && { annotations }),
        });
        return { ...object, metadata };
      }),
    ]),
  );
}

const condition = (plan: Plan, type: string, reason: string, message: string) => ({
  type,
  status: "True",
  lastTransitionTime: installed(plan),
  reason,
  message,
});

/** Every group and version that is served, and who serves it. */
export function apiServices(plan: Plan): BaseObjects {
  const services = ["", ...groupOrder].flatMap((group) =>
    groupVersions(group).map((version): ApiObject => {
      const aggregated = group === "metrics.k8s.io";
      const name = `${version}.${group}`;
      return {
        metadata: made(plan, "APIService", { name }, aggregated ? {} : { labels: automanaged }),
        spec: {
          ...(aggregated && { service: { namespace: "kube-system", name: "metrics-server", port: 443 } }),
          ...(group !== "" && { group }),
          version,
          ...(aggregated && { insecureSkipTLSVerify: true }),
          groupPriorityMinimum: group === "" ? 18_000 : 17_800 - groupOrder.indexOf(group) * 50,
          versionPriority: version === "v1" ? 15 : 9,
        },
        status: {
          conditions: [
            aggregated
              ? condition(plan, "Available", "Passed", "all checks passed")
              : condition(plan, "Available", "Local", "Local APIServices are always available"),
          ],
        },
      };
    }),
  );
  return { "apiservices.apiregistration.k8s.io": services };
}

const automanaged = { "kube-aggregator.kubernetes.io/automanaged": "onstart" };

const anything = {
  openAPIV3Schema: {
    type: "object",
    properties: {
      spec: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
      status: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    },
  },
};

/** The definitions of the custom kinds that are served. */
export function definitions(plan: Plan): BaseObjects {
  const custom = resources.filter((resource) => resource.custom);
  const list = custom.map((resource): ApiObject => {
    const { group, name, singular, kind, shortNames, categories, version: stored } = resource;
    const names = {
      plural: name,
      singular,
      ...(shortNames && { shortNames }),
      kind,
      listKind: `${kind}List`,
      ...(categories && { categories }),
    };
    const labels = { app: "istio-pilot", chart: "istio", release: "istio" };
    return {
      metadata: {
        ...made(plan, "CustomResourceDefinition", { name: `${name}.${group}` }, { labels, generation: 1 }),
      },
      spec: {
        group,
        names,
        scope: "Namespaced",
        versions: versionsOf(resource).map((version) => ({
          name: version,
          served: true,
          storage: version === stored,
          schema: anything,
          subresources: { status: {} },
        })),
        conversion: { strategy: "None" },
      },
      status: {
        conditions: [
          condition(plan, "NamesAccepted", "NoConflicts", "no conflicts found"),
          condition(plan, "Established", "InitialNamesAccepted", "the initial names have been accepted"),
        ],
        acceptedNames: names,
        storedVersions: [stored],
      },
    };
  });
  return { "customresourcedefinitions.apiextensions.k8s.io": list };
}
