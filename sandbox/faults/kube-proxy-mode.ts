import type { ApiObject } from "../objects/types.ts";
import type { ExpectedFinding, Fault } from "./fault.ts";
import { planted } from "./planting.ts";

const subject = { kind: "ConfigMap", namespace: "kube-system", name: "kube-proxy" };
const key = "kube-system/kube-proxy";

function withMode(object: ApiObject, mode: string): ApiObject {
  const data = object.data as Record<string, string>;
  const text = (data["config.conf"] ?? "").replace(/^mode: .*$/m, `mode: ${mode}`);
  return { ...object, data: { ...data, "config.conf": text } };
}

function expected(code: string, verdict: "warn" | "fail"): ExpectedFinding {
  return { checkId: "kubernetes/kube-proxy-mode", code, verdict, subject };
}

/** kube-proxy in IPVS mode, without the ARP setting that the announcer of addresses counts on. */
export const fault: Fault = {
  id: "kube-proxy-mode",
  plant: () => ({
    workloads: [
      planted("DaemonSet", "metallb-system", "speaker", {
        containers: [{ name: "speaker", image: "quay.io/metallb/speaker:v0.15.2" }],
      }),
    ],
    changes: [{ resource: "configmaps", key, edit: (object) => withMode(object, "ipvs") }],
    expected: [expected("ipvs-on-its-way-out", "warn"), expected("strict-arp-off", "fail")],
    decoys: [
      {
        subject: { kind: "DaemonSet", namespace: "metallb-system", name: "speaker" },
        why: "it does what it should: kube-proxy's configuration is at fault",
      },
    ],
  }),
  mend(controllers) {
    controllers.edit("configmaps", key, (object) => withMode(object, "iptables"));
  },
};
