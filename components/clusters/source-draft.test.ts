import { expect, test } from "vitest";
import { emptySource, fieldOfProblem, missingFields, toSource } from "./source-draft.ts";

test("only what the chosen way needs is missing", () => {
  expect(missingFields(emptySource)).toEqual(["kubeconfig"]);
  expect(missingFields({ ...emptySource, type: "token", server: "https://a" })).toEqual(["token"]);
  expect(missingFields({ ...emptySource, type: "client-certificate" })).toEqual([
    "server",
    "certificatePem",
    "keyPem",
  ]);
});

test("nothing of the other ways is sent", () => {
  const draft = { ...emptySource, kubeconfig: "secret", token: " t ", server: " https://a ", keyPem: "key" };
  expect(toSource({ ...draft, type: "token" })).toEqual({
    type: "token",
    server: "https://a",
    caPem: undefined,
    tlsServerName: undefined,
    token: "t",
  });
  expect(JSON.stringify(toSource({ ...draft, type: "token" }))).not.toMatch(/secret|key/);
});

test.each([
  ["kubeconfig", "server-not-https", "kubeconfig"],
  ["token", "server-not-https", "server"],
  ["token", "token-malformed", "token"],
  ["token", "tls-server-name-invalid", "tlsServerName"],
  ["client-certificate", "ca-not-certificate", "caPem"],
  ["client-certificate", "client-key-mismatch", "keyPem"],
  ["client-certificate", "client-certificate-not-pem", "certificatePem"],
] as const)("with %s, %s stands at %s", (type, problem, field) => {
  expect(fieldOfProblem({ ...emptySource, type }, problem)).toBe(field);
});
