import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judgeValue, markOf, secretLook, syntaxProblem } from "./config-values.ts";

const variable = "$" + "{DB_PASSWORD}";

describe("what a value looks like", () => {
  test.each([
    ["tls.key", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n", "private-key"],
    ["DATABASE_URL", "postgres://shop:hunter22@db:5432/shop", "password-in-address"],
    ["AWS_ID", "AKIAABCDEFGHIJKLMNOP", "access-key"],
    ["db.password", "hunter22", "password"],
    ["SMTP_PASSWORD", "hunter22", "password"],
    ["application.properties", "server.port=8080\nspring.datasource.password=hunter22\n", "password"],
    ["config.yaml", 'redis:\n  password: "hunter22"\n', "password"],
  ])("%s", (key, text, look) => expect(secretLook(key, text)).toBe(look));

  test.each([
    ["DATABASE_URL", "postgres://db:5432/shop"],
    ["DATABASE_URL", `postgres://shop:${variable}@db:5432/shop`],
    ["db.password", variable],
    ["password", "/etc/secrets/password"],
    ["password", "true"],
    ["ca.crt", "-----BEGIN CERTIFICATE-----\nMIIE\n"],
    ["config.yaml", "tokenFile: /var/run/secrets/token\npasswordPolicy: strict\npassword: ''\n"],
    ["kubeconfig.conf", "users:\n- name: default\n  user:\n    tokenFile: /var/run/token\n"],
    ["minimum_password_length", "12"],
  ])("%s: %s is none", (key, text) => expect(secretLook(key, text)).toBeUndefined());
});

describe("whether a value parses as its key says", () => {
  test.each([
    ["a.json", '{"a": 1,\n "b": }', { as: "json", where: "" }],
    ["a.yaml", "a: 1\nb:\n  - c\n d: 2\n", { as: "yaml", where: "line 4" }],
    ["a.yml", "a: 1\na: 2\n", { as: "yml", where: "line 2" }],
    ["a.xml", "<a>\n<b></a>", { as: "xml", where: "line 2" }],
  ])("%s does not", (key, text, broken) => expect(syntaxProblem(key, text)).toEqual(broken));

  test.each([
    ["a.json", "{}"],
    ["a.json", ""],
    ["a.json", "{{ .Values.config }}"],
    ["a.yaml", "a: 1\n---\nb: 2\n"],
    ["a.conf", "{{{"],
    ["README", "a: b: c"],
  ])("%s: %s is fine", (key, text) => expect(syntaxProblem(key, text)).toBeUndefined());

  test("every JSON is JSON and YAML", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(!/\{\{|\$\{|\$\(|<%|__/.test(text));
        expect(syntaxProblem("a.json", text)).toBeUndefined();
      }),
    );
  });
});

test("nothing of the value is kept, and equal values have equal marks", () => {
  const kept = JSON.stringify(judgeValue("db.password", "a-very-long-and-secret-password-of-the-shop", 8));
  expect(kept).toBe('{"key":"db.password","bytes":43,"secret":"password"}');
  expect(judgeValue("motd", "welcome to the shop, please come in", 24).mark).toBe(
    judgeValue("other", "welcome to the shop, please come in", 24).mark,
  );
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      expect(markOf(one) === markOf(other)).toBe(one === other);
    }),
  );
});
