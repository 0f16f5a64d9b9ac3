import { expect, test } from "vitest";
import { type Endpoint, endpointSchema } from "#common/contracts/endpoint.ts";
import {
  type EndpointDraft,
  emptyDraft,
  isSamePlace,
  missingFields,
  shownFields,
  toDraft,
  toEndpoint,
} from "./endpoint-draft.ts";

const none = { type: "none" } as const;
const endpoints: Endpoint[] = [
  { kind: "http", address: "https://a.example/", caPem: "PEM", auth: { type: "basic", username: "u" } },
  { kind: "tls", address: "a.example:443", serverName: "b.example", caPem: undefined },
  { kind: "dns", address: "10.0.0.53:53", transport: "tcp", caPem: undefined },
  { kind: "dns", address: "https://a.example/q", transport: "doh-wire", caPem: "PEM" },
  {
    ...{ kind: "registry", address: "https://r.example/", caPem: undefined },
    ...{ auth: { type: "basic", username: "u" }, tokenHosts: ["auth.example"] },
  },
  { kind: "mysql", address: "a.example:3306", tls: "verified", serverName: "b", caPem: "PEM", username: "u" },
  {
    kind: "prometheus",
    address: "https://p.example/",
    serverName: undefined,
    caPem: undefined,
    auth: { type: "bearer" },
  },
  {
    ...{ kind: "kafka", address: "a.example:9092,b.example:9092", tls: "verified" },
    ...{
      serverName: undefined,
      caPem: "PEM",
      auth: { type: "sasl", mechanism: "SCRAM-SHA-512", username: "u" },
    },
  },
];

test.each(endpoints)("$kind at $address survives a look at its form", (endpoint) => {
  const draft = toDraft({ name: "main", endpoint });
  const back = toEndpoint(draft);
  expect({ ...back, address: back.address.replaceAll(" ", "") }).toEqual(endpoint);
  expect(endpointSchema.safeParse(back).success).toBe(true);
});

test("nothing of another kind is sent, and nothing typed is lost by a look at one", () => {
  const typed: EndpointDraft = {
    ...{ ...emptyDraft, kind: "mysql", address: "db.example", tls: "preferred" },
    ...{ serverName: "b", caPem: "PEM", auth: "bearer", username: "u" },
  };
  expect(toEndpoint(typed)).toEqual({
    ...{ kind: "mysql", address: "db.example", tls: "preferred", username: "u" },
    ...{ serverName: undefined, caPem: undefined },
  });
  expect(toEndpoint({ ...typed, kind: "kafka" })).toMatchObject({ tls: "verified", auth: none });
  expect(toEndpoint({ ...typed, kind: "tls" })).toMatchObject({ serverName: "b", caPem: "PEM" });
});

test("what is missing depends on the kind and on the way to sign in", () => {
  const http = { ...emptyDraft, name: "a", address: "b" };
  expect(missingFields(emptyDraft, false)).toEqual(["name", "address"]);
  expect(missingFields(http, false)).toEqual([]);
  expect(missingFields({ ...http, auth: "basic" }, false)).toEqual(["username", "secret"]);
  expect(missingFields({ ...http, auth: "bearer" }, true)).toEqual([]);
  expect(missingFields({ ...http, kind: "mysql" }, false)).toEqual(["username"]);
  expect(shownFields({ ...http, kind: "dns" }).has("caPem")).toBe(false);
});

test("another name is the same place, another address or user is not", () => {
  const [endpoint] = endpoints;
  if (!endpoint) throw new Error("none");
  const view = {
    ...{ id: "1", name: "main", endpoint, hasSecret: true, test: null, testedAt: null, testing: false },
  };
  const draft = toDraft(view);
  expect(isSamePlace({ ...draft, name: "other" }, view)).toBe(true);
  expect(isSamePlace({ ...draft, address: "https://b.example/" }, view)).toBe(false);
  expect(isSamePlace({ ...draft, username: "root" }, view)).toBe(false);
});
