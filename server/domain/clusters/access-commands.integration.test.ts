import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { readKubeconfigContext } from "#server/connectors/kubernetes/kubeconfig.ts";
import { createCertificateAuthority } from "#testing/certificates.ts";
import { accessCommands } from "./access-commands.ts";

const folder = mkdtempSync(path.join(os.tmpdir(), "weekbook-access-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Answers as kubectl does, for the arguments that the command gives it; any other ends with 1. */
function standIn(answers: Record<string, string>): NodeJS.ProcessEnv {
  const cases = Object.entries(answers).map(([args, answer]) => `'${args}') printf %s '${answer}';;`);
  const file = path.join(folder, "kubectl");
  writeFileSync(file, `#!/bin/sh\ncase "$*" in\n${cases.join("\n")}\n*) exit 1;;\nesac\n`);
  chmodSync(file, 0o755);
  return { ...process.env, PATH: `${folder}:${process.env.PATH}` };
}
const view = (field: string) =>
  `config view --raw --minify --flatten --output jsonpath={.clusters[0].cluster.${field}}`;
const createToken = "create token weekbook-reader --namespace weekbook --duration=2160h";

test("a shell can read the commands", () => {
  for (const command of Object.values(accessCommands)) execFileSync("sh", ["-n"], { input: command });
});

test("what is printed is a kubeconfig that is accepted, with the values of the current context", async () => {
  const { certPem } = await createCertificateAuthority();
  const run = (fields: { ca: string; tlsServerName: string }) => {
    const env = standIn({
      [view("server")]: "https://[2001:db8::1]:6443/k8s",
      [view("certificate-authority-data")]: fields.ca,
      [view("tls-server-name")]: fields.tlsServerName,
      [createToken]: "abc.def-_.ghi",
    });
    const printed = execFileSync("sh", { input: accessCommands.kubeconfig, env });
    return readKubeconfigContext(printed.toString());
  };
  const base = { server: "https://[2001:db8::1]:6443/k8s", auth: { type: "token", token: "abc.def-_.ghi" } };
  const ca = Buffer.from(certPem).toString("base64");
  expect(run({ ca, tlsServerName: "api.example.com" })).toMatchObject({
    ...base,
    caPem: expect.stringContaining("BEGIN CERTIFICATE"),
    tlsServerName: "api.example.com",
  });
  const open = run({ ca: "", tlsServerName: "" });
  expect(open).toMatchObject(base);
  expect([open.caPem, open.tlsServerName]).toEqual([undefined, undefined]);
});

test("without a token there is no kubeconfig", () => {
  const env = standIn({ [view("server")]: "https://10.0.0.1:6443" });
  const run = () => execFileSync("sh", { input: accessCommands.kubeconfig, env, stdio: "pipe" });
  expect(run).toThrow(expect.objectContaining({ status: 1, stdout: Buffer.alloc(0) }));
});
