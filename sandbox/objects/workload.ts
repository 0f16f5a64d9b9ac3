import type { PodPhase, PodTemplate } from "./types.ts";

export type WorkloadKind = "Deployment" | "StatefulSet" | "DaemonSet" | "Job" | "Pod" | "StaticPod";

/** What a container of a generated pod has been through. Absent: it runs since the pod started. */
export type ContainerHistory = {
  /** how it ended: the present state of a finished pod, the last state of a restarted one */
  ended: { exitCode: number; reason: string; message?: string; neverStarted?: true };
  /** the container came back up, or waits in CrashLoopBackOff, or stays ended */
  now: "running" | "back-off" | "ended";
  restarts: number;
};

/** Where a generated pod differs from a healthy one of its template. */
export type PodHistory = {
  phase?: PodPhase;
  reason?: string;
  message?: string;
  /** an address that is given instead of a free one */
  ip?: string;
  /** the node it is on, whatever the scheduler would say */
  nodeName?: string;
  containers?: Record<string, ContainerHistory>;
};

/** One owner and its pods, small enough to keep thousands of: the objects are built when they are asked for. */
export type Workload = {
  kind: WorkloadKind;
  namespace: string;
  name: string;
  /** ignored for DaemonSets and static pods: one for each node they may run on */
  replicas: number;
  template: PodTemplate;
  /** the CronJob that made this Job, with its schedule */
  cronJob?: { name: string; schedule: string };
  /** the Service in front, with the name of the container port it leads to */
  service?: { port: number; targetPort: number; nodePort?: number };
  /** of a planted pod; undefined for a healthy one */
  history?: (ordinal: number) => PodHistory | undefined;
};
