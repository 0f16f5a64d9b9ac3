import type { Deployment, StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import { z } from "zod";
import { labelsMatch } from "#common/kubernetes/label-selector.ts";
import { defineCheck } from "../define-check.ts";
import { flapping, orphans } from "../needs/endpoint-changes.ts";
import {
  parseChanges,
  pickEndpointPod,
  pickEndpoints,
  pickService,
  pickSlice,
  podsOfServices,
} from "../needs/endpoint-facts.ts";
import { outOfStep, silentService } from "../needs/endpoint-findings.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { isUnread, optional } from "../needs/need.ts";
import { compare } from "../needs/owners.ts";
import { param } from "../needs/param.ts";

function pickIdle({ metadata, spec }: Deployment | StatefulSet) {
  if (spec?.replicas !== 0) return undefined;
  return { namespace: metadata?.namespace ?? "", labels: spec.template.metadata?.labels ?? {} };
}

const keyOf = ({ namespace, name }: { namespace: string; name: string }) => `${namespace}/${name}`;

/**
 * Subjects and codes:
 * - no-pods (warn), none-ready, no-such-port, slices-out-of-date (fail): the Service. Not for one whose only workload is
 *   scaled to zero.
 * - endpoints-truncated, endpoints-differ, endpoints-flapping (warn): the Service.
 * - slice-without-service (warn): the EndpointSlice.
 * Services without a selector are left alone: their endpoints are somebody else's business.
 */
export const check = defineCheck({
  id: "kubernetes/endpoint-events",
  version: 1,
  title: { en: "Services and their endpoints", "zh-CN": "Service 与它的端点" },
  why: {
    en: "A Service leads to the addresses in its EndpointSlices and nowhere else. Where nothing matches its selector, nothing is ready or a port has another name, connections are refused though everything seems to be there.",
    "zh-CN":
      "Service 只会通向它的 EndpointSlice 里的地址。选择器没匹配到、没有就绪的 Pod，或端口名对不上，连接就会被拒绝，尽管看上去什么都在。",
  },
  remedy: {
    en: "Make selector, labels, readiness and port names agree; then look at the slices, not at the Service.",
    "zh-CN": "让选择器、标签、就绪状态和端口名一致；然后看 EndpointSlice，而不是看 Service。",
  },
  params: z.object({
    watchSeconds: param(z.number().int().min(1).max(45).default(5), {
      label: { en: "Watch for", "zh-CN": "观察时长" },
      help: {
        en: "How long changes of endpoints are followed live.",
        "zh-CN": "实时跟踪端点变化的时间。",
      },
      unit: "s",
    }),
    warnChanges: param(z.number().int().min(2).default(4), {
      label: { en: "Too many changes of one Service", "zh-CN": "同一 Service 变化过多" },
    }),
  }),
  needs: ({ watchSeconds }) => ({
    services: kubernetes.list(kinds.Service, pickService),
    pods: kubernetes.list(kinds.Pod, pickEndpointPod),
    slices: kubernetes.list(kinds.EndpointSlice, pickSlice),
    endpoints: optional(kubernetes.list(kinds.Endpoints, pickEndpoints)),
    idleDeployments: optional(kubernetes.list(kinds.Deployment, pickIdle)),
    idleStatefulSets: optional(kubernetes.list(kinds.StatefulSet, pickIdle)),
    changes: optional(kubernetes.watch({ kind: kinds.EndpointSlice, seconds: watchSeconds }, parseChanges)),
  }),
  judge: (facts, { watchSeconds, warnChanges }) => {
    const { services, pods, slices } = facts;
    const read = <T>(list: T[] | { unread: unknown }): T[] => (isUnread(list) ? [] : (list as T[]));
    const idle = [...read(facts.idleDeployments), ...read(facts.idleStatefulSets)];
    const endpoints = new Map(read(facts.endpoints).map((one) => [keyOf(one), one]));
    const slicesOf = Map.groupBy(slices, ({ namespace, service }) => `${namespace}/${service}`);
    const selecting = services.flatMap((one) => ("selector" in one ? [one] : []));
    const changes = read(facts.changes);
    const behind = podsOfServices(selecting, pods);
    const findings = [...behind].flatMap(([service, own]) => {
      const { namespace, selector } = service;
      const isIdle = idle.some((one) => one.namespace === namespace && labelsMatch(selector, one.labels));
      const key = keyOf(service);
      return [
        ...silentService(service, own, isIdle),
        ...outOfStep(service, own, slicesOf.get(key) ?? [], endpoints.get(key)),
      ];
    });
    findings.push(
      ...orphans(slices, new Set(services.map(keyOf))),
      ...flapping(changes, watchSeconds, warnChanges),
    );
    findings.sort(
      (a, b) =>
        compare(a.code, b.code) ||
        compare(`${a.subject.namespace}/${a.subject.name}`, `${b.subject.namespace}/${b.subject.name}`),
    );
    return {
      findings,
      measurements: [
        { name: "services-with-selector", value: selecting.length, unit: "{services}" },
        {
          name: "ready-endpoints",
          value: slices.reduce((sum, { ready }) => sum + ready, 0),
          unit: "{endpoints}",
        },
        ...(isUnread(facts.changes)
          ? []
          : [{ name: "endpoint-changes", value: changes.length / watchSeconds, unit: "{changes}/s" }]),
      ],
    };
  },
});
