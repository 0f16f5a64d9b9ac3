import { meshNamespace } from "../objects/edge-workloads.ts";
import type { ExpectedFinding, Fault } from "./fault.ts";
import { publicRoute, routeResource, withRoute } from "./mesh-objects.ts";

const part = "http[0]";

function expected(code: string, name: string): ExpectedFinding {
  const subject = { kind: "VirtualService", namespace: meshNamespace, name, part };
  return { checkId: "kubernetes/istio-timeouts-and-retries", code, verdict: "warn", subject };
}

/** Retries for which there is no time, without an occasion, or too many of them. */
export const fault: Fault = {
  id: "istio-timeouts-and-retries",
  plant: () => ({
    workloads: [],
    objects: () =>
      new Map([
        [
          routeResource,
          [
            publicRoute("checkout", "cart", {
              timeout: "2s",
              retries: { attempts: 3, perTryTimeout: "2s", retryOn: "5xx" },
            }),
            publicRoute("suggestions", "catalog", { timeout: "3s", retries: { attempts: 10 } }),
            publicRoute("stock", "catalog", {
              retries: { attempts: 2, perTryTimeout: "500ms", retryOn: "connect-failure" },
            }),
            publicRoute("payments", "cart", { timeout: "10s", retries: { attempts: 0 } }),
            publicRoute("history", "cart", {
              timeout: "1s",
              retries: { attempts: 3, perTryTimeout: "250ms", retryOn: "gateway-error,reset" },
            }),
          ],
        ],
      ]),
    expected: [
      expected("tries-exceed-timeout", "checkout"),
      expected("no-per-try-timeout", "suggestions"),
      expected("no-retry-on", "suggestions"),
      expected("many-attempts", "suggestions"),
      expected("timeout-not-retried", "stock"),
    ],
    decoys: [
      {
        subject: { kind: "VirtualService", namespace: meshNamespace, name: "payments" },
        why: "retries are switched off on purpose",
      },
      {
        subject: { kind: "VirtualService", namespace: meshNamespace, name: "history" },
        why: "four tries of 250 ms just fit into a second",
      },
    ],
  }),
  mend(controllers) {
    const retries = { attempts: 2, perTryTimeout: "500ms", retryOn: "gateway-error,connect-failure" };
    for (const name of ["checkout", "suggestions", "stock"])
      controllers.edit(routeResource, `${meshNamespace}/${name}`, (object) =>
        withRoute(object, (route) => ({ ...route, timeout: "2s", retries })),
      );
  },
};
