import type { Cluster } from "./context.ts";

/** The schema and the level that a request of this user falls into, by the rules that every server begins with. */
function classOf(user: string): string {
  if (user === "admin") return "exempt";
  return user === "" || user === "system:anonymous" ? "catch-all" : "global-default";
}

/** What every answer says of the queue it went through. */
export function fairnessHeaders({ store }: Cluster, user: string): Record<string, string> {
  const uid = (resource: string) =>
    store.get(`${resource}.flowcontrol.apiserver.k8s.io`, classOf(user))?.metadata.uid ?? "";
  return {
    "X-Kubernetes-Pf-Flowschema-Uid": uid("flowschemas"),
    "X-Kubernetes-Pf-Prioritylevel-Uid": uid("prioritylevelconfigurations"),
  };
}
