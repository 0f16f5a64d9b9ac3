import { z } from "zod";
import type { Finding } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { worldOf } from "../needs/istio-flow.ts";
import { breaksOfDestination } from "../needs/istio-flow-destination.ts";
import { gatewayHop } from "../needs/istio-flow-gateways.ts";
import { fullHost, gatewayReference, hostsMeet } from "../needs/istio-hosts.ts";
import { listRoutes } from "../needs/istio-http-routes.ts";
import { type DestinationHop, keyOf, type World } from "../needs/istio-links.ts";
import {
  everything,
  type MirrorPlace,
  oldField,
  shadowRefused,
  toItself,
  unreachable,
} from "../needs/istio-mirror-findings.ts";
import { carries, meshRegistry, registryNeeds } from "../needs/istio-registry.ts";
import { istioNeeds, type VirtualService } from "../needs/istio-routing.ts";
import { param } from "../needs/param.ts";

function isItself({ own, route, mirror }: MirrorPlace): boolean {
  const full = fullHost(mirror.host, own.namespace);
  return route.targets.some(
    ({ host, subset }) => fullHost(host, own.namespace) === full && (subset ?? "") === (mirror.subset ?? ""),
  );
}

/** A receiver that chooses by host and does not know the copies' one: outside the mesh, or a gateway. */
function shadowFindings(place: MirrorPlace, { target, pods }: DestinationHop, world: World): Finding[] {
  const { hosts } = place.own;
  if (!target || hosts.length === 0) return [];
  if (target.kind === "ServiceEntry") return [shadowRefused(place, hosts, target.host)];
  const gateways = [...world.gateways.values()].filter(
    ({ selector }) =>
      Object.keys(selector).length > 0 && pods.some(({ labels }) => carries(labels, selector)),
  );
  if (gateways.length === 0) return [];
  const taken = [...world.virtualServices.values()].some((one) =>
    one.gateways.some((reference) => {
      const at = gatewayReference(reference, one.namespace);
      const isBound = at !== null && gateways.some((gateway) => keyOf(gateway) === keyOf(at));
      return isBound && one.hosts.some((host) => hosts.every((mine) => hostsMeet(host, `${mine}-shadow`)));
    }),
  );
  return taken ? [] : [shadowRefused(place, hosts, `gateway ${keyOf(target.service)}`)];
}

function findingsOf(
  place: MirrorPlace,
  virtualService: VirtualService,
  world: World,
  mostPercent: number,
): Finding[] {
  const { mirror, route } = place;
  if (mirror.share === 0) return [];
  const gateways = virtualService.gateways.map((reference) => gatewayHop(reference, virtualService, world));
  const { host, subset, port } = mirror;
  const hop = breaksOfDestination(
    {
      at: route.at,
      owner: virtualService,
      destination: { host, ...(subset && { subset }), ...(port && { port }) },
    },
    gateways,
    virtualService,
    world,
  );
  const [broken] = hop.breaks;
  return [
    ...(broken ? [unreachable(place, broken)] : shadowFindings(place, hop, world)),
    ...((mirror.share ?? 100) > mostPercent ? [everything(place, mostPercent)] : []),
    ...(isItself(place) ? [toItself(place)] : []),
    ...(mirror.deprecated ? [oldField(place)] : []),
  ];
}

/**
 * Subject: the VirtualService, part: route and mirror. Codes: mirror-unreachable (fail: the destination does not exist
 * or has nobody behind it), mirrors-most (warn), mirrors-to-itself (warn), shadow-host-unknown (warn: a gateway or an
 * external host, which choose by a host that ends with -shadow), deprecated-percent (warn). A share of 0 is no mirror.
 */
export const check = defineCheck({
  id: "kubernetes/traffic-mirroring",
  version: 2,
  title: { en: "Mirrored traffic", "zh-CN": "流量镜像" },
  why: {
    en: "Copies of requests are sent without waiting for an answer. Whether they arrive, how many there are and what they do to shared databases shows nowhere at the caller.",
    "zh-CN":
      "请求的副本发出去后，没有人等它的响应。它有没有送到、有多少、对共用的数据库做了什么，在调用方都看不出来。",
  },
  remedy: {
    en: "Mirror a small share to a destination that exists and shares no writable storage with the original.",
    "zh-CN": "只镜像一小部分，目标要真实存在，并且不与原服务共用可写的存储。",
  },
  params: z.object({
    mostPercent: param(z.number().min(0).max(100).default(50), {
      label: { en: "Most that is mirrored", "zh-CN": "镜像比例上限" },
      unit: "%",
    }),
  }),
  needs: { mirrors: listRoutes(({ mirrors }) => mirrors.length > 0), ...istioNeeds, ...registryNeeds },
  judge: ({ mirrors, ...facts }, { mostPercent }) => {
    const world = worldOf(meshRegistry(facts), facts.gateways, facts.virtualServices);
    const places = mirrors.flatMap((own) =>
      own.routes.flatMap((route) => route.mirrors.map((mirror) => ({ own, route, mirror }))),
    );
    const seen = new Set<string>();
    const findings = places.flatMap((place) => {
      const virtualService = world.virtualServices.get(keyOf(place.own));
      return virtualService ? findingsOf(place, virtualService, world, mostPercent) : [];
    });
    return {
      // The same mirror twice in one route is one thing to mend.
      findings: findings.filter(({ code, subject }) => {
        const key = JSON.stringify([code, subject]);
        return !seen.has(key) && seen.add(key);
      }),
      measurements: [
        { name: "mirrors", value: places.length, unit: "{mirrors}" },
        {
          name: "most-mirrored",
          value: places.reduce((most, { mirror }) => Math.max(most, mirror.share ?? 100), 0),
          unit: "%",
          warn: { above: mostPercent },
        },
      ],
    };
  },
});
