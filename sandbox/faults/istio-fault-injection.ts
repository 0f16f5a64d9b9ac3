import { meshNamespace } from "../objects/edge-workloads.ts";
import type { ExpectedFinding, Fault } from "./fault.ts";
import { publicRoute, routeResource, withRoute } from "./mesh-objects.ts";

const left = ["ratings", "delivery", "returns"];

function expected(code: string, name: string, verdict: "warn" | "fail" = "warn"): ExpectedFinding {
  const subject = { kind: "VirtualService", namespace: meshNamespace, name, part: "http[0]" };
  return { checkId: "kubernetes/istio-fault-injection", code, verdict, subject };
}

/** Faults of exercises that are over. */
export const fault: Fault = {
  id: "istio-fault-injection",
  plant: () => ({
    workloads: [],
    objects: () =>
      new Map([
        [
          routeResource,
          [
            publicRoute("ratings", "catalog", { fault: { delay: { percent: 20, fixedDelay: "2s" } } }),
            publicRoute("delivery", "cart", {
              timeout: "3s",
              fault: { abort: { percentage: { value: 0.1 }, httpStatus: 400 } },
            }),
            publicRoute("returns", "cart", {
              fault: { abort: { percentage: { value: 100 }, httpStatus: 500 } },
            }),
            publicRoute("wishes", "catalog", { headers: { request: { set: { "x-chaos": "none" } } } }),
          ],
        ],
      ]),
    expected: [
      expected("fault-left", "ratings"),
      expected("deprecated-percent", "ratings"),
      expected("fault-left", "delivery"),
      expected("retries-switched-off", "delivery"),
      expected("fault-on-everything", "returns", "fail"),
    ],
    decoys: [
      {
        subject: { kind: "VirtualService", namespace: meshNamespace, name: "wishes" },
        why: "speaks of chaos in a header and injects nothing",
      },
    ],
  }),
  mend(controllers) {
    for (const name of left)
      controllers.edit(routeResource, `${meshNamespace}/${name}`, (object) =>
        withRoute(object, ({ fault: _, ...route }) => route),
      );
  },
};
