import { shellCommand } from "#common/kubernetes/shell.ts";
import type { CommandStep } from "./command-step.ts";

/** The two blocks of settings for ingress-nginx under many connections, as commands with their undo. */

export type NginxInput = {
  keepAliveRequests: number;
  upstreamKeepalive: number;
  workerConnections: number;
  somaxconn: number;
  portLow: number;
  portHigh: number;
  reuse: boolean;
  namespace: string;
  configMap: string;
  deployment: string;
};

export const nginxNames = ["namespace", "configMap", "deployment"] as const;
export type NginxProblem = (typeof nginxNames)[number] | "ports";

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const name = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

export function nginxProblems(input: NginxInput): NginxProblem[] {
  return [
    ...(label.test(input.namespace) ? [] : ["namespace" as const]),
    ...(name.test(input.configMap) ? [] : ["configMap" as const]),
    ...(name.test(input.deployment) ? [] : ["deployment" as const]),
    ...(input.portLow < input.portHigh ? [] : ["ports" as const]),
  ];
}

/** What a worker can do at once: a proxied request holds a connection on either side. */
export function capacityOf({ workerConnections, portLow, portHigh }: NginxInput): {
  requests: number;
  ports: number;
} {
  return { requests: Math.floor(workerConnections / 2), ports: portHigh - portLow + 1 };
}

const lines = (...all: string[]) => all.join("\n");

/** Kubelets refuse pods with these unless their configuration allows them. */
function unsafe({ reuse }: NginxInput): string[] {
  return ["net.core.somaxconn", ...(reuse ? ["net.ipv4.tcp_tw_reuse"] : [])];
}

export function nginxSteps(input: NginxInput): CommandStep[] {
  const { namespace, configMap, deployment } = input;
  const settings = {
    "keep-alive-requests": String(input.keepAliveRequests),
    "upstream-keepalive-connections": String(input.upstreamKeepalive),
    "max-worker-connections": String(input.workerConnections),
  };
  const sysctls = [
    { name: "net.core.somaxconn", value: String(input.somaxconn) },
    { name: "net.ipv4.ip_local_port_range", value: `${input.portLow} ${input.portHigh}` },
    ...(input.reuse ? [{ name: "net.ipv4.tcp_tw_reuse", value: "1" }] : []),
  ];
  const patch = (kind: string, target: string, body: object) =>
    shellCommand(
      ...["kubectl", "patch", kind, target, "--namespace", namespace],
      ...["--type", "merge", "--patch", JSON.stringify(body)],
    );
  const kernel = (value: object[] | null) =>
    patch("deployment", deployment, {
      spec: { template: { spec: { securityContext: { sysctls: value } } } },
    });
  const none = Object.fromEntries(Object.keys(settings).map((key) => [key, null]));
  const inPod = shellCommand("kubectl", "exec", `deployment/${deployment}`, "--namespace", namespace);
  return [
    { id: "settings", code: patch("configmap", configMap, { data: settings }) },
    {
      id: "allow",
      code: lines(
        "apiVersion: kubelet.config.k8s.io/v1beta1",
        "kind: KubeletConfiguration",
        "allowedUnsafeSysctls:",
        ...unsafe(input).map((one) => `  - ${one}`),
      ),
    },
    { id: "kernel", code: kernel(sysctls) },
    {
      id: "verify",
      code: lines(
        `${inPod} -- grep -nE 'keepalive|worker_connections|backlog' /etc/nginx/nginx.conf`,
        `${inPod} -- cat ${sysctls.map((one) => `/proc/sys/${one.name.replaceAll(".", "/")}`).join(" ")}`,
      ),
    },
    { id: "undo", code: lines(patch("configmap", configMap, { data: none }), kernel(null)) },
  ];
}
