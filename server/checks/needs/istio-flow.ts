import { breaksOfDestination } from "./istio-flow-destination.ts";
import { gatewayHop, offGateway } from "./istio-flow-gateways.ts";
import { fullHost, visibleFrom } from "./istio-hosts.ts";
import { type Break, type DestinationHop, type Flow, keyOf, subjectOf, type World } from "./istio-links.ts";
import type { Registry } from "./istio-registry.ts";
import type { Gateway, Route, VirtualService } from "./istio-routing.ts";
import { compare } from "./owners.ts";

/** Follows requests through Gateways and VirtualServices to pods, and notes every link that does not hold. */

export function worldOf(
  registry: Registry,
  gateways: readonly Gateway[],
  virtualServices: readonly VirtualService[],
): World {
  const inMesh = new Map<string, VirtualService[]>();
  const byAge = virtualServices.toSorted(
    (a, b) =>
      compare(a.createdAt, b.createdAt) || compare(`${a.name}.${a.namespace}`, `${b.name}.${b.namespace}`),
  );
  for (const one of byAge)
    for (const host of one.gateways.includes("mesh") ? one.hosts : []) {
      const full = fullHost(host, one.namespace);
      inMesh.set(full, [...(inMesh.get(full) ?? []), one]);
    }
  return {
    registry,
    gateways: new Map(gateways.map((one) => [keyOf(one), one])),
    virtualServices: new Map(virtualServices.map((one) => [keyOf(one), one])),
    inMesh,
  };
}

export function flowOf(virtualService: VirtualService, world: World): Flow {
  const gateways = virtualService.gateways.map((reference) => gatewayHop(reference, virtualService, world));
  const breaks = [...offGateway(virtualService, gateways), ...ignored(virtualService, world)];
  const destinations: DestinationHop[] = [];
  for (const route of virtualService.routes) {
    const { routes, missing } = delegated(route, world);
    if (missing)
      breaks.push({
        code: "missing-delegate",
        verdict: "fail",
        subject: subjectOf("VirtualService", virtualService, missing),
        words: { delegate: missing, at: route.at },
      });
    for (const { owner, one } of routes) {
      const through = gateways.filter(({ reference }) => (route.gateways ?? [reference]).includes(reference));
      for (const destination of one.destinations)
        destinations.push(
          breaksOfDestination(
            { at: route.at, owner: owner ?? virtualService, destination },
            through,
            virtualService,
            world,
          ),
        );
    }
  }
  return { virtualService, gateways, destinations, breaks };
}

/** A delegate's routes stand for the route that names it, and its short names are those of its own namespace. */
function delegated(
  route: Route,
  world: World,
): { routes: { owner?: VirtualService; one: Route }[]; missing?: string } {
  if (!route.delegate) return { routes: [{ one: route }] };
  const owner = world.virtualServices.get(keyOf(route.delegate));
  if (!owner) return { routes: [], missing: keyOf(route.delegate) };
  return { routes: owner.routes.filter(({ delegate }) => !delegate).map((one) => ({ owner, one })) };
}

const isPrivate = ({ exportTo }: VirtualService) => exportTo.length > 0 && exportTo.every((to) => to === ".");

/** A sidecar follows one VirtualService a host, the oldest that it sees; private ones before those of others. */
function ignored(from: VirtualService, world: World): Break[] {
  if (!from.gateways.includes("mesh")) return [];
  return from.hosts.flatMap((host): Break[] => {
    const all = world.inMesh.get(fullHost(host, from.namespace)) ?? [];
    const older = all.slice(0, all.indexOf(from)).find((other) => overlaps(from, other));
    if (!older) return [];
    return [
      {
        code: "ignored-by-older",
        verdict: "fail",
        subject: subjectOf("VirtualService", from, host),
        words: { host, older: keyOf(older), since: older.createdAt },
      },
    ];
  });
}

function overlaps(one: VirtualService, other: VirtualService): boolean {
  if (isPrivate(one) || isPrivate(other))
    return isPrivate(one) && isPrivate(other) && one.namespace === other.namespace;
  const everywhere = ({ exportTo }: VirtualService) => exportTo.length === 0 || exportTo.includes("*");
  if (everywhere(one) || everywhere(other)) return true;
  return one.exportTo.some((to) =>
    visibleFrom(other.exportTo, other.namespace, to === "." ? one.namespace : to),
  );
}
