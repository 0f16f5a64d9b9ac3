import { describe, expect, test } from "vitest";
import { judgeFacts } from "#server/engine/judge.ts";
import { needIdentities } from "#server/engine/need-identity.ts";
import { Problems } from "./problems.ts";
import { readCheck } from "./read-check.ts";
import { hashOf, toCheck } from "./to-check.ts";

function specOf(yaml: string) {
  const text = `id: few\ntitle: Few\nwhy: Because\nremedy: Scale\n${yaml}`;
  const problems = new Problems(text);
  const spec = readCheck({ text, start: 0 }, problems);
  if (!spec) throw new Error(JSON.stringify(problems.inOrder()));
  return spec;
}

const checkOf = (yaml: string) => toCheck(specOf(yaml), { id: "team/x/few", version: 3 });

function judgeObjects(yaml: string, objects: unknown[], params: Record<string, unknown> = {}) {
  const check = checkOf(yaml);
  const parsed = check.params.parse(params);
  const need = check.needs(parsed).objects;
  if (need?.type !== "kubernetes.list") throw new Error("no list");
  const picked = JSON.parse(JSON.stringify(objects.map((object) => need.pick(object))));
  return { picked, ...judgeFacts(check, parsed, { objects: picked }, new Date(0), []) };
}

const deployment = (name: string, replicas: number, more: object = {}) => ({
  metadata: { name, namespace: "shop", uid: "x", labels: { app: name } },
  spec: {
    replicas,
    template: { spec: { containers: [{ name: "c", image: "a:latest", env: [{ value: "pw" }] }] } },
  },
  ...more,
});

const few = `params: {minimum: {type: integer, default: 2}}
kubernetes: {kind: Deployment}
when: object.spec.replicas > 0
expect: object.spec.replicas >= params.minimum
message: "{object.metadata.name} has {object.spec.replicas} of {params.minimum}"
verdict: warn
`;

describe("objects", () => {
  test("each that is asked and not as expected is a finding, in the check's words", () => {
    const judged = judgeObjects(few, [deployment("a", 1), deployment("b", 2), deployment("c", 0)]);
    expect(judged.verdict).toBe("warn");
    expect(judged.findings).toMatchObject([
      {
        code: "few",
        subject: { kind: "Deployment", namespace: "shop", name: "a" },
        message: { en: "a has 1 of 2" },
      },
    ]);
    expect(judged.measurements.map(({ value }) => value)).toEqual([2, 1]);
    expect(judgeObjects(few, [deployment("a", 1)], { minimum: 1 }).verdict).toBe("pass");
  });

  test("only what the expressions look at is kept", () => {
    const { picked } = judgeObjects(few, [deployment("a", 1)]);
    expect(picked).toEqual([
      { name: "a", namespace: "shop", object: { metadata: { name: "a" }, spec: { replicas: 1 } } },
    ]);
    const images = `kubernetes: {kind: Deployment}
expect: object.spec.template.spec.containers.all(c, !c.image.endsWith(":latest"))
`;
    const judged = judgeObjects(images, [deployment("a", 1)]);
    expect(judged.verdict).toBe("fail");
    expect(JSON.stringify(judged.picked)).not.toContain("pw");
  });

  test("facts that kept other fields are other facts", () => {
    const [one, other] = ["object.spec.replicas > 0", "!has(object.spec.paused)"].map((expectation) =>
      checkOf(
        `kubernetes: {kind: Deployment}\nexpect: ${expectation.includes("!") ? `"${expectation}"` : expectation}\n`,
      ),
    );
    if (!one || !other) throw new Error("two checks");
    expect(needIdentities(one, {})).not.toEqual(needIdentities(other, {}));
  });

  test("what is not there is unknown, never green", () => {
    const judged = judgeObjects("kubernetes: {kind: Pod}\nexpect: object.spec.nope == 1\n", [
      deployment("a", 1),
    ]);
    expect(judged.verdict).toBe("unknown");
    expect(judged.findings[0]?.message.en).toContain("No such key: nope");
    expect(
      judgeObjects("kubernetes: {kind: Pod}\nexpect: object.spec.replicas\n", [deployment("a", 1)]).verdict,
    ).toBe("unknown");
  });

  test("an object asked for whole is kept up to a size, and unknown beyond it", () => {
    const whole = "kubernetes: {kind: Pod}\nexpect: object != null\n";
    expect(judgeObjects(whole, [deployment("a", 1)]).verdict).toBe("pass");
    const judged = judgeObjects(whole, [deployment("a", 1, { data: "x".repeat(20_000) })]);
    expect(judged.verdict).toBe("unknown");
    expect(JSON.stringify(judged.picked).length).toBeLessThan(200);
  });

  test("what a Secret holds is not kept", () => {
    const secrets =
      "kubernetes: {kind: {version: v1, kind: Secret, resource: secrets}}\nexpect: has(object.data.password) && object != null\n";
    const judged = judgeObjects(secrets, [{ metadata: { name: "s" }, data: { password: "aHVudGVyMg==" } }]);
    expect(judged.verdict).toBe("pass");
    expect(JSON.stringify(judged.picked)).not.toContain("aHVudGVyMg");
  });

  test.each([
    "object.l.all(a, object.l.all(b, object.l.all(c, a + b + c >= 0)))",
    "object.l.map(a, object.l.map(b, object.l.map(c, 'x' + 'y'))).size() >= 0",
    "object.l.map(a, object.s + object.s).map(a, a + a + a + a).map(a, a + a + a + a).join(',') != ''",
    "object.l.all(a, object.s.matches('(x+x+)+y') || true)",
    "object.l.exists(a, object.l.exists(b, object.l.exists(c, a == 'no'))) || true",
  ])(
    "%s over 20,000 objects ends within its budget as unknown",
    (expectation) => {
      const check = checkOf(`kubernetes: {kind: Pod}\nexpect: "${expectation}"\n`);
      const object = {
        metadata: {},
        l: Array.from({ length: 300 }, (_, index) => index),
        s: "x".repeat(3_000),
      };
      const objects = Array.from({ length: 20_000 }, (_, index) => ({ name: `pod-${index}`, object }));
      const startedMs = performance.now();
      const judged = judgeFacts(check, {}, { objects }, new Date(0), []);
      expect(performance.now() - startedMs).toBeLessThan(12_000);
      expect(judged.verdict).toBe("unknown");
      expect(judged.findings[0]?.message.en).toContain("take too many steps");
      const again = judgeFacts(check, {}, { objects: objects.slice(0, 1) }, new Date(0), []);
      expect(["pass", "unknown"]).toContain(again.verdict);
    },
    30_000,
  );

  test("a cheap expression over 20,000 objects is judged whole", () => {
    const objects = Array.from({ length: 20_000 }, (_, index) => ({
      name: `d-${index}`,
      object: { metadata: { name: `d-${index}` }, spec: { replicas: (index % 2) + 1 } },
    }));
    const judged = judgeFacts(checkOf(few), { minimum: 2 }, { objects }, new Date(0), []);
    expect(judged.findings).toHaveLength(10_000);
    expect(judged.verdict).toBe("warn");
  });
});

describe("commands", () => {
  const command = `host: {command: [cat, /x]}
expect: output.exitCode == 0 && output.lines.exists(l, l.matches("^ok$"))
message: "{output.lines[0]}"
`;
  const output = (stdout: string, exitCode = 0) => ({ output: { stdout, stderr: "", exitCode } });

  test.each([
    ["ok\n", 0, "pass"],
    ["no\nok\n", 0, "pass"],
    ["okay\n", 0, "fail"],
    ["ok\n", 1, "fail"],
    ["", 0, "fail"],
  ])("%j with %i is %s", (stdout, exitCode, verdict) => {
    expect(judgeFacts(checkOf(command), {}, output(stdout, exitCode), new Date(0), []).verdict).toBe(verdict);
  });

  test.each([
    [0, "pass"],
    [1, "warn"],
    [2, "fail"],
    [3, "unknown"],
    [127, "unknown"],
  ])("a plugin that ends with %i says %s", (exitCode, verdict) => {
    const check = checkOf("nagios: {command: [/p]}\n");
    const facts = output("LOAD - 5 | load1=5;1;3\n", exitCode);
    const judged = judgeFacts(check, {}, facts, new Date(0), []);
    expect(judged.verdict).toBe(verdict);
    expect(judged.measurements).toEqual([{ name: "load1", value: 5, unit: "1" }]);
    if (exitCode > 0)
      expect(judged.findings[0]).toMatchObject({ message: { en: "LOAD - 5" }, observed: "load1 5" });
  });

  test("output that was cut off is no pass", () => {
    const check = checkOf("nagios: {command: [/p]}\n");
    const cut = { output: { stdout: "OK", stderr: "", exitCode: 0, truncated: true } };
    expect(judgeFacts(check, {}, cut, new Date(0), []).verdict).toBe("unknown");
    expect(judgeFacts(checkOf(command), {}, cut, new Date(0), []).verdict).toBe("unknown");
  });
});

test("a response is judged by status, headers, JSON and time", () => {
  const check = checkOf(`params: {most: {type: number, default: 500}}
http: {path: /healthz}
expect: response.status == 200 && response.json.ok && response.headers["x-a"] == "b" && response.phases.totalMs < params.most
`);
  const phases = { lookupMs: 1, connectMs: 1, tlsMs: 1, firstByteMs: 10, totalMs: 20 };
  const response = {
    ...{
      url: "http://a/healthz",
      status: 200,
      headers: [["x-a", "b"]],
      body: '{"ok":true}',
      bodyTruncated: false,
      phases,
    },
  };
  const verdict = (part: object, params = { most: 500 }) =>
    judgeFacts(check, params, { response: { ...response, ...part } }, new Date(0), []).verdict;
  expect(verdict({})).toBe("pass");
  expect(verdict({ status: 500 })).toBe("fail");
  expect(verdict({}, { most: 20 })).toBe("fail");
  expect(verdict({ body: "no json" })).toBe("unknown");
  expect(verdict({ bodyTruncated: true })).toBe("unknown");
});

test("any change makes another hash; the order of keys makes none", () => {
  const base = "host: {command: [cat, /x], sudo: false}\nexpect: true\n";
  const hash = hashOf(specOf(base));
  expect(hashOf(specOf("expect: true\nhost: {sudo: false, command: [cat, /x]}\n"))).toBe(hash);
  for (const [from, to] of [
    ["/x", "/y"],
    ["sudo: false", "sudo: true"],
    ["expect: true", "expect: false"],
  ] as const) {
    expect(hashOf(specOf(base.replace(from, to)))).not.toBe(hash);
  }
});
