import { expect, test } from "vitest";
import { databaseEndpoints } from "./database-endpoints.ts";

test.each([
  ["postgres://u:p@db.example.com/weekbook", [{ host: "db.example.com", port: 5432 }]],
  ["postgres://u:p@127.0.0.1:54329/weekbook?sslmode=disable", [{ host: "127.0.0.1", port: 54329 }]],
  ["postgres://u:p@[::1]:5433/weekbook", [{ host: "::1", port: 5433 }]],
  ["postgres:///weekbook?host=/var/run/postgresql", []],
  ["postgres:///weekbook?host=db&port=6000", [{ host: "db", port: 6000 }]],
])("%s", (url, endpoints) => {
  expect(databaseEndpoints(url)).toEqual(endpoints);
});
