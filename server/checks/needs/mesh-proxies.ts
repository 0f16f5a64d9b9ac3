import type { ConfigMap, Container, Pod } from "kubernetes-types/core/v1.d.ts";
import { millicores, parseQuantity } from "#common/kubernetes/quantity.ts";
import { type OwnedPod, pickOwner } from "./owners.ts";

/** Which service mesh a container belongs to, as a proxy or as a part of its control plane, and what it requests. */

export const meshNames = {
  istio: "Istio",
  linkerd: "Linkerd",
  consul: "Consul",
  kuma: "Kuma",
  cilium: "Cilium",
  osm: "Open Service Mesh",
  appmesh: "AWS App Mesh",
} as const;
export type MeshId = keyof typeof meshNames;

export type ProxyUse = {
  mesh: MeshId;
  version: string;
  /** one per node, or in front of a namespace, in place of one per pod */
  shared?: true;
  /** thousandths of a core, and bytes; absent where the container requests none */
  cpu?: number;
  memory?: number;
};
export type MeshUse = OwnedPod & {
  proxies: ProxyUse[];
  /** what the other containers of the pod request */
  apps: { cpu: number; memory: number };
  control?: { mesh: MeshId; version: string };
};

const proxyNames: Record<string, MeshId> = {
  "istio-proxy": "istio",
  "linkerd-proxy": "linkerd",
  "consul-dataplane": "consul",
  "consul-connect-envoy-sidecar": "consul",
  "envoy-sidecar": "consul",
  "kuma-sidecar": "kuma",
};

/** Containers with an everyday name are told by their image. */
function proxyMesh({ name, image = "" }: Container): MeshId | null {
  const known = proxyNames[name];
  if (known) return known;
  if (name === "cilium-envoy" || /\/cilium-envoy[:@]/.test(image)) return "cilium";
  if (/aws-appmesh-envoy[:@]/.test(image)) return "appmesh";
  return name === "envoy" && /openservicemesh\//.test(image) ? "osm" : null;
}

const controls: [mesh: MeshId, image: RegExp][] = [
  ["istio", /\/pilot[:@]/],
  ["linkerd", /linkerd\/controller[:@]/],
  ["consul", /\/consul-k8s-control-plane[:@]/],
  ["kuma", /\/(kuma-cp|kong-mesh-cp)[:@]/],
  ["cilium", /cilium\/operator[\w-]*[:@]/],
  ["osm", /openservicemesh\/osm-controller[:@]/],
  ["appmesh", /appmesh-controller[:@]/],
];

/** The tag as it is: meshes number their releases in ways of their own ("edge-24.11.8"). */
function tagOf(image: string | undefined): string {
  return /:([^/:@]+)$/.exec(image?.replace(/@sha256:.*$/, "") ?? "")?.[1] ?? "?";
}

function requested({ resources }: Container): { cpu?: number; memory?: number } {
  const cpu = millicores(resources?.requests?.cpu ?? resources?.limits?.cpu);
  const memory = parseQuantity(resources?.requests?.memory ?? resources?.limits?.memory);
  return { ...(cpu !== null && { cpu }), ...(memory !== null && { memory }) };
}

function proxyOf(container: Container): ProxyUse[] {
  const mesh = proxyMesh(container);
  if (!mesh) return [];
  const words = [...(container.args ?? []), container.image ?? ""];
  const shared = mesh === "cilium" || words.some((word) => word === "waypoint" || /\/ztunnel[:@]/.test(word));
  return [
    {
      mesh,
      version: tagOf(container.image),
      ...(shared && { shared: true as const }),
      ...requested(container),
    },
  ];
}

export function pickMeshUse({ metadata, spec, status }: Pod): MeshUse | undefined {
  if (status?.phase === "Succeeded" || status?.phase === "Failed") return undefined;
  const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
  const containers = [...sidecars, ...(spec?.containers ?? [])];
  const proxies = containers.flatMap(proxyOf);
  const control = containers.flatMap(({ image }) => {
    const mesh = controls.find(([, pattern]) => pattern.test(image ?? ""))?.[0];
    return mesh ? [{ mesh, version: tagOf(image) }] : [];
  })[0];
  if (proxies.length === 0 && !control) return undefined;
  const others = containers.filter((one) => !proxyMesh(one)).map(requested);
  const sum = (name: "cpu" | "memory") => others.reduce((total, one) => total + (one[name] ?? 0), 0);
  return {
    ...pickOwner(metadata),
    proxies,
    apps: { cpu: sum("cpu"), memory: sum("memory") },
    ...(control && { control }),
  };
}

/** Cilium runs in many clusters that have no mesh of it: its own configuration says whether it handles HTTP. */
export function pickCiliumMesh({ data = {} }: ConfigMap): { on: string[] } {
  const switches = [
    "enable-envoy-config",
    "enable-gateway-api",
    "enable-ingress-controller",
    "mesh-auth-enabled",
  ];
  return { on: switches.filter((name) => data[name] === "true") };
}
