import { budgetStatus } from "../cluster/budget-status.ts";
import { followedEndpoints } from "../cluster/endpoints.ts";
import type { Resource } from "../cluster/resources.ts";
import { groupVersion } from "../cluster/resources.ts";
import type { ApiObject } from "../objects/types.ts";
import type { Cluster } from "./context.ts";

type Shows = Pick<Cluster, "store" | "controllers">;

/** An object as this resource presents it: one store, several views. */
export function shown({ store, controllers }: Shows, resource: Resource, object: ApiObject): ApiObject {
  if (resource.kind === "Event" && resource.group !== "") return newerEvent(object);
  if (resource.kind === "HorizontalPodAutoscaler" && resource.version === "v1")
    return olderAutoscaler(object);
  if (resource.kind === "PodDisruptionBudget") return { ...object, status: budgetStatus(store, object) };
  if (resource.kind === "Endpoints" || resource.kind === "EndpointSlice") {
    return followedEndpoints(controllers.plan, store, resource.kind, object);
  }
  return object;
}

/** An item of a list: only custom resources say there what they are. */
export function shownItem(cluster: Shows, resource: Resource, object: ApiObject): Record<string, unknown> {
  const view = shown(cluster, resource, object);
  return resource.custom ? { apiVersion: groupVersion(resource), kind: resource.kind, ...view } : view;
}

/** An event of the core group as events.k8s.io shows it. */
function newerEvent(event: ApiObject): ApiObject {
  const { metadata, eventTime, series, action, reason, involvedObject, related, message, type } = event;
  const { source, firstTimestamp, lastTimestamp, count, reportingComponent, reportingInstance } = event;
  const known = Object.entries({
    series,
    reportingController: reportingComponent,
    reportingInstance,
    action,
    reason,
    regarding: involvedObject,
    related,
    note: message,
    type,
    deprecatedSource: source,
    deprecatedFirstTimestamp: firstTimestamp,
    deprecatedLastTimestamp: lastTimestamp,
    deprecatedCount: count,
  }).filter(([, value]) => value !== undefined && value !== "");
  return { metadata, eventTime: eventTime ?? null, ...Object.fromEntries(known) };
}

type Autoscaler = {
  spec?: {
    scaleTargetRef?: unknown;
    minReplicas?: number;
    maxReplicas?: number;
    metrics?: { resource?: { name?: string; target?: { averageUtilization?: number } } }[];
  };
  status?: {
    currentReplicas?: number;
    desiredReplicas?: number;
    lastScaleTime?: string;
    conditions?: unknown;
    currentMetrics?: { resource?: { name?: string; current?: { averageUtilization?: number } } }[];
  };
};

/** What version 1 has no field for stands in its annotations. */
function olderAutoscaler(object: ApiObject): ApiObject {
  const { metadata, spec = {}, status = {} } = object as ApiObject & Autoscaler;
  const cpu = spec.metrics?.find(({ resource }) => resource?.name === "cpu")?.resource?.target;
  const used = status.currentMetrics?.find(({ resource }) => resource?.name === "cpu")?.resource?.current;
  const { currentReplicas = 0, desiredReplicas = 0, lastScaleTime, conditions } = status;
  const prefix = "autoscaling.alpha.kubernetes.io";
  return {
    metadata: {
      ...metadata,
      annotations: {
        ...metadata.annotations,
        ...(conditions !== undefined && { [`${prefix}/conditions`]: JSON.stringify(conditions) }),
        ...(status.currentMetrics && {
          [`${prefix}/current-metrics`]: JSON.stringify(status.currentMetrics),
        }),
      },
    },
    spec: {
      scaleTargetRef: spec.scaleTargetRef,
      minReplicas: spec.minReplicas,
      maxReplicas: spec.maxReplicas,
      ...(cpu && { targetCPUUtilizationPercentage: cpu.averageUtilization }),
    },
    status: {
      ...(lastScaleTime && { lastScaleTime }),
      currentReplicas,
      desiredReplicas,
      ...(used && { currentCPUUtilizationPercentage: used.averageUtilization }),
    },
  };
}
