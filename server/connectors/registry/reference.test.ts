import { expect, test } from "vitest";
import { ReadError } from "../connector.ts";
import { parseChallenge } from "./challenge.ts";
import { parseReference } from "./reference.ts";
import { tokenRequest } from "./token.ts";

const own = new URL("https://registry.example.test");
const digest = `sha256:${"a".repeat(64)}`;

test.each([
  ["app", "https://registry.example.test/", true, "app", "latest"],
  ["team/app:1.2", "https://registry.example.test/", true, "team/app", "1.2"],
  ["registry.example.test/team/app:1", "https://registry.example.test/", true, "team/app", "1"],
  ["other.test/app:1", "https://other.test/", false, "app", "1"],
  ["other.test:5000/a/b/c:x", "https://other.test:5000/", false, "a/b/c", "x"],
  ["localhost:5000/app", "http://localhost:5000/", false, "app", "latest"],
  ["127.0.0.1:5000/app", "http://127.0.0.1:5000/", false, "app", "latest"],
  ["docker.io/nginx", "https://registry-1.docker.io/", false, "library/nginx", "latest"],
  ["docker.io/team/nginx:1", "https://registry-1.docker.io/", false, "team/nginx", "1"],
  [`app@${digest}`, "https://registry.example.test/", true, "app", ""],
  [`app:1@${digest}`, "https://registry.example.test/", true, "app", "1"],
])("%s", (text, base, isOwn, repository, tag) => {
  const parsed = parseReference(text, own);
  expect([parsed.base.href, parsed.isOwn, parsed.repository, parsed.tag]).toEqual([
    base,
    isOwn,
    repository,
    tag,
  ]);
  expect(parsed.digest).toBe(text.includes("@") ? digest : undefined);
});

test.each([
  "",
  "App",
  "a//b",
  "../x",
  "a/../b",
  "a:b c",
  "a:",
  "a@sha256:1",
  "a@md5:0",
  "a b",
  "x.test/",
  "x.test/a?b",
  "x.test/a#b",
  "me@x.test/a",
  "x.test:99999/a",
])("%j is no reference", (text) => expect(() => parseReference(text, own)).toThrow(ReadError));

test("without a registry of its own, a reference has to name one", () => {
  expect(() => parseReference("app", undefined)).toThrow("not-supplied");
});

test.each([
  ['Bearer realm="https://a.test/t",service="s"', "bearer", { realm: "https://a.test/t", service: "s" }],
  ["bearer realm=https://a.test/t", "bearer", { realm: "https://a.test/t" }],
  ['Basic realm="x", Bearer realm="https://a.test/t"', "bearer", { realm: "https://a.test/t" }],
  ['Basic realm="a, Bearer b"', "basic", {}],
  ["Basic", "basic", {}],
])("%s", (header, scheme, params) => {
  const found = parseChallenge(header);
  expect([found?.scheme, Object.fromEntries(found?.params ?? [])]).toMatchObject([scheme, params]);
});

test.each([undefined, "", "Negotiate", "Digest realm=x", `Bearer realm="${"x".repeat(5000)}"`])(
  "%.30j is no challenge to be met",
  (header) => expect(parseChallenge(header)).toBeUndefined(),
);

test.each([
  ["registry.example.test", "auth.example.test", true],
  ["registry.example.test", "example.test", true],
  ["registry-1.docker.io", "auth.docker.io", true],
  ["example.test", "auth.example.test", true],
  ["example.test", "example.test", true],
  ["example.test", "other.test", false],
  ["registry.example.test", "evil.test", false],
  ["registry.example.test", "auth-example.test", false],
  ["shop.co.uk", "evil.co.uk", false],
  ["10.0.0.1", "10.0.0.2", false],
  ["10.0.0.1", "9.0.0.1", false],
])("a registry at %s sends its credential to %s: %s", (registry, realm, allowed) => {
  const challenge = { scheme: "bearer", params: new Map([["realm", `https://${realm}/t`]]) } as const;
  const ask = () =>
    tokenRequest(challenge, {
      registry: new URL(`https://${registry}`),
      ...{ repository: "app", credential: { username: "me", password: "p" }, confirmedHosts: [], what: "x" },
    });
  if (allowed) expect(ask().withCredential).toBe(true);
  else expect(ask).toThrow("foreign-realm");
});
