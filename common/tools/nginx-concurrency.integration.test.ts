import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { capacityOf, type NginxInput, nginxProblems, nginxSteps } from "./nginx-concurrency.ts";

const input: NginxInput = {
  keepAliveRequests: 10_000,
  upstreamKeepalive: 1000,
  workerConnections: 65_536,
  somaxconn: 65_535,
  portLow: 1024,
  portHigh: 65_535,
  reuse: true,
  namespace: "ingress-nginx",
  configMap: "ingress-nginx-controller",
  deployment: "ingress-nginx-controller",
};

const codeOf = (id: string, of = input) => nginxSteps(of).find((step) => step.id === id)?.code ?? "";

/** The words that a real sh hands to kubectl, line by line. */
function wordsOf(code: string): string[][] {
  const script = `kubectl() { printf '%s\\0' "$@"; echo; }\n${code}`;
  const printed = execFileSync("/bin/sh", ["-c", script], {
    env: { NODE_ENV: "test", PATH: "/nonexistent" },
  });
  return printed
    .toString()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("\0").slice(0, -1));
}
const patchOf = (words: string[] | undefined) => JSON.parse(words?.at(-1) ?? "null");

test("what is set is what is undone", () => {
  const [settings] = wordsOf(codeOf("settings"));
  const [kernel] = wordsOf(codeOf("kernel"));
  const [unset, restored] = wordsOf(codeOf("undo"));
  expect(patchOf(settings).data["keep-alive-requests"]).toBe("10000");
  expect(patchOf(unset).data).toEqual({
    "keep-alive-requests": null,
    "upstream-keepalive-connections": null,
    "max-worker-connections": null,
  });
  expect(patchOf(kernel).spec.template.spec.securityContext.sysctls).toContainEqual({
    name: "net.ipv4.ip_local_port_range",
    value: "1024 65535",
  });
  expect(patchOf(restored).spec.template.spec.securityContext.sysctls).toBeNull();
  expect(unset?.slice(0, -1)).toEqual(settings?.slice(0, -1));
  expect(restored?.slice(0, -1)).toEqual(kernel?.slice(0, -1));
});

test("only unsafe parameters that are used are allowed", () => {
  expect(codeOf("allow")).toContain("net.ipv4.tcp_tw_reuse");
  expect(codeOf("allow", { ...input, reuse: false })).not.toContain("tcp_tw_reuse");
  expect(codeOf("kernel", { ...input, reuse: false })).not.toContain("tcp_tw_reuse");
});

test("names that are none are refused, and so is a range that goes backwards", () => {
  expect(nginxProblems(input)).toEqual([]);
  expect(
    nginxProblems({ ...input, namespace: "a b", configMap: "", deployment: "-x", portLow: 65_535 }),
  ).toEqual(["namespace", "configMap", "deployment", "ports"]);
});

test("a proxied request holds two connections", () => {
  expect(capacityOf(input)).toEqual({ requests: 32_768, ports: 64_512 });
});
