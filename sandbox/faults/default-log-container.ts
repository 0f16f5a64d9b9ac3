import { defaultContainerAnnotation } from "../objects/template.ts";
import type { WorkloadKind } from "../objects/workload.ts";
import type { ExpectedFinding, Fault } from "./fault.ts";
import { planted } from "./planting.ts";

const oldAnnotation = "kubectl.kubernetes.io/default-logs-container";
const two = [{ name: "app" }, { name: "cache", image: "redis:8.2.1" }];

type Subject = { kind: WorkloadKind & ("Deployment" | "StatefulSet"); namespace: string; name: string };

const without: Subject[] = [
  { kind: "Deployment", namespace: "storefront", name: "pages" },
  { kind: "StatefulSet", namespace: "payments", name: "journal" },
];
const wrong: Subject[] = [
  { kind: "Deployment", namespace: "search", name: "facets" },
  { kind: "Deployment", namespace: "identity", name: "consent" },
];
const outdated: Subject[] = [
  { kind: "Deployment", namespace: "checkout", name: "receipts" },
  { kind: "StatefulSet", namespace: "logistics", name: "manifests" },
];

function expected(subject: Subject, code: string, verdict: "warn" | "fail"): ExpectedFinding {
  return { checkId: "kubernetes/default-log-container", code, verdict, subject };
}

export const fault: Fault = {
  id: "default-log-container",
  plant: () => ({
    workloads: [
      ...without.map(({ kind, namespace, name }) =>
        planted(kind, namespace, name, { replicas: 2, containers: two }),
      ),
      ...wrong.map(({ kind, namespace, name }) =>
        planted(kind, namespace, name, {
          containers: two,
          annotations: { [defaultContainerAnnotation]: "web" },
        }),
      ),
      ...outdated.map(({ kind, namespace, name }) =>
        planted(kind, namespace, name, { containers: two, annotations: { [oldAnnotation]: "app" } }),
      ),
      planted("Deployment", "recommendations", "with-native-sidecar", {
        initContainers: [{ name: "proxy", restartPolicy: "Always" }],
      }),
      planted("Deployment", "recommendations", "with-default", {
        containers: two,
        annotations: { [defaultContainerAnnotation]: "app" },
      }),
    ],
    expected: [
      ...without.map((subject) => expected(subject, "no-default-container", "warn")),
      ...wrong.map((subject) => expected(subject, "unknown-container", "fail")),
      ...outdated.map((subject) => expected(subject, "deprecated-key", "warn")),
    ],
    decoys: [
      {
        subject: { kind: "Deployment", namespace: "recommendations", name: "with-native-sidecar" },
        why: "a native sidecar is an init container: there is one ordinary container",
      },
      {
        subject: { kind: "Deployment", namespace: "recommendations", name: "with-default" },
        why: "the annotation names one of its containers",
      },
    ],
  }),
  mend(controllers) {
    for (const { kind, namespace, name } of [...without, ...wrong, ...outdated]) {
      controllers.change(kind, namespace, name, (spec) => ({
        ...spec,
        template: {
          ...spec.template,
          metadata: { ...spec.template.metadata, annotations: { [defaultContainerAnnotation]: "app" } },
        },
      }));
    }
  },
};
