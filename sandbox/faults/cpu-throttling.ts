import type { ExpectedFinding, Fault } from "./fault.ts";
import { planted } from "./planting.ts";

const always = { kind: "Deployment", namespace: "payments", name: "fraud-rules" } as const;
const oneOfTwo = { kind: "StatefulSet", namespace: "search", name: "index-merger" } as const;
const seldom = { kind: "Deployment", namespace: "storefront", name: "basket-preview" } as const;

/** The counters are those of kubelets: whoever may not ask the nodes sees nothing of it. */
function expected(subject: ExpectedFinding["subject"], verdict: "warn" | "fail"): ExpectedFinding {
  const part = { ...subject, part: "app" };
  return { checkId: "kubernetes/cpu-throttling", code: "throttled", verdict, subject: part, only: "admin" };
}

export const fault: Fault = {
  id: "cpu-throttling",
  plant: () => ({
    workloads: [
      planted(always.kind, always.namespace, always.name, { history: () => ({ use: { throttled: 60 } }) }),
      planted(oneOfTwo.kind, oneOfTwo.namespace, oneOfTwo.name, {
        history: (ordinal) => (ordinal === 0 ? { use: { throttled: 14 } } : undefined),
      }),
      planted(seldom.kind, seldom.namespace, seldom.name, { history: () => ({ use: { throttled: 2 } }) }),
    ],
    expected: [expected(always, "fail"), expected(oneOfTwo, "warn")],
    decoys: [{ subject: seldom, why: "two of a hundred periods are in order" }],
  }),
  mend(controllers) {
    for (const { kind, namespace, name } of [always, oneOfTwo]) {
      controllers.change(kind, namespace, name, ({ template, ...spec }) => ({
        ...spec,
        template: {
          ...template,
          spec: { ...template.spec, containers: template.spec.containers.map(raised) },
        },
      }));
    }
  },
};

type Container = ReturnType<typeof planted>["template"]["spec"]["containers"][number];

function raised(container: Container): Container {
  const { resources } = container;
  return { ...container, resources: { ...resources, limits: { ...resources?.limits, cpu: "750m" } } };
}
