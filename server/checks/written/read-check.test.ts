import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Problem } from "#common/contracts/team-runbook.ts";
import { Problems } from "./problems.ts";
import { readCheck } from "./read-check.ts";

const start = "text before\n\n";

function read(yaml: string) {
  const problems = new Problems(start + yaml);
  const spec = readCheck({ text: yaml, start: start.length }, problems);
  return { spec, problems: problems.inOrder() };
}

const head = ["id: few", "title: Few", "why: {en: Because, zh-CN: 因为}", "remedy: Scale"].join("\n");
const objects = `${head}
params:
  minimum: {type: integer, default: 2, minimum: 1, maximum: 9, label: Least, unit: replicas}
kubernetes: {kind: Deployment, labelSelector: "app in (a, b)"}
when: object.spec.replicas > 0
expect: object.spec.replicas >= params.minimum
message: "{object.metadata.name} has {object.spec.replicas}"
verdict: warn
`;

describe("what is good", () => {
  test.each([
    ["objects", objects],
    [
      "objects of any kind",
      `${head}\nkubernetes: {kind: {group: a.b, version: v1, kind: Foo, resource: foos}}\nexpect: has(object.spec)\n`,
    ],
    [
      "a command",
      `${head}\nhost: {command: [uname, -r], timeoutSeconds: 5}\nexpect: output.lines.size() == 1\n`,
    ],
    ["a command as root", `${head}\nhost:\n  command: [cat, /etc/shadow]\n  sudo: true\nexpect: true\n`],
    ["a plugin", `${head}\nnagios: {command: [/usr/lib/nagios/plugins/check_load, -w, "1,2,3"]}\n`],
    [
      "an address",
      `${head}\nhttp: {url: "https://example.com/x?y=1", headers: {Accept: text/html}}\nexpect: response.status == 200\n`,
    ],
    [
      "a path",
      `${head}\nhttp: {path: /healthz, method: HEAD}\nexpect: response.headers["content-type"].startsWith("a")\n`,
    ],
  ])("%s", (_name, yaml) => {
    expect(read(yaml).problems).toEqual([]);
    expect(read(yaml).spec).toBeDefined();
  });
});

/** [what is wrong, the text, code, the part of the text that the problem stands at] */
const bad: [string, string, Problem["code"], string][] = [
  ["an unknown field", `${objects}colour: red\n`, "unknown-key", "colour"],
  ["a field twice", `${objects}verdict: fail\n`, "yaml-key-twice", "verdict: fail"],
  ["an anchor", objects.replace("Scale", "&x Scale"), "yaml-alias", "Scale"],
  ["an alias", `${objects}x: *y\n`, "yaml-alias", "*y"],
  ["a merge key", `${objects}<<: {a: 1}\n`, "yaml-alias", "<<"],
  ["a tag", objects.replace("Scale", "!!str Scale"), "yaml-tag", "Scale"],
  ["two documents", `${objects}---\na: 1\n`, "yaml-several", "---"],
  ["no id", objects.replace("id: few\n", ""), "missing-key", "title"],
  ["an id that is none", objects.replace("few", "Few_1"), "pattern", "Few_1"],
  ["a title of one language", objects.replace("title: Few", "title: {en: Few}"), "missing-key", "{en: Few}"],
  ["an empty remedy", objects.replace("Scale", '""'), "not-text", '""'],
  ["two sources", `${objects}http: {path: /x}\n`, "one-source", "http"],
  ["no source", `${head}\nexpect: true\n`, "one-source", "id: few"],
  ["a kind nobody knows", objects.replace("Deployment", "Deploymnt"), "kind-unknown", "Deploymnt"],
  ["a kind from a prototype", objects.replace("Deployment", "constructor"), "kind-unknown", "constructor"],
  ["a selector with a query", objects.replace("app in (a, b)", "a&limit=0"), "pattern", '"a&limit'],
  ["an unknown parameter", objects.replace("params.minimum", "params.least"), "expression", "least"],
  [
    "an unfinished expression",
    objects.replace("object.spec.replicas > 0", "object.spec >"),
    "expression",
    "",
  ],
  [
    "an expression that is no question",
    objects.replace("object.spec.replicas > 0", "1 + 1"),
    "expression-type",
    "1 + 1",
  ],
  [
    "a function that is none",
    objects.replace("object.spec.replicas > 0", "fetch('x')"),
    "expression",
    "fetch",
  ],
  [
    "a pattern from data",
    objects.replace("object.spec.replicas > 0", "string('a').matches(object.x)"),
    "regex-literal",
    "object.x",
  ],
  [
    "a pattern that is none",
    objects.replace("object.spec.replicas > 0", "string('a').matches('(')"),
    "regex",
    "'('",
  ],
  ["cel.bind", objects.replace("object.spec.replicas > 0", "cel.bind(a, 1, a > 0)"), "expression-bind", ""],
  [
    "a wrong word in a sentence",
    objects.replace("{object.metadata.name}", "{params.x}"),
    "expression",
    "x} has",
  ],
  ["a brace alone", objects.replace("has {", "has } {"), "template", "} {"],
  ["a default that does not fit", objects.replace("default: 2", "default: 20"), "param-default", "20"],
  ["a reserved name", objects.replaceAll("minimum: {", "in: {"), "param-reserved", "in: {"],
  ["a verdict that is none", objects.replace("warn", "bad"), "choice", "bad"],
  ["an empty command", `${head}\nhost: {command: []}\nexpect: true\n`, "not-text", "[]"],
  ["a shell in the name", `${head}\nhost: {command: ["sh; rm"]}\nexpect: true\n`, "pattern", '"sh; rm"'],
  ["a command that is text", `${head}\nhost: {command: rm -rf}\nexpect: true\n`, "not-a-list", "rm -rf"],
  ["too long a time", `${head}\nhost: {command: [a], timeoutSeconds: 900}\nexpect: true\n`, "range", "900"],
  [
    "a plugin with an expression",
    `${head}\nnagios: {command: [a]}\nexpect: true\n`,
    "source-without",
    "expect",
  ],
  ["another scheme", `${head}\nhttp: {url: "file:///etc/passwd"}\nexpect: true\n`, "address", '"file'],
  ["a password in the address", `${head}\nhttp: {url: "https://a:b@c"}\nexpect: true\n`, "address", '"https'],
  [
    "a secret header",
    `${head}\nhttp: {url: "https://c", headers: {Authorization: x}}\nexpect: true\n`,
    "header-secret",
    "Authorization",
  ],
  ["a list", "- a\n", "not-a-map", "- a"],
  ["nothing", "", "not-a-map", ""],
  ["brackets", `${"[".repeat(2_000)}\n`, "yaml-too-dense", "["],
  ["many brackets", `a: [${"1,".repeat(9_000)}1]\n`, "too-long", "a"],
  ["laughs", `a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n`, "yaml-alias", "[x,x]"],
];

describe("what is bad stands at its place", () => {
  test.each(bad)("%s", (_name, yaml, code, at) => {
    const { spec, problems } = read(yaml);
    expect(spec).toBeUndefined();
    const found = problems.find((problem) => problem.code === code);
    expect(found, JSON.stringify(problems)).toBeDefined();
    if (!found) return;
    const line = (start + yaml).split("\n")[found.line - 1] ?? "";
    expect(line.slice(found.column - 1).startsWith(at), `${found.line}:${found.column} of ${line}`).toBe(
      true,
    );
  });

  test("in a block of several lines, to the character", () => {
    const yaml = objects.replace(
      "expect: object.spec.replicas >= params.minimum",
      "expect: |\n  object.spec.replicas >= 1 &&\n    object.spec.x == params.nope",
    );
    const [problem] = read(yaml).problems;
    const line = (start + yaml).split("\n")[(problem?.line ?? 0) - 1] ?? "";
    expect(line.slice((problem?.column ?? 0) - 1)).toBe("nope");
  });
});

test("whatever is written, there is a check or a problem with a place, and nothing is thrown", () => {
  const words = fc.constantFrom(
    ...[..."\n\n  :-{}[]&*!|>'\"#,", "id: a\n", "title: b\n", "params:\n  a: {default: 1}\n"],
    ...[
      "kubernetes: {kind: Pod}\n",
      "expect: ",
      "object.a",
      "params.a",
      "==",
      "1",
      "all(x, ",
      "has(",
      ")",
      "message: ",
    ],
  );
  const text = fc.oneof(
    fc.array(words, { maxLength: 60 }).map((parts) => parts.join("")),
    fc.string({ maxLength: 300, unit: "binary" }),
    fc
      .tuple(fc.nat(objects.length), words)
      .map(([at, word]) => objects.slice(0, at) + word + objects.slice(at)),
    fc
      .tuple(fc.nat(objects.length), fc.nat(9))
      .map(([at, by]) => objects.slice(0, at) + objects.slice(at + by)),
  );
  fc.assert(
    fc.property(text, (yaml) => {
      const { spec, problems } = read(yaml);
      expect(spec !== undefined || problems.length > 0).toBe(true);
      const lines = (start + yaml).split("\n");
      for (const { line, column } of problems) {
        expect(line).toBeLessThanOrEqual(lines.length);
        expect(column).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 2);
      }
    }),
    { numRuns: 400 },
  );
}, 60_000);
