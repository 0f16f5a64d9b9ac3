/** Network plugins, known by the name of their DaemonSet or by an image of it. */

type Plugin = {
  id: string;
  title: string;
  /** matches the DaemonSet's name or an image's path */
  match: RegExp;
  /**
   * Where pods get their addresses: from the node's range in `spec.podCIDR`, from pools of the plugin's own, or from
   * the network of the cloud, which Kubernetes does not know.
   */
  addresses: "node-range" | "own-pools" | "cloud";
};

const plugins: readonly Plugin[] = [
  { id: "canal", title: "Canal", match: /(^|\/)(rke2-)?canal$/, addresses: "node-range" },
  { id: "cilium", title: "Cilium", match: /(^|\/)cilium(-agent)?$|(^|\/)anetd$/, addresses: "own-pools" },
  { id: "calico", title: "Calico", match: /(^|\/)calico-node$|(^|\/)calico\/node$/, addresses: "own-pools" },
  {
    id: "flannel",
    title: "Flannel",
    match: /(^|\/)(kube-)?flannel(-ds(-[a-z0-9]+)?)?$/,
    addresses: "node-range",
  },
  { id: "aws", title: "Amazon VPC CNI", match: /(^|\/)aws-node$|(^|\/)amazon-k8s-cni$/, addresses: "cloud" },
  { id: "azure", title: "Azure CNI", match: /(^|\/)azure-cn[is]$/, addresses: "cloud" },
  { id: "gke", title: "GKE VPC-native", match: /(^|\/)netd$/, addresses: "node-range" },
  { id: "antrea", title: "Antrea", match: /(^|\/)antrea-agent(-[a-z0-9]+)?$/, addresses: "node-range" },
  { id: "ovn", title: "OVN-Kubernetes", match: /(^|\/)ovnkube-node$/, addresses: "own-pools" },
  { id: "kube-router", title: "kube-router", match: /(^|\/)kube-router$/, addresses: "node-range" },
  { id: "weave", title: "Weave Net", match: /(^|\/)weave-(net|kube)$/, addresses: "own-pools" },
  { id: "kindnet", title: "kindnet", match: /(^|\/)kindnetd?$/, addresses: "node-range" },
];

const proxyName = /^(.*-)?kube-proxy$/;

function pathOf(image: string): string {
  return image.replace(/@.*$/, "").replace(/:[^/:]*$/, "");
}

export function pluginOf({ name, images }: { name: string; images: readonly string[] }): Plugin | undefined {
  const words = [name, ...images.map(pathOf)];
  return plugins.find(({ match }) => words.some((word) => match.test(word)));
}

export function isServiceProxy({ name }: { name: string }): boolean {
  return proxyName.test(name);
}

export function isPlugin(name: string, images: readonly string[]): boolean {
  return isServiceProxy({ name }) || pluginOf({ name, images }) !== undefined;
}

/** By the marks that a plugin leaves on nodes, where no DaemonSet tells (k3s runs flannel inside its own process). */
export function pluginByMarks(marks: readonly string[]): Plugin | undefined {
  const id = marks.some((key) => key.startsWith("flannel."))
    ? "flannel"
    : marks.some((key) => key.startsWith("projectcalico."))
      ? "calico"
      : marks.some((key) => key.includes("cilium"))
        ? "cilium"
        : marks.some((key) => key.startsWith("k8s.ovn."))
          ? "ovn"
          : undefined;
  return plugins.find((plugin) => plugin.id === id);
}

export type { Plugin };
