import type { Container } from "../objects/types.ts";
import type { ExpectedFinding, Fault } from "./fault.ts";
import { planted } from "./planting.ts";

const namespace = "recommendations";
const set = (name: string, value: string) => ({ env: [{ name, value }] });
const fromNode = "feature-cache";
const mounted = "embedding-cache";
const tracer = "ranker";
const allocator = "vector-index";

function expected(name: string, code: string, verdict: ExpectedFinding["verdict"]): ExpectedFinding {
  const subject = { kind: "Deployment", namespace, name, part: "app" };
  return { checkId: "kubernetes/ld-preload", code, verdict, subject };
}

function withVolume(name: string, volume: Record<string, unknown>, container: Record<string, unknown>) {
  return planted("Deployment", namespace, name, {
    containers: [{ more: container }],
    more: { volumes: [{ name: "libraries", ...volume }] },
  });
}

function cleaned(container: Container): Container {
  const { env: _, volumeMounts: __, ...rest } = container;
  return rest as Container;
}

export const fault: Fault = {
  id: "ld-preload",
  plant: () => ({
    workloads: [
      withVolume(
        fromNode,
        { hostPath: { path: "/opt/agent", type: "Directory" } },
        {
          ...set("LD_PRELOAD", "/opt/agent/libagent.so"),
          volumeMounts: [{ name: "libraries", mountPath: "/opt/agent", readOnly: true }],
        },
      ),
      withVolume(
        mounted,
        { emptyDir: {} },
        { volumeMounts: [{ name: "libraries", mountPath: "/etc/ld.so.preload", subPath: "preload" }] },
      ),
      planted("Deployment", namespace, tracer, {
        containers: [{ more: set("LD_AUDIT", "/usr/lib/libtrace.so") }],
      }),
      planted("Deployment", namespace, allocator, {
        containers: [{ more: set("LD_PRELOAD", "/usr/lib/x86_64-linux-gnu/libjemalloc.so.2") }],
      }),
    ],
    expected: [
      expected(fromNode, "preloaded-from-node", "fail"),
      expected(mounted, "preload-file-mounted", "warn"),
      expected(tracer, "library-preloaded", "warn"),
      expected(allocator, "allocator-preloaded", "pass"),
    ],
    decoys: [],
  }),
  mend(controllers) {
    for (const name of [fromNode, mounted, tracer, allocator]) {
      controllers.change("Deployment", namespace, name, (spec) => {
        const { volumes: _, ...rest } = spec.template.spec;
        const containers = rest.containers.map(cleaned);
        return { ...spec, template: { ...spec.template, spec: { ...rest, containers } } };
      });
    }
  },
};
