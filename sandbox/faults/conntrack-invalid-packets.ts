import type { ApiObject } from "../objects/types.ts";
import type { ExpectedFinding, Fault } from "./fault.ts";

const checkId = "kubernetes/conntrack-invalid-packets";
const subject = { kind: "ConfigMap", namespace: "kube-system", name: "kube-proxy" };
const key = "kube-system/kube-proxy";
const node = "practice-old-kernel-01";

/** The configuration with other lines: it is a text in a ConfigMap. */
function rewritten(object: ApiObject, changes: readonly [string | RegExp, string][]): ApiObject {
  const data = object.data as Record<string, string>;
  const text = changes.reduce((all, [from, to]) => all.replace(from, to), data["config.conf"] ?? "");
  return { ...object, data: { ...data, "config.conf": text } };
}

function expected(code: string): ExpectedFinding {
  return { checkId, code, verdict: "warn", subject };
}

export const fault: Fault = {
  id: "conntrack-invalid-packets",
  plant: () => ({
    workloads: [],
    changes: [
      {
        resource: "configmaps",
        key,
        edit: (object) =>
          rewritten(object, [
            ["mode: iptables", "mode: nftables"],
            [/maxPerCore: \d+/, "maxPerCore: 1024"],
            [/min: \d+/, "min: 16384"],
          ]),
      },
    ],
    extraNodes: [{ name: node, state: { kernelVersion: "5.15.0-139-generic" } }],
    expected: [expected("invalid-not-dropped"), expected("small-table")],
    decoys: [
      {
        subject: { kind: "Node", name: "practice-worker-01" },
        why: "its kernel does not have the bug in connection tracking",
      },
    ],
  }),
  mend(controllers) {
    controllers.edit("configmaps", key, (object) =>
      rewritten(object, [
        ["tcpBeLiberal: false", "tcpBeLiberal: true"],
        [/maxPerCore: \d+/, "maxPerCore: 32768"],
        [/min: \d+/, "min: 131072"],
      ]),
    );
    controllers.restartPods("DaemonSet", "kube-system", "kube-proxy");
  },
};
