import type { ApiObject, PodObject } from "../objects/types.ts";
import type { ContainerHistory, Workload } from "../objects/workload.ts";
import { hexFrom, uidFrom } from "../prng.ts";
import type { ExpectedFinding, Fault } from "./fault.ts";
import { planted } from "./planting.ts";

type Ending = {
  kind: "Deployment" | "StatefulSet" | "Job";
  namespace: string;
  name: string;
  ended: ContainerHistory["ended"];
  now: ContainerHistory["now"];
  /** what it means, and how bad it is */
  meaning: string;
  verdict: ExpectedFinding["verdict"];
};

const startError =
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/srv/loader": stat /srv/loader: no such file or directory: unknown';

function ending(
  kind: Ending["kind"],
  place: string,
  ended: ContainerHistory["ended"],
  now: Ending["now"],
  [verdict, meaning]: [Ending["verdict"], string],
): Ending {
  const [namespace = "", name = ""] = place.split("/");
  return { kind, namespace, name, ended, now, meaning, verdict };
}

const error = (exitCode: number) => ({ exitCode, reason: "Error" });
const oomKilled = (exitCode: number) => ({ exitCode, reason: "OOMKilled" });

const endings: Ending[] = [
  ending("Deployment", "payments/invoice-render", oomKilled(137), "back-off", ["fail", "out-of-memory"]),
  ending("Deployment", "search/reindex", oomKilled(7), "running", ["fail", "out-of-memory-child"]),
  ending("StatefulSet", "identity/token-cache", error(137), "back-off", ["fail", "liveness-probe"]),
  ending("Deployment", "checkout/cart-sync", error(1), "back-off", ["fail", "application-error"]),
  ending("Deployment", "identity/ldap-bridge", error(3), "running", ["warn", "application-error"]),
  ending("Deployment", "logistics/route-planner", error(126), "back-off", ["fail", "not-executable"]),
  ending("Deployment", "storefront/banner", error(127), "back-off", ["fail", "command-not-found"]),
  ending(
    "Deployment",
    "recommendations/model-loader",
    { exitCode: 128, reason: "StartError", message: startError, neverStarted: true },
    "back-off",
    ["fail", "start-error"],
  ),
  ending("Deployment", "search/tokenizer", error(139), "running", ["warn", "segmentation-fault"]),
  ending("Deployment", "payments/fx-rates", error(143), "running", ["warn", "terminated"]),
  ending("Deployment", "checkout/tax-rules", error(255), "back-off", ["fail", "exit-255"]),
  ending("Job", "logistics/customs-import", error(2), "ended", ["fail", "application-error"]),
  // ends well and is started again by its restart policy: found, and nothing to worry about
  ending("Deployment", "storefront/sitemap", { exitCode: 0, reason: "Completed" }, "back-off", [
    "pass",
    "ended-cleanly",
  ]),
];

function workloadOf({ kind, namespace, name, ended, now }: Ending): Workload {
  const app = { ended, now, restarts: now === "ended" ? 0 : now === "running" ? 2 : 6 };
  return planted(kind, namespace, name, {
    // one of the pods: the others keep the service up
    history: (ordinal) =>
      ordinal === 0
        ? { containers: { app }, ...(kind === "Job" && { phase: "Failed" as const }) }
        : undefined,
  });
}

/** The kubelet's own word on who killed the container: without it, 137 stays unexplained. */
function killEvent(pod: PodObject): ApiObject {
  const { name, namespace = "", uid = "" } = pod.metadata;
  const { startedAt, finishedAt } = pod.status.containerStatuses?.[0]?.lastState.terminated ?? {};
  return {
    metadata: {
      name: `${name}.${hexFrom(uid, 16)}`,
      namespace,
      uid: uidFrom(`${uid}/killing`),
      creationTimestamp: pod.status.startTime ?? null,
    },
    involvedObject: {
      kind: "Pod",
      namespace,
      name,
      uid,
      apiVersion: "v1",
      fieldPath: "spec.containers{app}",
    },
    reason: "Killing",
    message: "Container app failed liveness probe, will be restarted",
    source: { component: "kubelet", host: pod.spec.nodeName },
    firstTimestamp: pod.status.startTime,
    lastTimestamp: finishedAt ?? startedAt,
    count: 6,
    type: "Normal",
    eventTime: null,
    reportingComponent: "kubelet",
    reportingInstance: pod.spec.nodeName,
  };
}

export const fault: Fault = {
  id: "container-exit-codes",
  plant: () => ({
    workloads: endings.map(workloadOf),
    objects: (podAt) => new Map([["events", [killEvent(podAt("identity/token-cache-0"))]]]),
    expected: [
      ...endings.map(({ kind, namespace, name, meaning, verdict }) => ({
        checkId: "kubernetes/container-exit-codes",
        code: meaning,
        verdict,
        subject: { kind, namespace, name, part: "app" },
      })),
      // whoever is in back-off is stuck as well, even where it ends cleanly
      ...endings
        .filter(({ now }) => now === "back-off")
        .map(({ kind, namespace, name, meaning, verdict }) => ({
          checkId: "kubernetes/pod-abnormal-states",
          code: meaning,
          verdict: verdict === "pass" ? ("warn" as const) : verdict,
          subject: { kind, namespace, name },
        })),
      ...endings
        .filter(({ ended }) => ended.reason === "OOMKilled")
        .map(({ kind, namespace, name, now }) => ({
          checkId: "kubernetes/linux-oom",
          code: "oom-killed",
          verdict: now === "running" ? ("warn" as const) : ("fail" as const),
          subject: { kind, namespace, name, part: "app" },
        })),
    ],
    decoys: [
      {
        subject: { kind: "CronJob", namespace: "checkout", name: "every nightly report" },
        why: "its containers completed with 0",
      },
    ],
  }),
  mend(controllers) {
    for (const { kind, namespace, name } of endings) {
      if (kind === "Job") controllers.deleteOwner(kind, namespace, name);
      else controllers.restartPods(kind, namespace, name);
    }
  },
};
