import type { PodSpec } from "kubernetes-types/core/v1.d.ts";

/** A port of the node that a pod claims. `address` is empty for all addresses. */
export type HostPort = { protocol: string; port: number; address: string };

/** On the host network every declared container port is a port of the node. Native sidecars claim ports too. */
export function hostPortsOf(spec: PodSpec | undefined): HostPort[] {
  const sidecars = spec?.initContainers?.filter((container) => container.restartPolicy === "Always") ?? [];
  const found = new Map<string, HostPort>();
  for (const container of [...(spec?.containers ?? []), ...sidecars])
    for (const declared of container.ports ?? []) {
      const port = declared.hostPort || (spec?.hostNetwork ? declared.containerPort : 0);
      if (!port) continue;
      const any = !declared.hostIP || declared.hostIP === "0.0.0.0" || declared.hostIP === "::";
      const claim = {
        protocol: declared.protocol ?? "TCP",
        port,
        address: any ? "" : (declared.hostIP ?? ""),
      };
      found.set(`${claim.protocol}/${claim.port}/${claim.address}`, claim);
    }
  return [...found.values()];
}

export function overlap(a: HostPort, b: HostPort): boolean {
  return (
    a.port === b.port &&
    a.protocol === b.protocol &&
    (a.address === b.address || a.address === "" || b.address === "")
  );
}

/** "8080/TCP", or "10.0.0.1:8080/TCP" where it is bound to one address. */
export function portName({ protocol, port, address }: HostPort): string {
  const host = address.includes(":") ? `[${address}]` : address;
  return `${host === "" ? "" : `${host}:`}${port}/${protocol}`;
}
