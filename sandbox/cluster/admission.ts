import { optOutLabel, withProxy } from "../objects/proxy.ts";
import type { PodTemplate } from "../objects/types.ts";
import type { Store } from "./store.ts";

/** What webhooks make of a new pod: in a namespace with the label for it, Istio's injector adds the proxy. */
export function admitted(store: Store, namespace: string, template: PodTemplate): PodTemplate {
  const labels = store.get("namespaces", namespace)?.metadata.labels ?? {};
  const webhook = store.get(
    "mutatingwebhookconfigurations.admissionregistration.k8s.io",
    "istio-sidecar-injector",
  );
  const revision = labels["istio.io/rev"];
  const wanted = labels["istio-injection"] === "enabled" || revision !== undefined;
  const refused = template.metadata.labels[optOutLabel] === "false" || template.spec.hostNetwork;
  if (!wanted || refused || !webhook) return template;
  return withProxy(template, { ...(revision !== undefined && { revision }) });
}
