import type { PodSpec } from "./types.ts";

type Claim = { holder: string; protocol: string; hostIP: string; port: number };

/** Which ports of which node are taken, as the scheduler sees it. The address 0.0.0.0 collides with every other. */
export class PortLedger {
  readonly #claims = new Map<number, Claim[]>();

  isFree(node: number, spec: PodSpec): boolean {
    const taken = this.#claims.get(node) ?? [];
    return claimsOf("", spec).every((wanted) => !taken.some((claim) => collide(wanted, claim)));
  }

  take(node: number, holder: string, spec: PodSpec): void {
    const claims = claimsOf(holder, spec);
    if (claims.length > 0) this.#claims.set(node, [...(this.#claims.get(node) ?? []), ...claims]);
  }

  release(holder: string): void {
    for (const [node, claims] of this.#claims) {
      this.#claims.set(
        node,
        claims.filter((claim) => claim.holder !== holder),
      );
    }
  }
}

function claimsOf(holder: string, spec: PodSpec): Claim[] {
  return spec.containers.flatMap((container) =>
    (container.ports ?? []).flatMap(({ hostPort, protocol, hostIP }) =>
      hostPort ? [{ holder, protocol, hostIP: hostIP ?? "0.0.0.0", port: hostPort }] : [],
    ),
  );
}

function collide(left: Claim, right: Claim): boolean {
  const sameAddress = left.hostIP === right.hostIP || [left.hostIP, right.hostIP].includes("0.0.0.0");
  return left.port === right.port && left.protocol === right.protocol && sameAddress;
}
