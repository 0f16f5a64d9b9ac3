import { z } from "zod";
import type { Picture } from "#common/picture.ts";
import { defineCheck } from "../define-check.ts";
import { flowOf, worldOf } from "../needs/istio-flow.ts";
import { breaksOf, findingsOf, nothingFor } from "../needs/istio-flow-findings.ts";
import { doorsToNothing, gatewayBreaks, gatewayPods } from "../needs/istio-flow-gateways.ts";
import { picture } from "../needs/istio-flow-picture.ts";
import { almostService, fullHost, hostsMeet } from "../needs/istio-hosts.ts";
import { type Break, type Flow, keyOf, type World } from "../needs/istio-links.ts";
import { meshRegistry, type Registry, registryNeeds } from "../needs/istio-registry.ts";
import { istioNeeds, type VirtualService } from "../needs/istio-routing.ts";
import { compare } from "../needs/owners.ts";
import { param } from "../needs/param.ts";

const mostPictures = 4;

/** A person writes "cart", "cart.shop" or the whole name. */
function isAbout(host: string, { namespace, hosts }: VirtualService): boolean {
  const almost = almostService(host);
  const full = almost ? `${almost.name}.${almost.namespace}.svc.cluster.local` : host;
  return hosts.some((own) => {
    const whole = fullHost(own, namespace);
    return hostsMeet(whole, host) || hostsMeet(whole, full) || whole === fullHost(host, namespace);
  });
}

/** A Service that no VirtualService speaks of: sidecars send to all of its pods. */
function plainRoute(host: string, registry: Registry): VirtualService | null {
  const almost = almostService(host);
  const target =
    registry.target(host, "") ??
    (almost && registry.target(`${almost.name}.${almost.namespace}.svc.cluster.local`, ""));
  if (!target) return null;
  const { namespace } = target.kind === "Service" ? target.service : target.entry;
  const routes = [{ at: "default", destinations: [{ host: target.host }] }];
  return {
    namespace,
    name: "",
    createdAt: "",
    hosts: [target.host],
    gateways: ["mesh"],
    exportTo: [],
    routes,
  };
}

/** The worst hosts first; a VirtualService is drawn under the first of its hosts. */
function pictures(flows: readonly Flow[]): Picture[] {
  const byHost = new Map<string, Flow[]>();
  for (const flow of flows) {
    const { hosts, namespace } = flow.virtualService;
    const host = fullHost(hosts[0] ?? "", namespace);
    byHost.set(host, [...(byHost.get(host) ?? []), flow]);
  }
  const weighed = [...byHost].map(([host, group]) => ({
    host,
    group,
    broken: group.flatMap(breaksOf).length,
  }));
  weighed.sort((a, b) => b.broken - a.broken || compare(a.host, b.host));
  const drawn = weighed.slice(0, mostPictures).map(({ host, group }) => picture(host || "*", group));
  return drawn.filter(({ id }, index) => drawn.findIndex((other) => other.id === id) === index);
}

/** Gateways that no VirtualService speaks of may still have nobody to listen for them. */
function unusedGateways(world: World, flows: readonly Flow[]): Break[] {
  const used = new Set(flows.flatMap(({ gateways }) => gateways.flatMap(({ at }) => (at ? keyOf(at) : []))));
  return [...world.gateways.values()]
    .filter((gateway) => !used.has(keyOf(gateway)))
    .flatMap((gateway) => gatewayBreaks(gateway, gatewayPods(gateway, world), "warn"));
}

/**
 * Subjects: the object to mend, part: the reference in it that leads nowhere; affected: the VirtualServices whose
 * requests pass there. Codes (fail): missing-gateway, host-not-on-gateway, missing-delegate, ignored-by-older,
 * missing-destination, missing-port, port-not-chosen, missing-subset (VirtualService); gateway-without-pod and
 * gateway-not-ready (Gateway; warn where no route is bound); not-exported; no-pod and no-ready-pod (Service, or
 * DestinationRule with the subset); no-endpoint (ServiceEntry); no-route (the host asked for).
 * warn: gateway-host-without-route. A destination of weight 0 may be empty.
 */
export const check = defineCheck({
  id: "kubernetes/istio-request-flow",
  version: 2,
  title: { en: "The way of a request through Istio", "zh-CN": "请求在 Istio 中的路径" },
  why: {
    en: "Gateway, VirtualService, DestinationRule, Service and pods refer to each other by names and labels, and nothing refuses a name that leads nowhere. The caller gets 404 or 503, and every object looks fine by itself.",
    "zh-CN":
      "Gateway、VirtualService、DestinationRule、Service 和 Pod 之间靠名字和标签互相引用，指向不存在的东西也不会被拒绝。访问者得到 404 或 503，而每个对象单独看都没有问题。",
  },
  remedy: {
    en: "Follow the picture from the left to the first red link and mend the object that it names.",
    "zh-CN": "从左向右沿着图找到第一处红色，修改它所指的对象。",
  },
  params: z.object({
    host: param(z.string().trim().max(253).default(""), {
      label: { en: "Host", "zh-CN": "域名" },
      help: {
        en: "As callers use it: shop.example.com, or a Service such as cart.shop. Empty: every host.",
        "zh-CN": "按调用方的写法：shop.example.com，或 cart.shop 这样的服务。留空则检查全部。",
      },
      placeholder: "shop.example.com",
    }),
  }),
  needs: { ...istioNeeds, ...registryNeeds },
  judge: (facts, { host }) => {
    const { gateways, virtualServices } = facts;
    const registry = meshRegistry(facts);
    const world = worldOf(registry, gateways, virtualServices);
    if (host === "" && gateways.length + virtualServices.length === 0)
      return { skip: { what: "routes", detail: "there is no Gateway and no VirtualService" } };
    const flows = virtualServices
      .filter((one) => one.hosts.length > 0 && (host === "" || isAbout(host, one)))
      .map((one) => flowOf(one, world));
    const plain = host !== "" && flows.length === 0 ? plainRoute(host, registry) : null;
    if (plain) flows.push(flowOf(plain, world));
    const doors = doorsToNothing(world).filter(({ subject }) => host === "" || subject.part === host);
    const others = host === "" ? [...unusedGateways(world, flows), ...doors] : doors;
    const findings = findingsOf(flows, others);
    if (host !== "" && flows.length + doors.length === 0) findings.push(nothingFor(host));
    return {
      findings,
      pictures: pictures(flows),
      measurements: [
        {
          name: "routes",
          value: flows.reduce((sum, flow) => sum + flow.destinations.length, 0),
          unit: "{routes}",
        },
        { name: "broken-links", value: findings.length, unit: "{links}", fail: { above: 0 } },
      ],
    };
  },
});
