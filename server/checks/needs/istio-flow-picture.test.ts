import { expect, test } from "vitest";
import { graphSchema } from "#common/picture.ts";
import { flowOf, worldOf } from "./istio-flow.ts";
import { picture } from "./istio-flow-picture.ts";
import { meshRegistry, pickMeshPod, pickMeshService } from "./istio-registry.ts";
import { pickDestinationRule, pickGateway, pickVirtualService } from "./istio-routing.ts";

const metadata = (name: string, namespace = "shop") => ({ namespace, name });
const destination = (host: string, subset?: string, weight?: number) => ({
  destination: { host, subset },
  weight,
});

const service = pickMeshService({
  metadata: metadata("cart"),
  spec: { selector: { app: "cart" }, ports: [{ port: 80 }] },
});
const labelled: Record<string, string>[] = [{ app: "cart", version: "v1" }, { istio: "public" }];
const pods = labelled.flatMap(
  (labels, index) =>
    pickMeshPod({
      metadata: { ...metadata(`pod-${index}`), labels },
      status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
    }) ?? [],
);
const gateway = pickGateway({
  metadata: metadata("public"),
  spec: { selector: { istio: "public" }, servers: [{ hosts: ["*"], port: { number: 80 } }] },
});
const rule = pickDestinationRule({
  metadata: metadata("cart"),
  spec: { host: "cart", subsets: ["v1", "v2"].map((name) => ({ name, labels: { version: name } })) },
});

/** The picture of one VirtualService with these routes, as `from > to: verdict` and label. */
function drawn(routes: ReturnType<typeof destination>[], gateways = ["public"]) {
  const route = pickVirtualService({
    metadata: metadata("shop"),
    spec: { hosts: ["shop.example.com"], gateways, http: [{ route: routes }] },
  });
  const facts = { services: [service], pods, serviceEntries: [], destinationRules: [rule], mesh: [] };
  const world = worldOf(meshRegistry(facts), [gateway], [route]);
  const made = graphSchema.parse(picture("shop.example.com", [flowOf(route, world)]));
  const broken = made.edges
    .filter(({ verdict }) => verdict === "fail")
    .map(({ from, to }) => `${from} > ${to}`);
  return { made, broken };
}

const full = "cart.shop.svc.cluster.local";

test("a way that holds has no broken arrow, and says which part of the requests goes where", () => {
  const { made, broken } = drawn([destination("cart", "v1", 3), destination("cart", "v2", 0)]);
  expect(broken).toEqual([]);
  expect(made.edges.flatMap(({ label }) => label ?? [])).toEqual(["100 %", "0 %"]);
  expect(made.nodes.map(({ column }) => column).sort()).toEqual([0, 1, 2, 2, 3, 4, 4]);
  expect(made.summary.en).toBe("Every link holds.");
});

test("the first link that does not hold is broken", () => {
  expect(drawn([destination("cart")], ["gone"]).broken).toEqual(["gateway shop/gone > route shop/shop"]);
  expect(drawn([destination("cart.shop")]).broken).toEqual([
    "route shop/shop > subset cart.shop ",
    "subset cart.shop  > service cart.shop",
  ]);
  expect(drawn([destination("cart", "v9")]).broken).toEqual([
    `route shop/shop > subset ${full} v9`,
    `subset ${full} v9 > service ${full}`,
    `service ${full} > pods ${full} v9`,
  ]);
  const { made, broken } = drawn([destination("cart", "v2")]);
  expect(broken).toEqual([`service ${full} > pods ${full} v2`]);
  expect(made.summary.en).toBe("One link is broken.");
});

test("a route to very many destinations still fits", () => {
  const many = Array.from({ length: 300 }, (_, index) => destination(`service-${index}`));
  expect(drawn(many).made.nodes.length).toBeLessThanOrEqual(80);
});
