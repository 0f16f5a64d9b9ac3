import type { Pair } from "../../certificates.ts";
import type { Plan } from "../plan.ts";
import type { ApiObject } from "../types.ts";
import { accessRules, serviceAccounts } from "./access.ts";
import { apiServices, bootstrapped, definitions } from "./bootstrap.ts";
import { apiServerService, namespaceObjects, storage } from "./cluster.ts";
import { configuration } from "./configuration.ts";
import { edgeObjects } from "./edge.ts";
import { merged } from "./made.ts";
import { meshObjects } from "./mesh.ts";

/** What certifies the cluster and the names it is reached by. */
export type Certificates = { caPem: string; tls: Pair };

/** The healthy objects that are there beside workloads, pods and nodes: few, whatever the size of the cluster. */
export function standingObjects(plan: Plan, { caPem, tls }: Certificates): Map<string, ApiObject[]> {
  const parts = [
    bootstrapped(plan),
    apiServices(plan),
    definitions(plan),
    accessRules(plan),
    configuration(plan, caPem),
    apiServerService(plan),
    storage(plan),
    namespaceObjects(plan),
    edgeObjects(plan, tls, caPem),
    meshObjects(plan, caPem),
  ];
  const all = merged(parts);
  const bindings = ["clusterrolebindings", "rolebindings"].flatMap(
    (name) => all.get(`${name}.rbac.authorization.k8s.io`) ?? [],
  );
  return merged([Object.fromEntries(all), serviceAccounts(plan, bindings)]);
}
