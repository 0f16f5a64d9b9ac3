import { expect, test } from "vitest";
import {
  almostService,
  fullHost,
  gatewayReference,
  hostsMeet,
  serverTakes,
  serviceOf,
  visibleFrom,
} from "./istio-hosts.ts";

test("only a name without a dot gets the namespace of its object", () => {
  expect(fullHost("cart", "shop")).toBe("cart.shop.svc.cluster.local");
  for (const host of ["cart.shop", "*", "*.example.com", "10.0.0.1", "fd00::1"])
    expect(fullHost(host, "shop")).toBe(host);
});

test("a full name speaks of a Service, in any cluster domain", () => {
  expect(serviceOf("cart.shop.svc.cluster.local")).toEqual({ namespace: "shop", name: "cart" });
  expect(serviceOf("cart.shop.svc.example.internal")).toEqual({ namespace: "shop", name: "cart" });
  for (const host of ["cart.shop", "cart.shop.svc", "*.shop.svc.cluster.local", "api.example.com"])
    expect(serviceOf(host)).toBeNull();
  expect(almostService("cart.shop")).toEqual({ namespace: "shop", name: "cart" });
  expect(almostService("cart.shop.svc")).toEqual({ namespace: "shop", name: "cart" });
  expect(almostService("api.example.com")).toBeNull();
});

test.each([
  ["a.example.com", "a.example.com", true],
  ["A.example.com", "a.EXAMPLE.com", true],
  ["*.example.com", "a.example.com", true],
  ["*.example.com", "a.b.example.com", true],
  ["*.example.com", "example.com", false],
  ["*.example.com", "*.b.example.com", true],
  ["*.b.example.com", "*.example.com", true],
  ["*.example.com", "*.example.org", false],
  ["*", "anything", true],
  ["a.example.com", "b.example.com", false],
])("%s and %s meet: %s", (one, other, meet) => {
  expect(hostsMeet(one, other)).toBe(meet);
  expect(hostsMeet(other, one)).toBe(meet);
});

test("an object is seen where it is exported to", () => {
  expect(visibleFrom([], "shop", "other")).toBe(true);
  expect(visibleFrom(["*"], "shop", "other")).toBe(true);
  expect(visibleFrom(["."], "shop", "other")).toBe(false);
  expect(visibleFrom(["."], "shop", "shop")).toBe(true);
  expect(visibleFrom(["other"], "shop", "other")).toBe(true);
  expect(visibleFrom(["~"], "shop", "shop")).toBe(false);
});

test("gateways are named in four ways", () => {
  const gateway = { namespace: "edge", name: "public" };
  expect(gatewayReference("public", "edge")).toEqual(gateway);
  expect(gatewayReference("edge/public", "shop")).toEqual(gateway);
  expect(gatewayReference("./public", "edge")).toEqual(gateway);
  expect(gatewayReference("public.edge.svc.cluster.local", "shop")).toEqual(gateway);
  expect(gatewayReference("mesh", "shop")).toBeNull();
});

test("a server takes hosts, and may take them from one namespace only", () => {
  const route = { namespace: "shop", host: "shop.example.com" };
  expect(serverTakes("*.example.com", "edge", route)).toBe(true);
  expect(serverTakes("shop/*.example.com", "edge", route)).toBe(true);
  expect(serverTakes("./*.example.com", "edge", route)).toBe(false);
  expect(serverTakes("./*.example.com", "shop", route)).toBe(true);
  expect(serverTakes("*/other.example.com", "edge", route)).toBe(false);
});
