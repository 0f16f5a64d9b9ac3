import { meshNamespace } from "../objects/edge-workloads.ts";
import type { ExpectedFinding, Fault } from "./fault.ts";
import { meshHost, publicRoute, routeResource, withRoute } from "./mesh-objects.ts";

const wrong = ["basket", "labels", "popular"];

function expected(code: string, name: string, mirror: string, verdict: "warn" | "fail"): ExpectedFinding {
  const subject = { kind: "VirtualService", namespace: meshNamespace, name, part: `http[0] ${mirror}` };
  return { checkId: "kubernetes/traffic-mirroring", code, verdict, subject };
}

const mirrorTo = (service: string) => ({ host: meshHost(service), port: { number: 80 } });

/** Mirrors that nobody receives, or that receive everything. */
export const fault: Fault = {
  id: "traffic-mirroring",
  plant: () => ({
    workloads: [],
    objects: () =>
      new Map([
        [
          routeResource,
          [
            publicRoute("basket", "cart", { mirror: mirrorTo("cart-next"), mirrorPercentage: { value: 5 } }),
            publicRoute("labels", "catalog", { mirror: mirrorTo("frontend") }),
            publicRoute("popular", "catalog", { mirror: mirrorTo("catalog"), mirrorPercent: 10 }),
            publicRoute("seasonal", "catalog", {
              mirrors: [{ destination: mirrorTo("frontend"), percentage: { value: 1 } }],
            }),
          ],
        ],
      ]),
    expected: [
      expected("mirror-unreachable", "basket", meshHost("cart-next"), "fail"),
      expected("mirrors-most", "labels", meshHost("frontend"), "warn"),
      expected("mirrors-to-itself", "popular", meshHost("catalog"), "warn"),
      expected("deprecated-percent", "popular", meshHost("catalog"), "warn"),
    ],
    decoys: [
      {
        subject: { kind: "VirtualService", namespace: meshNamespace, name: "seasonal" },
        why: "one request in a hundred goes to another service as well",
      },
    ],
  }),
  mend(controllers) {
    for (const name of wrong)
      controllers.edit(routeResource, `${meshNamespace}/${name}`, (object) =>
        withRoute(object, ({ match, route }) => ({ match, route })),
      );
  },
};
