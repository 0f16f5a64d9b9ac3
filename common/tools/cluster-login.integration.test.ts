import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LoginInput, loginProblems, loginSteps } from "./cluster-login.ts";

/** The steps in a real sh with the real openssl, and a kubectl that writes down its words and its input. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "login-"));
  mkdirSync(join(folder, "bin"));
  const script = `#!/bin/sh
{ printf '%s\\0' "$@"; printf '\\n\\0'; } >> "$LOG"
case "$*" in
  "create token"*) echo the-token;;
  *jsonpath=*) echo Y2VydA==;;
  *"--filename -") cat > "$LOG.input";;
esac
`;
  writeFileSync(join(folder, "bin", "kubectl"), script, { mode: 0o755 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(input: LoginInput, only: (id: string) => boolean = () => true): string[][] {
  const log = join(folder, "log");
  writeFileSync(log, "");
  const steps = loginSteps(input).filter(({ id }) => only(id));
  execFileSync("sh", ["-e", "-c", steps.map(({ code }) => code).join("\n")], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { NODE_ENV: "test", PATH: `${folder}/bin:/usr/bin:/bin`, LOG: log, HOME: folder },
  });
  return readFileSync(log, "utf8")
    .split("\n\0")
    .slice(0, -1)
    .map((line) => line.split("\0").slice(0, -1));
}

const usual: LoginInput = {
  ...{ name: "test", namespace: "default", cluster: "kubernetes", server: "https://192.168.77.130:6443" },
  ...{ days: 365, method: "certificate", scope: "cluster", verbs: "get, list,watch", resources: "pods" },
};
const isNoUndo = (id: string) => !id.startsWith("undo");

test("a certificate: a real request goes to the API, a kubeconfig comes out, and all of it goes again", () => {
  const calls = run(usual, isNoUndo);
  const sent = JSON.parse(readFileSync(join(folder, "log.input"), "utf8"));
  expect(sent.spec).toMatchObject({ expirationSeconds: 31_536_000, usages: ["client auth"] });
  const request = Buffer.from(sent.spec.request, "base64");
  const subject = execFileSync("openssl", ["req", "-noout", "-subject"], { input: request }).toString();
  expect(subject.replaceAll(" ", "")).toContain("CN=test");
  expect(calls).toContainEqual(["certificate", "approve", "test"]);
  expect(calls).toContainEqual("create clusterrole test --verb get,list,watch --resource pods".split(" "));
  expect(calls).toContainEqual("create clusterrolebinding test --clusterrole test --user test".split(" "));
  expect(calls).toContainEqual("config use-context test@kubernetes --kubeconfig test.kubeconfig".split(" "));
  expect(readFileSync(join(folder, "test.crt"), "utf8")).toBe("cert");
  run(usual, (id) => !isNoUndo(id));
  for (const end of [".key", ".csr", ".crt", "-ca.crt"])
    expect(existsSync(join(folder, `test${end}`))).toBe(false);
});

test("a token: asked for as long as wanted, and given to kubectl as one word", () => {
  const calls = run({ ...usual, method: "token", scope: "namespace", namespace: "payments", days: 30 });
  expect(calls).toContainEqual("create token test --namespace payments --duration 720h".split(" "));
  expect(calls).toContainEqual(
    "create rolebinding test --namespace payments --role test --serviceaccount payments:test".split(" "),
  );
  expect(calls).toContainEqual(
    "config set-credentials test --token the-token --kubeconfig test.kubeconfig".split(" "),
  );
  expect(calls).toContainEqual(
    "delete serviceaccount test --namespace payments --ignore-not-found".split(" "),
  );
});

test("whatever passes as input, a shell hands on as it is", () => {
  const text = fc.string({ unit: "binary", maxLength: 20 });
  const inputs = fc.record({
    name: fc.oneof(text, fc.constantFrom("alice@example.com", "Bob.B", "x")),
    cluster: fc.oneof(text, fc.constantFrom("prod-1", "a@b")),
    resources: fc.oneof(text, fc.constantFrom("pods/log", "deployments.apps,pods")),
  });
  for (const part of fc.sample(inputs, 60)) {
    const input = { ...usual, ...part };
    if (loginProblems(input).length > 0) continue;
    const calls = run(input, (id) => id === "role" || id === "kubeconfig");
    expect(calls[0]?.at(-1)).toBe(input.resources.split(",").join(","));
    expect(calls.at(-1)?.[2]).toBe(`${input.name}@${input.cluster}`);
  }
});

test("what a shell, openssl or the API would trip over is refused at its field", () => {
  const field = (part: Partial<LoginInput>) => loginProblems({ ...usual, ...part });
  for (const name of ["", "-a", "a b", "$(id)", "a/O=system:masters", "system:admin", "a+b", "a'b", "ä"])
    expect(field({ name }), name).toEqual(["name"]);
  expect(field({ name: "Alice" })).toEqual([]);
  expect(field({ name: "Alice", method: "token" })).toEqual(["name"]);
  for (const server of [
    "",
    "http://a",
    "https://",
    "https://a b",
    "https://a:0",
    "https://u@h",
    "https://a;id",
  ])
    expect(field({ server }), server).toEqual(["server"]);
  for (const server of ["https://[2001:db8::1]:6443", "https://api.example.com/k8s"])
    expect(field({ server }), server).toEqual([]);
  for (const verbs of ["", "*", "get,", "impersonate"]) expect(field({ verbs }), verbs).toEqual(["verbs"]);
  for (const resources of ["", "*", "Pods", "pods;", "pods/"])
    expect(field({ resources }), resources).toEqual(["resources"]);
  expect(field({ namespace: "Default" })).toEqual(["namespace"]);
  expect(field({ days: 0 })).toEqual(["days"]);
  expect(field({ name: "3" })).toEqual([]);
});
