import { expect, test } from "vitest";
import { apiStep, pickApiGateway, pickApiRoute } from "./istio-api-routes.ts";

const metadata = { namespace: "shop", name: "front" };
const expected = { en: "a way in", "zh-CN": "入口" };

function routeWith(conditions: { type: string; status: string; reason?: string }[] | undefined) {
  const parent = { controllerName: "istio.io/gateway-controller", parentRef: { name: "public" }, conditions };
  const rules = [{ backendRefs: [{ name: "web" }] }];
  return pickApiRoute({ metadata, spec: { rules }, status: { parents: [parent] } }) ?? [];
}

const gatewayWith = (conditions?: { type: string; status: string; reason?: string }[]) =>
  pickApiGateway({ metadata: { namespace: "shop", name: "public" }, status: { conditions } });

const holds = [
  { type: "Accepted", status: "True" },
  { type: "ResolvedRefs", status: "True" },
];
const programmed = gatewayWith([{ type: "Programmed", status: "True" }]);

test.each([
  ["holds as both say so", holds, programmed, "pass", "pass"],
  ["is unknown without conditions", undefined, programmed, "unknown", "unknown"],
  [
    "is unknown where a condition is",
    [
      { type: "Accepted", status: "True" },
      { type: "ResolvedRefs", status: "Unknown" },
    ],
    programmed,
    "pass",
    "unknown",
  ],
  [
    "has a Gateway whatever a backend is",
    [
      { type: "Accepted", status: "True" },
      { type: "ResolvedRefs", status: "False", reason: "BackendNotFound" },
    ],
    programmed,
    "pass",
    "fail",
  ],
  [
    "has no Gateway that is programmed",
    holds,
    gatewayWith([{ type: "Programmed", status: "False" }]),
    "fail",
    "pass",
  ],
  ["has a Gateway that says nothing", holds, gatewayWith(), "unknown", "pass"],
  ["has a Gateway that was not found", holds, undefined, "unknown", "pass"],
])("a way in by the Gateway API %s", (_, conditions, gateway, step3, step4) => {
  const byApi = {
    apiRoutes: [routeWith(conditions)].flat(),
    apiGateways: gateway === undefined ? [] : [gateway],
  };
  expect(apiStep(3, byApi, expected)?.verdict).toBe(step3);
  expect(apiStep(4, byApi, expected)?.verdict).toBe(step4);
});
