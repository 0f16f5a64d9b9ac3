import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { cpuTimeMs } from "#testing/cpu-time.ts";
import { KubeconfigError, kubeconfigProblems } from "./access.ts";
import { parseKubeconfig, readKubeconfigContext, readManualAccess } from "./kubeconfig.ts";

const corpus = new URL("./kubeconfig.corpus/", import.meta.url);
const hostile = readdirSync(corpus).filter((name) => name.endsWith(".yaml"));
const accepted = readdirSync(new URL("accepted/", corpus));
const textOf = (name: string) => readFileSync(new URL(name, corpus), "utf8");
/** Refusing takes a tenth of it; parsing what ought to be refused takes seconds. */
const littleMs = 1_500;
/** Nothing of a refused file's secret fields may be in what is thrown. */
const secretParts = [
  "sample-token",
  "sample-password",
  "sample token",
  "LS0tLS1",
  "BEGIN PRIVATE KEY-----\nM",
];

function refusalOf(read: () => unknown): KubeconfigError {
  try {
    read();
  } catch (error) {
    if (error instanceof KubeconfigError) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

function parseOrRefusal(text: string): unknown {
  try {
    return parseKubeconfig(text);
  } catch (error) {
    if (error instanceof KubeconfigError) return error.problem;
    throw error;
  }
}

function sentences(locale: string): Record<string, string> {
  const file = new URL(`../../../messages/${locale}/kubeconfig.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8"));
}

const fileProblems = new Set<string>(
  kubeconfigProblems.slice(0, kubeconfigProblems.indexOf("duplicate-user") + 1),
);

describe("refuses", () => {
  test.each(hostile)("%s", (name) => {
    const problem = name.split(".")[0] ?? "";
    const error = refusalOf(() => readKubeconfigContext(textOf(name)));
    expect(error.problem).toBe(problem);
    const thrown = JSON.stringify([error.message, error.stack, error.values, error.cause]);
    for (const secret of secretParts) expect(thrown).not.toContain(secret);
    const sentence = sentences("en")[problem] ?? "";
    const placeholders = [...sentence.matchAll(/\{(\w+)\}/g)].map(([, key]) => key);
    expect(Object.keys(error.values).sort()).toEqual(
      expect.arrayContaining([...new Set(placeholders)].sort()),
    );
  });

  test("more than 256 KiB, before it is parsed", () => {
    const text = `${textOf("accepted/token.service-account.yaml")}# ${"x".repeat(256 * 1024)}\n`;
    expect(refusalOf(() => readKubeconfigContext(text)).problem).toBe("too-large");
    const wide = `# ${"字".repeat(90_000)}\n`;
    expect(refusalOf(() => readKubeconfigContext(wide)).problem).toBe("too-large");
  });

  // What is not linear takes minutes on these, and what is linear by lexeme takes seconds.
  test.each([
    ...["[", "{a: ", "- ", "a:\n ", "? ", "&a ", "*a ", "!t ", "{}", "k: v\n"],
    ...["}", "[]", "]\n", "a: [\n", '"', '""', "- a: ", "'\n", "{a: {b: {c: d}}},"],
  ])("a file full of %j, in little time", (shape) => {
    const file = shape.repeat(Math.floor((255 * 1024) / shape.length));
    expect(cpuTimeMs(() => refusalOf(() => readKubeconfigContext(file)))).toBeLessThan(littleMs);
  });

  test("thousands of contexts that share one large bundle, reading it once", () => {
    const ca = /certificate-authority-data: (\S+)/.exec(textOf("accepted/client-certificate.k3s.yaml"))?.[1];
    const pem = Buffer.from(ca ?? "", "base64").toString();
    const bundle = Buffer.from(pem.repeat(Math.floor(90_000 / pem.length))).toString("base64");
    const contexts = Array.from(
      { length: 2_500 },
      (_, index) => `- {name: c${index}, context: {cluster: c, user: u}}`,
    );
    const text = `clusters: [{name: c, cluster: {server: "https://a.example", certificate-authority-data: ${bundle}}}]
users: [{name: u, user: {token: sample-token}}]
contexts:
${contexts.join("\n")}
`;
    expect(cpuTimeMs(() => expect(parseOrRefusal(text)).toBeDefined())).toBeLessThan(littleMs);
  });

  test("not a file of real size: a hundred contexts with their own certificates", () => {
    const parts = { clusters: "", users: "", contexts: "" };
    const certificate = Buffer.from("x".repeat(500)).toString("base64");
    for (let index = 0; index < 100; index += 1) {
      const [name, server] = [`cluster-${index}`, `https://k${index}.example:6443`];
      parts.clusters += `- name: ${name}\n  cluster:\n    server: ${server}\n    certificate-authority-data: ${certificate}\n`;
      parts.users += `- name: ${name}\n  user:\n    client-certificate-data: ${certificate}\n    client-key-data: ${certificate}\n`;
      parts.contexts += `- name: ${name}\n  context:\n    cluster: ${name}\n    user: ${name}\n    namespace: default\n`;
    }
    const { clusters, users, contexts } = parts;
    const text = `apiVersion: v1\nkind: Config\nclusters:\n${clusters}users:\n${users}contexts:\n${contexts}`;
    expect(text.length).toBeGreaterThan(190_000);
    expect(parseKubeconfig(text)).toHaveLength(100);
  });
});

describe("the corpus is whole", () => {
  test("each problem has a hostile file", () => {
    const covered = new Set([...hostile.map((name) => name.split(".")[0]), "too-large"]);
    expect([...covered].sort()).toEqual([...kubeconfigProblems].sort());
  });

  test.each(["en", "zh-CN"])("each problem has a sentence of its own in %s", (locale) => {
    const known = sentences(locale);
    expect(Object.keys(known).sort()).toEqual([...kubeconfigProblems].sort());
    expect(new Set(Object.values(known)).size).toBe(kubeconfigProblems.length);
  });
});

describe("an inspection shows", () => {
  test.each(hostile)("%s as the same problem, of the file or of its context", (name) => {
    const problem = name.split(".")[0] ?? "";
    if (fileProblems.has(problem)) {
      const error = (() => {
        try {
          return parseKubeconfig(textOf(name)).find((context) => context.problem)?.problem;
        } catch (caught) {
          return caught instanceof KubeconfigError ? caught.problem : caught;
        }
      })();
      expect(error).toBe(problem);
      return;
    }
    const contexts = parseKubeconfig(textOf(name));
    // Which context is meant is no property of one of them.
    const isAboutTheChoice = problem === "context-not-chosen" || problem === "context-not-found";
    expect(contexts.map((context) => context.problem)).toEqual(
      isAboutTheChoice ? contexts.map(() => null) : [problem],
    );
  });
});

describe("accepts", () => {
  test.each(accepted)("%s", (name) => {
    const text = textOf(`accepted/${name}`);
    const access = readKubeconfigContext(text);
    expect(access.auth.type).toBe(name.split(".")[0]);
    expect(access.server).toMatch(
      /^https:\/\/(10\.20\.30\.40|\[2001:db8::40\]|api\.example\.com)(:\d+)?(\/|$)/,
    );
    const [context] = parseKubeconfig(text);
    expect(context).toMatchObject({
      server: access.server,
      credentialKind: access.auth.type,
      problem: null,
      problemValues: {},
    });
  });

  test("a path without its last slash, a host in lower case, the system's roots", () => {
    const access = readKubeconfigContext(textOf("accepted/token.rancher-path.yaml"));
    expect(access).toEqual({
      server: "https://api.example.com/k8s/clusters/c-m-abc123",
      caPem: undefined,
      tlsServerName: undefined,
      auth: { type: "token", token: "sample-token-of-alice" },
    });
  });

  test("keys of every kind, as PKCS #8", () => {
    for (const name of accepted.filter((one) => one.startsWith("client-certificate."))) {
      const { auth } = readKubeconfigContext(textOf(`accepted/${name}`));
      expect(auth.type === "client-certificate" && auth.keyPem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    }
  });

  test("the context that is asked for, whatever the others hold", () => {
    const text = textOf("accepted/token.other-user-runs-a-program.yaml").replace(
      "contexts:\n",
      "contexts:\n  - name: second\n    context: {cluster: prod, user: bob}\n",
    );
    expect(readKubeconfigContext(text, "prod").auth.type).toBe("token");
    expect(refusalOf(() => readKubeconfigContext(text, "second")).problem).toBe("exec");
    expect(refusalOf(() => readKubeconfigContext(text, "third")).problem).toBe("context-not-found");
    expect(parseKubeconfig(text).map(({ name, current, problem }) => [name, current, problem])).toEqual([
      ["second", false, "exec"],
      ["prod", true, null],
    ]);
  });
});

describe("what is typed in field by field", () => {
  const { caPem, auth } = readKubeconfigContext(textOf("accepted/client-certificate.kubeadm-admin.yaml"));
  const pair = auth.type === "client-certificate" ? auth : { certificatePem: "", keyPem: "" };
  const server = "https://10.20.30.40:6443";

  test("is read as a file's fields are", () => {
    const token = { type: "token", server, caPem, token: "sample-token" } as const;
    expect(readManualAccess(token)).toMatchObject({ server, caPem, auth: { type: "token" } });
    expect(readManualAccess({ type: "client-certificate", server, ...pair }).auth).toEqual(auth);
  });

  test.each([
    ["server-not-https", { server: "http://10.20.30.40" }],
    ["server-host", { server: "https://0x7f000001" }],
    ["ca-not-certificate", { caPem: "nothing" }],
    ["tls-server-name-invalid", { tlsServerName: "a b" }],
    ["token-malformed", { token: "a\nb" }],
    ["token-malformed", { token: "" }],
    ["token-malformed", { token: "x".repeat(16_385) }],
  ])("is refused as %s: %j", (problem, fields) => {
    const source = { type: "token", server, token: "sample-token", ...fields } as const;
    expect(refusalOf(() => readManualAccess(source)).problem).toBe(problem);
  });
});
