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
  /** the scheduler's words: the pod has no node, although there is room */
  unschedulable?: string;
  /** containers that wait for something else than their next start: ImagePullBackOff, ContainerCreating … */
  waiting?: Record<string, { reason: string; message?: string }>;
  /** containers that run and do not pass their readiness probe (or the startup probe of a sidecar) */
  unready?: readonly string[];
  /** an init container that runs and does not come to an end: those after it wait */
  stuckInit?: string;
  /** it is being deleted since so long, and still there */
  terminating?: { sinceMs: number; graceSeconds?: number };
  finalizers?: string[];
  /** created so long before the start of the cluster, instead of some weeks before the fixed epoch */
  ageMs?: number;
  /**
   * use as a share of the limits (metrics API, kubelet): 0.2 to 0.6 where nothing is said; `throttled`: of a hundred
   * periods in which a container ran, so many are cut short by its limit; `oomKills`: processes that were killed in it
   */
  use?: { memory?: number; cpu?: number; throttled?: number; oomKills?: number };
  /** requests of its proxy to a host that got no connection: so many long ago, and so many a second ever since */
  lost?: { host: string; before?: number; perSecond?: number };
};

/** Whether a pod with this past takes requests. */
export function isServing(history: PodHistory | undefined): boolean {
  if (!history) return true;
  const ended = Object.values(history.containers ?? {}).some(({ now }) => now !== "running");
  const held = history.waiting ?? history.stuckInit ?? history.terminating ?? history.unschedulable;
  const finished = history.phase !== undefined && history.phase !== "Running";
  return !ended && held === undefined && !finished && (history.unready ?? []).length === 0;
}

/** The Service in front: its name and selector are the workload's name and labels where it names no others. */
export type ServiceOptions = {
  port: number;
  targetPort: number;
  nodePort?: number;
  protocol?: "TCP" | "UDP";
  portName?: string;
  name?: string;
  morePorts?: {
    name: string;
    port: number;
    targetPort: number;
    nodePort?: number;
    protocol?: "TCP" | "UDP";
  }[];
  selector?: Record<string, string>;
  labels?: Record<string, string>;
  headless?: true;
  clusterIP?: string;
  type?: "ClusterIP" | "NodePort" | "LoadBalancer";
  externalTrafficPolicy?: "Cluster" | "Local";
  /** of its load balancer */
  address?: string;
};

/** How a proxy was injected. */
export type ProxyOptions = {
  version?: string;
  /** as an init container that keeps running, or as one more container as before Istio 1.27 */
  as?: "native" | "container";
  /** as a container: the application starts when the proxy is ready */
  hold?: true;
  revision?: string;
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
  service?: ServiceOptions;
  /** pods get a proxy as Istio's injector adds it */
  injected?: ProxyOptions;
  /** false: no disruption budget, although there are several replicas */
  budget?: false;
  /** of a planted pod; undefined for a healthy one */
  history?: (ordinal: number) => PodHistory | undefined;
};
