import { randomUUID } from "node:crypto";
import { busyboxImage, hasStaticBusybox, imageName } from "./busybox-image.ts";
import { callRuntime, type Message } from "./cri-client.ts";
import { isInstalled, mayMakeHosts, type NamespacedHost, startNamespacedHost } from "./host-namespace.ts";

export const mayRunContainerd =
  mayMakeHosts &&
  hasStaticBusybox &&
  isInstalled("containerd", "runc", "bridge", "host-local", "portmap", "iptables");
export const containerdNeeds =
  "as root, with namespaces, containerd, runc, containernetworking-plugins, iptables and busybox-static";

export type Pod = { sandbox: string; container: string };
export type ContainerdHost = NamespacedHost & {
  /** a pod of one container, as the kubelet has it made */
  pod(name: string, hostPort?: number): Promise<Pod>;
};

/** What the file says in which the pods' network stands. */
export const podNetwork = JSON.stringify({
  ...{ cniVersion: "0.4.0", name: "pods" },
  plugins: [
    {
      ...{ type: "bridge", bridge: "cni0", isGateway: true, ipMasq: true },
      ipam: { type: "host-local", subnet: "10.99.0.0/24", routes: [{ dst: "0.0.0.0/0" }] },
    },
    { type: "portmap", capabilities: { portMappings: true } },
  ],
});
export const networkFile = "/etc/cni/net.d/10-pods.conflist";

const configuration = `version = 2
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${imageName}"
  disable_apparmor = true
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "/etc/cni/net.d"
`;

/** A node without a kubelet: containerd, its interface for the kubelet, and the plugins that make pod networks. */
export async function startContainerdHost(): Promise<ContainerdHost> {
  const host = await startNamespacedHost();
  try {
    await host.run(`mkdir -p /etc/cni/net.d /etc/containerd
      cat > ${networkFile} <<'END'
${podNetwork}
END
      cat > /etc/containerd/config.toml <<'END'
${configuration}
END
      containerd >/var/log/containerd 2>&1 & i=0
      until ctr version >/dev/null 2>&1; do
        i=$((i + 1)); [ $i -lt 300 ] || { tail -n 20 /var/log/containerd >&2; exit 1; }; sleep 0.05
      done
      ctr --namespace k8s.io images import ${busyboxImage(host.folder)} >&2`);
    const call = (method: string, request: Message) =>
      callRuntime(`/proc/${host.pid}/root/run/containerd/containerd.sock`, method, request);
    return {
      ...host,
      async pod(name, hostPort = 0) {
        const config: Message = {
          1: { 1: name, 2: randomUUID(), 3: "shop" },
          2: name,
          3: `/var/log/pods/${name}`,
          5: hostPort > 0 ? [{ 2: 80, 3: hostPort }] : [],
          8: { 2: {} },
        };
        const sandbox = (await call("RunPodSandbox", { 1: config })).get(1) ?? "";
        const made = await call("CreateContainer", {
          1: sandbox,
          2: { 1: { 1: "main" }, 2: { 1: imageName }, 3: ["sleep", "3600"], 11: "main.log", 15: { 2: {} } },
          3: config,
        });
        const container = made.get(1) ?? "";
        await call("StartContainer", { 1: container });
        return { sandbox, container };
      },
    };
  } catch (error) {
    await host.stop();
    throw error;
  }
}
