import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { z } from "zod";
import { defineCheck } from "../define-check.ts";
import { pickCapturePod, pickEntry, pickTargetedService } from "../needs/istio-capture.ts";
import { captureFindings } from "../needs/istio-capture-findings.ts";
import { closedMesh, entryFindings, gatewayPorts } from "../needs/istio-egress-findings.ts";
import { pickHeadlessRule } from "../needs/istio-headless.ts";
import { fullHost, hostsMeet } from "../needs/istio-hosts.ts";
import { meshConfigNeed, meshConfigOf } from "../needs/istio-mesh-config.ts";
import { isProxy } from "../needs/istio-proxies.ts";
import { istioNeeds } from "../needs/istio-routing.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { notReadFinding } from "../needs/not-read.ts";
import { ownerNeeds, ownerResolver } from "../needs/owners.ts";

/** Gateways are proxies alone; their labels are what a Gateway's selector speaks of. */
function pickGatewayPod({ metadata, spec }: Pod) {
  const containers = spec?.containers ?? [];
  if (containers.length === 0 || !containers.every(isProxy)) return undefined;
  return { namespace: metadata?.namespace ?? "", labels: metadata?.labels ?? {} };
}

/**
 * Subjects and codes:
 * - the owner people deploy, part: container, port or annotation: uid-of-proxy, reserved-port (fail),
 *   excluded-service-port, capture-off, exclude-without-effect (warn).
 * - ServiceEntry: https-as-http (fail), tcp-without-address (warn). ConfigMap istio: registry-only-without-entries (warn).
 * - Gateway: gateway-port-without-service (fail). Whether routes are bound to gateways is kubernetes/istio-request-flow's.
 */
export const check = defineCheck({
  id: "kubernetes/istio-traffic-capture",
  version: 3,
  title: { en: "Traffic that goes past the proxy", "zh-CN": "绕过代理的流量" },
  why: {
    en: "Rules in each pod redirect connections to the proxy, with exceptions for its own user, for its ports and for what annotations exclude. Each exception is a way round encryption, policies and metrics.",
    "zh-CN":
      "每个 Pod 里的规则把连接重定向到代理，但代理自己的用户、它的端口，以及注解里排除的内容除外。每个例外都是绕过加密、策略和指标的一条路。",
  },
  remedy: {
    en: "Capture everything unless there is a reason, keep user 1337 and ports 15000 to 15090 to the proxy, and register what is called outside with the right protocol.",
    "zh-CN": "没有理由就全部捕获；1337 用户和 15000 到 15090 端口留给代理；外部目的地按正确的协议登记。",
  },
  params: z.object({}),
  needs: {
    pods: kubernetes.list(kinds.Pod, pickCapturePod),
    gatewayPods: kubernetes.list(kinds.Pod, pickGatewayPod),
    services: kubernetes.list(kinds.Service, pickTargetedService),
    gateways: istioNeeds.gateways,
    entries: kubernetes.list([kinds.ServiceEntry, kinds.ServiceEntryBeta], pickEntry),
    rules: kubernetes.list([kinds.DestinationRule, kinds.DestinationRuleBeta], pickHeadlessRule),
    mesh: meshConfigNeed,
    ...ownerNeeds,
  },
  judge: ({ pods, gatewayPods, services, gateways, entries, rules, mesh, ...owners }) => {
    const isPlain = ({ namespace, name }: { namespace: string; name: string }) =>
      rules.some(
        ({ host, namespace: own, tls }) =>
          hostsMeet(fullHost(host, own), `${name}.${namespace}.svc.cluster.local`) &&
          Object.values(tls).includes("DISABLE"),
      );
    const excluding = pods.filter(({ capture }) => Object.keys(capture).length > 0);
    return {
      findings: [
        ...captureFindings(pods, services, isPlain, ownerResolver(owners)),
        ...entryFindings(entries, rules),
        ...closedMesh(meshConfigOf(mesh), entries),
        // It matters where nothing is registered: then a closed mesh lets nothing out.
        ...(pods.length > 0 && entries.length === 0 ? notReadFinding("mesh configuration", mesh) : []),
        ...gatewayPorts(gateways, gatewayPods, services),
      ],
      measurements: [
        { name: "pods-with-a-proxy", value: pods.length, unit: "{pods}" },
        { name: "pods-with-exceptions", value: excluding.length, unit: "{pods}" },
      ],
    };
  },
});
