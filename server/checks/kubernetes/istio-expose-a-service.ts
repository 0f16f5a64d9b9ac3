import { z } from "zod";
import type { Finding } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import {
  type ApiGateway,
  type ApiRoute,
  apiRouteNeeds,
  apiRoutesTo,
  routesThere,
} from "../needs/istio-api-routes.ts";
import {
  asFinding,
  type Exposure,
  lostPorts,
  podStep,
  proxyStep,
  serviceStep,
} from "../needs/istio-exposure.ts";
import { gatewayStep, routeStep, ruleStep } from "../needs/istio-exposure-routes.ts";
import { flowOf, worldOf } from "../needs/istio-flow.ts";
import { picture } from "../needs/istio-flow-picture.ts";
import type { Flow } from "../needs/istio-links.ts";
import { type MeshService, meshRegistry, type Registry, registryNeeds } from "../needs/istio-registry.ts";
import { istioNeeds } from "../needs/istio-routing.ts";
import { type MeshWorkload, serves, workloadNeeds } from "../needs/istio-workloads.ts";
import { isUnread, type Unread } from "../needs/need.ts";
import { notReadFinding } from "../needs/not-read.ts";
import { compare } from "../needs/owners.ts";
import { param } from "../needs/param.ts";

const leadsTo = ({ destinations }: Flow, service: MeshService) =>
  destinations.some(({ target }) => target?.kind === "Service" && target.service === service);
const isFromOutside = ({ gateways }: Flow) => gateways.some(({ at }) => at !== null);

type Surroundings = {
  registry: Registry;
  ambient: readonly string[] | Unread;
  apiRoutes: readonly ApiRoute[] | Unread;
  apiGateways: readonly ApiGateway[] | Unread;
};

function exposureOf(
  workload: MeshWorkload,
  services: MeshService[],
  flows: readonly Flow[],
  { registry, ambient, apiRoutes, apiGateways }: Surroundings,
): Exposure {
  const { namespace, labels } = workload;
  const mode = labels["istio.io/dataplane-mode"];
  const isAmbient =
    mode === "ambient" || (mode !== "none" && (isUnread(ambient) ? null : ambient.includes(namespace)));
  return {
    workload,
    services,
    pods: registry.podsOf({ namespace, selector: labels }),
    flows: flows.filter((flow) => services.some((service) => leadsTo(flow, service))),
    isAmbient,
    apiRoutes: apiRoutesTo(apiRoutes, services),
    apiGateways,
  };
}

/** Of everything that is reached from outside, what the way of the request does not show: proxies and named ports. */
function quietFindings(exposure: Exposure): Finding[] {
  const proxy = proxyStep(exposure);
  return [
    ...(proxy.verdict !== "pass" && exposure.pods.length > 0
      ? [asFinding("step-1-proxy", exposure, proxy)]
      : []),
    ...(lostPorts(exposure).length > 0 ? [asFinding("step-2-service", exposure, serviceStep(exposure))] : []),
  ];
}

function allSteps(exposure: Exposure, registry: Registry): Finding[] {
  return [
    asFinding("step-1-proxy", exposure, proxyStep(exposure)),
    asFinding("step-2-service", exposure, serviceStep(exposure)),
    asFinding("step-3-gateway", exposure, gatewayStep(exposure)),
    asFinding("step-4-route", exposure, routeStep(exposure)),
    asFinding("step-5-destination-rule", exposure, ruleStep(exposure, registry)),
    asFinding("step-6-pods", exposure, podStep(exposure)),
  ];
}

/**
 * Subject: the workload, no part. For a chosen workload six findings, one for each step, whatever their verdict; codes
 * (and the worst they come to): step-1-proxy (warn), step-2-service (fail), step-3-gateway (fail), step-4-route (fail),
 * step-5-destination-rule (fail; warn where there is none), step-6-pods (fail). Without a choice only the first two, of
 * workloads that a Gateway leads to and where they do not hold: the rest is the way of the request. Steps 3 and 4 hold
 * as well by an HTTPRoute that Istio took on, where its status and its Gateway's say so. What was not read is unknown;
 * without a choice that is the subject Cluster, part HTTPRoutes, code not-read.
 */
export const check = defineCheck({
  id: "kubernetes/istio-expose-a-service",
  version: 4,
  title: { en: "A workload exposed through Istio", "zh-CN": "通过 Istio 对外暴露的工作负载" },
  why: {
    en: "Six objects must fit together before a request from outside reaches a pod: the injected workload, its Service, Gateway, VirtualService, DestinationRule, and pods that are ready. Each is created without a word about the others.",
    "zh-CN":
      "外部请求要到达 Pod，需要六样东西彼此吻合：注入了代理的工作负载、Service、Gateway、VirtualService、DestinationRule，以及就绪的 Pod。创建其中任何一个时，都不会检查其余几个。",
  },
  remedy: {
    en: "Go through the steps in their order and mend the first that does not hold.",
    "zh-CN": "按顺序逐步核对，先修好第一个不成立的步骤。",
  },
  params: z.object({
    workload: param(z.string().trim().max(253).default(""), {
      label: { en: "Workload", "zh-CN": "工作负载" },
      help: {
        en: "A Deployment, StatefulSet or DaemonSet. Empty: everything that a Gateway leads to.",
        "zh-CN": "Deployment、StatefulSet 或 DaemonSet 的名称。留空则查看 Gateway 通往的全部工作负载。",
      },
    }),
    namespace: param(z.string().trim().max(63).default(""), {
      label: { en: "Namespace", "zh-CN": "命名空间" },
      help: { en: "Empty: wherever a workload of that name is.", "zh-CN": "留空则不限命名空间。" },
    }),
  }),
  needs: { ...istioNeeds, ...registryNeeds, ...workloadNeeds, ...apiRouteNeeds },
  judge: ({ ambient, apiGateways, deployments, statefulSets, daemonSets, ...facts }, params) => {
    const registry = meshRegistry(facts);
    const apiRoutes = routesThere(facts.apiRoutes, facts.gatewayApi);
    const world = worldOf(registry, facts.gateways, facts.virtualServices);
    const flows = facts.virtualServices
      .filter(({ hosts }) => hosts.length > 0)
      .map((one) => flowOf(one, world));
    const isWanted = ({ name, namespace }: MeshWorkload) =>
      (params.workload === "" || params.workload === name) &&
      (params.namespace === "" || params.namespace === namespace);
    const workloads = [...deployments, ...statefulSets, ...daemonSets].filter(isWanted);
    workloads.sort((a, b) => compare(a.namespace + a.name + a.kind, b.namespace + b.name + b.kind));
    const isChosen = params.workload !== "";
    if (isChosen && workloads.length === 0)
      return { skip: { what: `workload ${params.namespace}/${params.workload}`, detail: "there is none" } };

    const outside = flows.filter(isFromOutside);
    const routed = isChosen
      ? facts.services
      : facts.services.filter(
          (service) =>
            outside.some((flow) => leadsTo(flow, service)) ||
            (apiRoutesTo(apiRoutes, [service]) ?? []).length > 0,
        );
    const exposures = workloads.flatMap((workload) => {
      const services = routed.filter((service) => serves(service, workload));
      if (!isChosen && services.length === 0) return [];
      return exposureOf(workload, services, flows, { registry, ambient, apiRoutes, apiGateways });
    });
    const unread = isChosen ? [] : notReadFinding("HTTPRoutes", apiRoutes);
    if (exposures.length === 0 && unread.length === 0)
      return { skip: { what: "workloads", detail: "no Gateway leads to one" } };
    const findings = exposures.flatMap((one) => (isChosen ? allSteps(one, registry) : quietFindings(one)));
    return {
      findings: [...findings, ...unread],
      pictures: isChosen
        ? exposures
            .slice(0, 2)
            .flatMap(({ workload, flows: own }) =>
              own.length > 0 ? picture(`${workload.name}.${workload.namespace}`, own) : [],
            )
        : [],
      measurements: [{ name: "exposed-workloads", value: exposures.length, unit: "{workloads}" }],
    };
  },
});
