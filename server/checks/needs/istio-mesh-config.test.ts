import { expect, test } from "vitest";
import { meshConfigOf, pickMeshConfig, rootNamespaceOf } from "./istio-mesh-config.ts";

function config(mesh: string, namespace = "istio-system", revision = "default") {
  return pickMeshConfig({
    metadata: { namespace, name: "istio", labels: { "istio.io/rev": revision } },
    data: { mesh },
  });
}

test.each([
  ["rootNamespace: mesh-root\n", "mesh-root"],
  ['rootNamespace: "mesh-root" # ours', "mesh-root"],
  ["enableTracing: true\n", null],
  ["rootNamespace: ''\n", null],
  ["a: [unclosed", null],
  ["", null],
])("the root namespace of %j is %j", (mesh, root) => {
  expect(config(mesh)?.root).toBe(root);
});

test("the outbound policy is read whatever the style", () => {
  expect(config("outboundTrafficPolicy: {mode: REGISTRY_ONLY}")?.outbound).toBe("REGISTRY_ONLY");
  expect(config("outboundTrafficPolicy:\n  mode: ALLOW_ANY\n")?.outbound).toBe("ALLOW_ANY");
  expect(config("outboundTrafficPolicy: ALLOW_ANY")?.outbound).toBeNull();
});

test("a ConfigMap without a mesh is none of them", () => {
  expect(
    pickMeshConfig({ metadata: { name: "istio-sidecar-injector" }, data: { config: "" } }),
  ).toBeUndefined();
});

test("the default revision speaks for the mesh, and istio-system holds where nobody says another", () => {
  const canary = config("rootNamespace: canary-root", "istio-canary", "1-26");
  const main = config("rootNamespace: mesh-root", "istio-zone");
  const configs = [canary, main].flatMap((one) => one ?? []);
  expect(meshConfigOf(configs)?.namespace).toBe("istio-zone");
  expect(rootNamespaceOf(configs)).toBe("mesh-root");
  expect(rootNamespaceOf([])).toBe("istio-system");
  expect(rootNamespaceOf({ unread: { code: "forbidden", what: "list configmaps" } })).toBe("istio-system");
});
