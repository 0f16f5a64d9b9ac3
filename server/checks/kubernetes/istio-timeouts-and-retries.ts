import { z } from "zod";
import type { Finding } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { fullHost, gatewayReference, hostsMeet } from "../needs/istio-hosts.ts";
import { type HttpRoute, type HttpRoutes, listRoutes } from "../needs/istio-http-routes.ts";
import {
  carries,
  type MeshPod,
  type MeshService,
  meshRegistry,
  registryNeeds,
} from "../needs/istio-registry.ts";
import { retryFindings, stacked } from "../needs/istio-retry-findings.ts";
import { type Gateway, istioNeeds } from "../needs/istio-routing.ts";
import { isUnread, optional, type Unread } from "../needs/need.ts";
import { notReadFinding } from "../needs/not-read.ts";
import { param } from "../needs/param.ts";

const retries = ({ retries }: HttpRoute) => (retries?.attempts ?? 0) > 0;

type Behind = { gateways: Gateway[]; services: MeshService[]; pods: MeshPod[] };

/** Retries can only multiply where a route that retries hangs on a gateway and another route retries as well. */
function mayStack(all: readonly HttpRoutes[]): boolean {
  const retrying = all.filter(({ routes }) => routes.some(retries));
  const onGateway = ({ gateways, namespace }: HttpRoutes) =>
    gateways.some((reference) => gatewayReference(reference, namespace) !== null);
  return retrying.length > 1 && retrying.some(onGateway);
}

/** What it takes to see who sends to whose gateway, or what of it was not read. */
function behindOf(facts: { [Name in keyof Behind]: Behind[Name] | Unread }): Behind | Unread {
  const { gateways, services, pods } = facts;
  if (isUnread(gateways)) return gateways;
  if (isUnread(services)) return services;
  return isUnread(pods) ? pods : { gateways, services, pods };
}

/** Routes that retry on a gateway to which another route that retries sends the same host: the tries multiply. */
function stackedFindings(all: HttpRoutes[], { gateways, services, pods }: Behind): Finding[] {
  const registry = meshRegistry({ services, pods, serviceEntries: [], destinationRules: [], mesh: [] });
  const inner = all.flatMap((own) =>
    own.gateways.flatMap((reference) => {
      const at = gatewayReference(reference, own.namespace);
      const gateway =
        at && gateways.find(({ namespace, name }) => namespace === at.namespace && name === at.name);
      const route = own.routes.find(retries);
      return gateway && route ? [{ own, route, gateway }] : [];
    }),
  );
  if (inner.length === 0) return [];
  return all.flatMap((own) =>
    own.routes.filter(retries).flatMap((route) => {
      const reached = route.targets.flatMap(({ host }) => {
        const target = registry.target(host, own.namespace);
        return target?.kind === "Service" ? registry.podsOf(target.service) : [];
      });
      const next = inner.find(
        (one) =>
          one.own !== own &&
          reached.some(({ labels }) => carries(labels, one.gateway.selector)) &&
          one.own.hosts.some((host) =>
            own.hosts.some((mine) =>
              hostsMeet(fullHost(host, one.own.namespace), fullHost(mine, own.namespace)),
            ),
          ),
      );
      return next ? [stacked({ own, route }, next)] : [];
    }),
  );
}

/**
 * Subject: the VirtualService, part: the route. Codes (all warn): tries-exceed-timeout, no-per-try-timeout, no-retry-on,
 * timeout-not-retried, unknown-retry-on, many-attempts, retries-stacked. Without Services, pods or
 * gateways, not-read (unknown) where it takes them to see stacked retries. Routes without `attempts` have the default of
 * two retries, which only repeat what was never handled, and are left alone.
 */
export const check = defineCheck({
  id: "kubernetes/istio-timeouts-and-retries",
  version: 2,
  title: { en: "Timeouts and retries in Istio routes", "zh-CN": "Istio 路由的超时与重试" },
  why: {
    en: "A retry needs a reason, a time limit of its own and room within the limit of the whole request. Where one of them is missing, it never happens; where it happens at two places, a struggling service gets a multiple of its load.",
    "zh-CN":
      "一次重试需要触发条件、自己的时限，还要在整个请求的时限之内。缺一样，重试就不会发生；如果两个地方都重试，吃紧的服务会承受成倍的压力。",
  },
  remedy: {
    en: "Choose timeout first, then perTryTimeout as timeout divided by the number of tries, and say in retryOn what may be repeated.",
    "zh-CN": "先定 timeout，再用它除以尝试次数得到 perTryTimeout，并在 retryOn 里写明哪些情况可以重试。",
  },
  params: z.object({
    mostAttempts: param(z.number().int().min(1).max(100).default(5), {
      label: { en: "Most retries of a route", "zh-CN": "单条路由的重试上限" },
      unit: "{retries}",
    }),
  }),
  needs: {
    routes: listRoutes(({ retries, timeoutMs }) => retries !== undefined || timeoutMs !== undefined),
    gateways: optional(istioNeeds.gateways),
    services: optional(registryNeeds.services),
    pods: optional(registryNeeds.pods),
  },
  judge: ({ routes, ...facts }, { mostAttempts }) => {
    const behind = behindOf(facts);
    const all = routes.flatMap((own) => own.routes.map((route) => ({ own, route })));
    const findings = [
      ...all.flatMap(({ own, route }) => retryFindings(own, route, mostAttempts)),
      ...(mayStack(routes)
        ? isUnread(behind)
          ? notReadFinding("stacked retries", behind)
          : stackedFindings(routes, behind)
        : []),
    ];
    const tries = all.map(({ route }) => (route.retries?.attempts ?? 0) + 1);
    return {
      findings,
      measurements: [
        {
          name: "routes-with-retries",
          value: all.filter(({ route }) => retries(route)).length,
          unit: "{routes}",
        },
        {
          name: "routes-with-a-timeout",
          value: all.filter(({ route }) => (route.timeoutMs ?? 0) > 0).length,
          unit: "{routes}",
        },
        {
          name: "most-tries",
          value: tries.reduce((most, one) => Math.max(most, one), 1),
          unit: "{tries}",
          warn: { above: mostAttempts + 1 },
        },
      ],
    };
  },
});
