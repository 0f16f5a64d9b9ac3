import { createdMs, ownerReference, uidOf } from "./owners.ts";
import type { Plan } from "./plan.ts";
import { time } from "./time.ts";
import type { ApiObject } from "./types.ts";
import type { Workload } from "./workload.ts";

export function jobLabels(plan: Plan, workload: Workload): Record<string, string> {
  const uid = uidOf(plan, "Job", workload);
  return {
    "batch.kubernetes.io/controller-uid": uid,
    "batch.kubernetes.io/job-name": workload.name,
    "controller-uid": uid,
    "job-name": workload.name,
  };
}

export function buildJob(plan: Plan, workload: Workload): ApiObject {
  const labels = jobLabels(plan, workload);
  const startMs = createdMs(plan, workload);
  const { template, cronJob } = workload;
  const selected = { "batch.kubernetes.io/controller-uid": uidOf(plan, "Job", workload) };
  return {
    metadata: {
      name: workload.name,
      namespace: workload.namespace,
      uid: uidOf(plan, "Job", workload),
      generation: 1,
      creationTimestamp: time(startMs),
      labels: { ...template.metadata.labels, ...labels },
      ...(cronJob && {
        ownerReferences: [
          ownerReference(
            "CronJob",
            cronJob.name,
            uidOf(plan, "CronJob", { namespace: workload.namespace, name: cronJob.name }),
          ),
        ],
      }),
    },
    spec: {
      parallelism: 1,
      completions: workload.replicas,
      backoffLimit: 6,
      selector: { matchLabels: selected },
      manualSelector: false,
      template: {
        metadata: { ...template.metadata, labels: { ...template.metadata.labels, ...labels } },
        spec: template.spec,
      },
      completionMode: "NonIndexed",
      suspend: false,
      podReplacementPolicy: "TerminatingOrFailed",
    },
    status: jobStatus(workload, startMs),
  };
}

function jobStatus(workload: Workload, startMs: number): Record<string, unknown> {
  const startTime = time(startMs);
  const endTime = time(startMs + 11_000);
  const failed = workload.history?.(0)?.phase === "Failed";
  const condition = (type: string, reason: string, message: string) => ({
    type,
    status: "True",
    lastProbeTime: endTime,
    lastTransitionTime: endTime,
    reason,
    message,
  });
  const conditions = failed
    ? [condition("Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit")]
    : [condition("Complete", "CompletionsReached", "Reached expected number of succeeded pods")];
  return {
    conditions,
    startTime,
    ...(failed ? { failed: workload.replicas } : { completionTime: endTime, succeeded: workload.replicas }),
    terminating: 0,
    uncountedTerminatedPods: {},
    ready: 0,
  };
}

export function buildCronJob(
  plan: Plan,
  workload: Workload,
  cron: { name: string; schedule: string },
): ApiObject {
  return {
    metadata: {
      name: cron.name,
      namespace: workload.namespace,
      uid: uidOf(plan, "CronJob", { namespace: workload.namespace, name: cron.name }),
      generation: 1,
      creationTimestamp: time(createdMs(plan, workload) - 30 * 86_400_000),
      labels: workload.template.metadata.labels,
    },
    spec: {
      schedule: cron.schedule,
      concurrencyPolicy: "Forbid",
      suspend: false,
      jobTemplate: { metadata: { creationTimestamp: null }, spec: { template: workload.template } },
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    },
    status: {
      lastScheduleTime: time(createdMs(plan, workload)),
      lastSuccessfulTime: time(createdMs(plan, workload) + 11_000),
    },
  };
}
