// Why a check could not be tried on the real thing where this library was made, by the beginning of its id.
const reasons: [beginning: string, reason: string][] = [
  [
    "kubernetes/istio-",
    "no running control plane of Istio was at hand; objects follow its API's definitions",
  ],
  ["kubernetes/service-mesh", "no running mesh was at hand; objects follow the meshes' definitions"],
  ["kubernetes/traffic-mirroring", "no running control plane of Istio was at hand"],
  ["kubernetes/sidecar-startup-race", "no running control plane of Istio was at hand"],
  ["kubernetes/retry-strategies", "no running control plane of Istio was at hand"],
  [
    "kubernetes/ingress-real-client-ip",
    "ingress-nginx itself did not run; its ConfigMap was read, its traffic not",
  ],
  ["kubernetes/nginx-ingress-", "ingress-nginx itself did not run; its ConfigMap was read, its traffic not"],
  ["kubernetes/conntrack-", "no kube-proxy ran beside the recorded API server"],
  ["kubernetes/stdout-buffering", "judged from specifications alone, which hold no output"],
  [
    "kubernetes/",
    "clusters of other makes, versions and sizes than the practice cluster and the recorded ones",
  ],
  ["endpoint/kafka-durability", "no broker of Apache Kafka was at hand"],
  [
    "endpoint/image-environment",
    "images were pushed for the test, not built; one make of registry was at hand",
  ],
  ["endpoint/", "servers run on loopback: other makes, proxies and long ways between are not covered"],
  ["document/scheduled-task", "no Windows was at hand; the rules follow Microsoft's documentation"],
  ["document/here-documents", "bash and dash were at hand; other shells follow POSIX"],
  ["document/hyperfine-json", "one version of hyperfine was at hand"],
  [
    "document/blkparse",
    "one kernel's tracer and a loop device were at hand; real disks follow the notes' traces",
  ],
  ["document/kubeadm-yaml", "no kubeadm was at hand; rules follow its API and its documentation"],
  ["document/", "texts are written for the test or taken from the notes"],
  [
    "host/published-ports",
    "engines after 20.10, rootless ones and Podman's docker command are known by their formats",
  ],
  ["host/disk-images", "no libvirt and no ESXi was at hand; a stand-in held the image open"],
  [
    "host/container-processes",
    "containerd 1.6, Docker 20.10 and Podman 4.3 were broken on purpose, on cgroup v1; CRI-O, k3s, rootless Docker and sandboxed runtimes are known by their layout",
  ],
  ["host/ipvs", "no kernel with IPVS was at hand; tables follow its format"],
  [
    "host/cni-allocations",
    "containerd 1.6, Podman 4.3 and the plugins of Debian 12 were at hand; CRI-O and nerdctl are known by their layout",
  ],
  [
    "host/host-port-chains",
    "portmap 1.1 with iptables was at hand; its nftables back end is known by its format",
  ],
  [
    "host/pid-1-in-containers",
    "Docker 20.10 and Podman 4.3 were at hand, on cgroup v1; other engines follow their documentation",
  ],
  [
    "host/rootless-containers",
    "one kernel without AppArmor, on cgroup v1; the restrictions of Ubuntu and delegated controllers follow their documentation",
  ],
  [
    "host/overlayfs-d-type",
    "this kernel mounts no XFS of version 4, so ftype was taken from one of version 5; Podman and containerd did not start there",
  ],
  [
    "host/port-forward-helpers",
    "the programs were real, the kubelet was a stand-in; CRI-O, cri-dockerd and old runtimes follow their documentation",
  ],
  [
    "host/conntrack-invalid-packets",
    "one kernel was at hand, and its table's limit is the whole machine's: no connection was really turned away",
  ],
  ["host/watchdog", "no watchdog device was at hand: only machines without one were"],
  ["host/ld-preload", "one kernel and dpkg were at hand; rpm, apk and pacman follow their documentation"],
  ["host/here-documents", "dash, bash and BusyBox were at hand; other shells follow POSIX"],
  ["host/md-arrays", "no disks were at hand to fail; mdstat follows the kernel's format"],
  ["host/kubernetes-pki", "certificates were made for the test, not by kubeadm"],
  ["host/", "one kernel and Debian 12 were at hand; others follow their documentation"],
];

export const notProven = (id: string): string => reasons.find(([start]) => id.startsWith(start))?.[1] ?? "";
export const reasonBeginnings: readonly string[] = reasons.map(([start]) => start);
