import { uidFrom } from "../prng.ts";
import { registrySecret } from "./base/cluster.ts";
import { businessNamespaces } from "./business-workloads.ts";
import { meshNamespace } from "./edge-workloads.ts";
import type { Plan } from "./plan.ts";
import { time } from "./time.ts";
import type { ApiObject } from "./types.ts";

const always = ["default", "kube-node-lease", "kube-public", "kube-system", "monitoring"];

export function namespaceNames(plan: Plan): string[] {
  return [...new Set([...always, ...plan.workloads.map(({ namespace }) => namespace)])];
}

export function buildNamespace(plan: Plan, name: string): ApiObject {
  return {
    metadata: {
      name,
      uid: uidFrom(`${plan.seed}/Namespace/${name}`),
      creationTimestamp: time(plan.epochMs - 90 * 86_400_000),
      labels: {
        "kubernetes.io/metadata.name": name,
        // says of the whole cluster that nothing in it is real
        ...(name === meshNamespace && { "istio-injection": "enabled" }),
        ...(name === "kube-system" && { "weekbook.dev/practice": "true" }),
      },
    },
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" },
  };
}

const ofBusiness: readonly string[] = businessNamespaces;

export function buildServiceAccount(plan: Plan, namespace: string): ApiObject {
  return {
    metadata: {
      name: "default",
      namespace,
      uid: uidFrom(`${plan.seed}/ServiceAccount/${namespace}/default`),
      creationTimestamp: time(plan.epochMs - 90 * 86_400_000),
    },
    ...(ofBusiness.includes(namespace) && { imagePullSecrets: [{ name: registrySecret }] }),
  };
}

export function buildRootCertificateMap(plan: Plan, namespace: string, caPem: string): ApiObject {
  return {
    metadata: {
      name: "kube-root-ca.crt",
      namespace,
      uid: uidFrom(`${plan.seed}/ConfigMap/${namespace}/kube-root-ca.crt`),
      creationTimestamp: time(plan.epochMs - 90 * 86_400_000),
      annotations: {
        "kubernetes.io/description":
          "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc.",
      },
    },
    data: { "ca.crt": caPem },
  };
}
