import { kubernetesVersion } from "../objects/system-workloads.ts";
import type { ApiObject } from "../objects/types.ts";
import type { ExpectedFinding, Fault } from "./fault.ts";

const at = { resource: "configmaps", key: "kube-system/kubeadm-config" };
const before = "v1.32.9";
const name = "kube.shop.example.com";

/** The stored configuration with one text in place of another. */
function rewritten(object: ApiObject, changes: readonly (readonly [from: string, to: string])[]): ApiObject {
  const data = object.data as { ClusterConfiguration: string };
  const text = changes.reduce((all, [from, to]) => all.replace(from, to), data.ClusterConfiguration);
  return { ...object, data: { ...data, ClusterConfiguration: text } };
}

const changes = [
  [`kubernetesVersion: ${kubernetesVersion}`, `kubernetesVersion: ${before}`],
  ["  certSANs:\n", `  certSANs:\n  - ${name}\n`],
  ["imageRepository: registry.k8s.io", "imageRepository: k8s.gcr.io"],
  ["  dnsDomain: cluster.local\n", "  dnsDomain: cluster.local\n  podSubnets: 10.80.0.0/12\n"],
] as const;

function expected(code: string, part: string): ExpectedFinding {
  const subject = { kind: "ConfigMap", namespace: "kube-system", name: "kubeadm-config", part };
  return { checkId: "kubernetes/kubeadm-config", code, verdict: "warn", subject };
}

export const fault: Fault = {
  id: "kubeadm-config",
  plant: () => ({
    workloads: [],
    changes: [{ ...at, edit: (object) => rewritten(object, changes) }],
    expected: [
      expected("version-behind", "kubernetesVersion"),
      expected("names-not-in-certificate", "apiServer.certSANs"),
      expected("registry-frozen", "imageRepository"),
      expected("field-unknown", "networking.podSubnets"),
    ],
    decoys: [
      {
        subject: { kind: "ConfigMap", namespace: "kube-system", name: "kubelet-config" },
        why: "it belongs to kubeadm as well, and nothing is wrong with it",
      },
    ],
  }),
  mend(controllers) {
    controllers.edit(at.resource, at.key, (object) =>
      rewritten(
        object,
        changes.map(([from, to]) => [to, from]),
      ),
    );
  },
};
