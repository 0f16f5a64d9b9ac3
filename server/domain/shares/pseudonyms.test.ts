import { expect, test } from "vitest";
import { createPseudonyms } from "./pseudonyms.ts";
import { vocabulary } from "./vocabulary.ts";

const names = createPseudonyms({
  key: new Uint8Array(32),
  vocabulary: await vocabulary(),
  known: new Map([["default", "namespace"]]),
});

test("what might be a name does not stay", () => {
  for (const name of [
    "ledger-7f9c4-x2x4k",
    "db7.acme.internal",
    "10.44.3.17",
    "10.44.0.0/16",
    "fd00:44::17",
    "02:42:ac:11:00:02",
    "https://grafana.acme.example/d/1",
    "wanda@acme.example",
    "registry.acme.example/quokka:2.3",
    "arn:aws:iam::123456789012:role/Acme",
    "zebrafinch",
    "C:\\acme\\secret.txt",
    "x=zebrafinch",
    "Zürich",
    "Мария",
  ]) {
    const hidden = names.text(`about ${name}, twice: "${name}".`);
    expect(hidden, name).not.toContain(name);
    expect(hidden).not.toMatch(/acme|quokka|x2x4k|zebra|wanda|Z?ürich|Мария|123456789012:|44/);
  }
});

test("what is no name stays: the product's words, numbers with units, times, commands", () => {
  for (const text of [
    "3 pods of 12,004 share an address for 12.5 s (40%)",
    "kubectl get pods --all-namespaces -o wide",
    "since 2026-11-28T03:12:00Z",
    "容器组没有就绪",
    "512MiB of 2GiB",
  ]) {
    expect(names.text(text)).toBe(text);
  }
});

test("a name that is also a word of ours is hidden where it is known as a name", () => {
  expect(names.text("in default")).toMatch(/^in namespace-[0-9a-f]{8}$/);
  expect(names.text("the node", new Map([["node", "pod"]]))).toMatch(/^the pod-[0-9a-f]{8}$/);
  expect(names.of("Pod", "A")).toBe(names.of("pod", "a"));
});
