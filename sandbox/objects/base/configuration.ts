import { ipText, type NodeFacts } from "../node.ts";
import type { Plan } from "../plan.ts";
import { kubernetesVersion } from "../system-workloads.ts";
import type { ApiObject } from "../types.ts";
import { type BaseObjects, made } from "./made.ts";

/** The range that the nodes' ranges of pod addresses are taken from. */
export function podNetwork(plan: Pick<Plan, "nodeFacts">): string {
  const first = plan.nodeFacts[0];
  return first && ipText(first.podRangeStart).startsWith("10.128.") ? "10.128.0.0/9" : "10.244.0.0/16";
}

export const serviceNetwork = "10.96.0.0/12";

const controlPlaneAddress = ([first]: readonly NodeFacts[]) => first?.address ?? "172.18.0.2";

function clusterConfiguration(plan: Plan): string {
  return `apiServer:
  certSANs:
  - localhost
  - kubernetes.default.svc
  extraArgs:
  - name: authorization-mode
    value: Node,RBAC
apiVersion: kubeadm.k8s.io/v1beta4
caCertificateValidityPeriod: 87600h0m0s
certificateValidityPeriod: 8760h0m0s
certificatesDir: /etc/kubernetes/pki
clusterName: practice
controlPlaneEndpoint: ${controlPlaneAddress(plan.nodeFacts)}:6443
controllerManager: {}
dns: {}
encryptionAlgorithm: RSA-2048
etcd:
  local:
    dataDir: /var/lib/etcd
imageRepository: registry.k8s.io
kind: ClusterConfiguration
kubernetesVersion: ${kubernetesVersion}
networking:
  dnsDomain: cluster.local
  podSubnet: ${podNetwork(plan)}
  serviceSubnet: ${serviceNetwork}
proxy: {}
scheduler: {}
`;
}

function proxyConfiguration(plan: Plan): string {
  return `apiVersion: kubeproxy.config.k8s.io/v1alpha1
bindAddress: 0.0.0.0
clientConnection:
  kubeconfig: /var/lib/kube-proxy/kubeconfig.conf
clusterCIDR: ${podNetwork(plan)}
conntrack:
  maxPerCore: 32768
  min: 131072
  tcpBeLiberal: false
  tcpCloseWaitTimeout: 1h0m0s
  tcpEstablishedTimeout: 24h0m0s
healthzBindAddress: 0.0.0.0:10256
iptables:
  masqueradeAll: false
  minSyncPeriod: 1s
  syncPeriod: 30s
kind: KubeProxyConfiguration
metricsBindAddress: 127.0.0.1:10249
mode: iptables
nodePortAddresses: null
`;
}

const kubeletConfiguration = `apiVersion: kubelet.config.k8s.io/v1beta1
authentication:
  anonymous:
    enabled: false
  webhook:
    enabled: true
  x509:
    clientCAFile: /etc/kubernetes/pki/ca.crt
authorization:
  mode: Webhook
cgroupDriver: systemd
clusterDNS:
- 10.96.0.10
clusterDomain: cluster.local
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
kind: KubeletConfiguration
maxPods: 250
rotateCertificates: true
serverTLSBootstrap: true
shutdownGracePeriod: 60s
shutdownGracePeriodCriticalPods: 20s
`;

const networkConfiguration = JSON.stringify({
  name: "cbr0",
  cniVersion: "0.3.1",
  plugins: [
    { type: "flannel", delegate: { hairpinMode: true, isDefaultGateway: true } },
    { type: "portmap", capabilities: { portMappings: true } },
  ],
});

const corefile = `.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30
    loop
    reload
    loadbalance
}
`;

const serviceAccountKubeconfig = (address: string) => `apiVersion: v1
kind: Config
clusters:
- cluster:
    certificate-authority: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt
    server: https://${address}:6443
  name: default
contexts:
- context:
    cluster: default
    namespace: default
    user: default
  name: default
current-context: default
users:
- name: default
  user:
    tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token
`;

const clusterInfo = (address: string, caPem: string) => `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${Buffer.from(caPem).toString("base64")}
    server: https://${address}:6443
  name: ""
contexts: null
current-context: ""
kind: Config
users: null
`;

/** What the cluster's own programs are configured by. */
export function configuration(plan: Plan, caPem: string): BaseObjects {
  const address = controlPlaneAddress(plan.nodeFacts);
  const map = (namespace: string, name: string, data: Record<string, string>): ApiObject => ({
    metadata: made(plan, "ConfigMap", { namespace, name }),
    data,
  });
  const system = "kube-system";
  return {
    configmaps: [
      map(system, "kubeadm-config", { ClusterConfiguration: clusterConfiguration(plan) }),
      map(system, "kubelet-config", { kubelet: kubeletConfiguration }),
      map(system, "kube-proxy", {
        "config.conf": proxyConfiguration(plan),
        "kubeconfig.conf": serviceAccountKubeconfig(address),
      }),
      map(system, "kube-flannel-cfg", {
        "cni-conf.json": networkConfiguration,
        "net-conf.json": JSON.stringify({ Network: podNetwork(plan), Backend: { Type: "vxlan" } }),
      }),
      map(system, "coredns", { Corefile: corefile }),
      map(system, "extension-apiserver-authentication", {
        "client-ca-file": caPem,
        "requestheader-allowed-names": '["front-proxy-client"]',
        "requestheader-client-ca-file": caPem,
        "requestheader-extra-headers-prefix": '["X-Remote-Extra-"]',
        "requestheader-group-headers": '["X-Remote-Group"]',
        "requestheader-username-headers": '["X-Remote-User"]',
      }),
      map("kube-public", "cluster-info", { kubeconfig: clusterInfo(address, caPem) }),
    ],
  };
}
