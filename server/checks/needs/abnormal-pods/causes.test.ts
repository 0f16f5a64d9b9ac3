import type { Node, Pod } from "kubernetes-types/core/v1.d.ts";
import { describe, expect, test } from "vitest";
import type { Unread } from "../need.ts";
import { diagnose } from "./diagnose.ts";
import { pickSeenEvent, pickSeenNode, type SeenClaim, type SeenMap } from "./pick-around.ts";
import { pickSeenPod } from "./pick-pod.ts";
import { scenesOf } from "./scenes.ts";
import { readRefusal } from "./scheduler-words.ts";

/** The words of kubelets, runtimes and schedulers, each with the cause it must lead to. */

const now = new Date("2026-11-20T12:00:00Z");
const rules = { minutes: 5, loopRestarts: 3, recentMinutes: 10, endedWithinHours: 168 };
const long = "2026-11-20T11:00:00Z";

type Case = {
  pod: Pod;
  event?: [reason: string, message: string];
  nodes?: Node[] | null;
  maps?: SeenMap[];
  claims?: SeenClaim[];
};

const ready = (name: string, more: object = {}): Node => ({
  metadata: {
    name,
    labels: { "kubernetes.io/hostname": name, ...("labels" in more ? (more.labels as object) : {}) },
  },
  spec: { ...("taints" in more ? { taints: more.taints as [] } : {}) },
  status: {
    allocatable: { cpu: "4", memory: "8Gi" },
    conditions: [
      { type: "Ready", status: "ready" in more ? String(more.ready) : "True", lastTransitionTime: long },
      ...("pressure" in more ? [{ type: String(more.pressure), status: "True" }] : []),
    ],
  },
});

function codeOf({ pod, event, nodes = [ready("n1")], maps = [], claims = [] }: Case): string {
  const unread: Unread = { unread: { code: "forbidden", what: "list" } };
  const involvedObject = { kind: "Pod", uid: "u" };
  const seen = pickSeenPod({
    ...pod,
    metadata: { name: "p", namespace: "d", uid: "u", creationTimestamp: long, ...pod.metadata },
  });
  const told =
    event &&
    pickSeenEvent({
      metadata: {},
      involvedObject,
      reason: event[0],
      message: event[1],
      lastTimestamp: long,
      count: 4,
    });
  const around = {
    events: told ? [told] : [],
    nodes: nodes === null ? unread : nodes.map(pickSeenNode),
    claims,
    configMaps: maps,
    scheduler: null,
    controllers: null,
  };
  const [scene] = seen ? scenesOf([seen], around, rules, now) : [];
  return scene ? diagnose(scene).first.code : "nothing";
}

function waiting(reason: string, message?: string, spec: object = {}): Pod {
  return {
    spec: { nodeName: "n1", containers: [{ name: "main", ...spec }] },
    status: {
      phase: "Pending",
      startTime: long,
      containerStatuses: [
        {
          name: "main",
          image: "i",
          imageID: "",
          ready: false,
          restartCount: 0,
          state: { waiting: { reason, message } },
        },
      ],
    },
  };
}

describe("an image that does not come", () => {
  test.each([
    ['failed to resolve reference "r/a:1": r/a:1: not found', "image-not-found"],
    ["manifest unknown: manifest unknown", "image-not-found"],
    [
      'failed to resolve reference "r/a:1": pulling from host r failed with status code [manifests 1]: 401 Unauthorized',
      "image-pull-unauthorized",
    ],
    [
      "pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
      "image-pull-unauthorized",
    ],
    [
      'failed to do request: Head "https://r:5000/v2/a/manifests/1": http: server gave HTTP response to HTTPS client',
      "image-registry-plain-http",
    ],
    ['Head "https://r/v2/": x509: certificate signed by unknown authority', "image-registry-untrusted"],
    [
      'Head "https://r/v2/": tls: failed to verify certificate: x509: certificate has expired or is not yet valid',
      "image-registry-untrusted",
    ],
    ["dial tcp: lookup r.example on 10.96.0.10:53: no such host", "image-registry-unreachable"],
    ["dial tcp 10.0.0.1:443: i/o timeout", "image-registry-unreachable"],
    ["net/http: TLS handshake timeout", "image-pull-timeout"],
    ["rpc error: code = DeadlineExceeded desc = context deadline exceeded", "image-pull-timeout"],
    [
      "429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit",
      "image-registry-throttled",
    ],
    ["pull QPS exceeded", "image-registry-throttled"],
    ["failed to extract layer sha256:aa: archive/tar: invalid tar header: unknown", "image-damaged"],
    ["failed to copy: httpReadSeeker: failed open: unexpected EOF", "image-damaged"],
    ["no match for platform in manifest: not found", "image-wrong-platform"],
    ["write /var/lib/containerd/x: no space left on device", "node-disk-full"],
    ["something nobody has seen", "image-pull-unexplained"],
  ])("%s", (message, code) => {
    for (const reason of ["ErrImagePull", "ImagePullBackOff"])
      expect(codeOf({ pod: waiting(reason, message) })).toBe(code);
  });

  test("a missing pull secret speaks for the credentials", () => {
    const event: Case["event"] = [
      "FailedToRetrieveImagePullSecret",
      "Unable to retrieve some image pull secrets (regcred)",
    ];
    expect(codeOf({ pod: waiting("ErrImagePull", "failed"), event })).toBe("image-pull-unauthorized");
  });
});

function withoutSandbox(pod: Pod): Pod {
  const conditions = [{ type: "PodReadyToStartContainers", status: "False" }];
  return { ...pod, status: { ...pod.status, conditions } };
}

describe("a container that is not made", () => {
  test.each([
    ["FailedMount", 'MountVolume.SetUp failed for volume "c" : secret "tls" not found', "missing-reference"],
    [
      "FailedMount",
      'MountVolume.SetUp failed for volume "c" : references non-existent secret key: ca.crt',
      "missing-key",
    ],
    [
      "FailedAttachVolume",
      'Multi-Attach error for volume "pvc-1" Volume is already exclusively attached to one node and can\'t be attached to another',
      "volume-attached-elsewhere",
    ],
    [
      "FailedAttachVolume",
      'AttachVolume.Attach failed for volume "pvc-1" : rpc error: code = Internal',
      "volume-attach-failed",
    ],
    [
      "FailedMount",
      'MountVolume.MountDevice failed for volume "pvc-1" : mount failed: exit status 32',
      "volume-mount-failed",
    ],
    [
      "FailedMount",
      "Unable to attach or mount volumes: unmounted volumes=[data], timed out waiting for the condition",
      "volume-mount-failed",
    ],
    [
      "FailedCreatePodSandBox",
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "a": plugin type="calico" failed (add)',
      "pod-network-failed",
    ],
    [
      "NetworkNotReady",
      "network is not ready: container runtime network not ready: cni plugin not initialized",
      "pod-network-failed",
    ],
    [
      "FailedCreatePodSandBox",
      'plugin type="host-local" failed (add): failed to allocate for range 0: no IP addresses available in range set: 10.244.1.1-10.244.1.254',
      "pod-addresses-exhausted",
    ],
    [
      "FailedCreatePodSandBox",
      "runc create failed: unable to start container process: fork/exec: cannot allocate memory",
      "node-memory-fragmented",
    ],
    [
      "FailedCreatePodSandBox",
      "container init was OOM-killed (memory limit too low?)",
      "memory-limit-too-small",
    ],
    [
      "Failed",
      'Error: failed to reserve container name "main_p_d_u_0": name "main_p_d_u_0" is reserved for "abc"',
      "container-name-taken",
    ],
    [
      "Failed",
      'Error: Conflict. The container name "/k8s_main" is already in use by container abc',
      "container-name-taken",
    ],
    [
      "FailedCreatePodSandBox",
      "rpc error: code = Unavailable desc = connection error: dial unix /run/containerd/containerd.sock",
      "runtime-unavailable",
    ],
    ["FailedCreatePodSandBox", "mkdir /var/lib/kubelet/pods/a: no space left on device", "node-disk-full"],
  ])("%s: %s", (reason, message, code) => {
    expect(codeOf({ pod: waiting("ContainerCreating"), event: [reason, message] })).toBe(code);
  });

  test.each([
    [waiting("CreateContainerConfigError", "couldn't find key url in ConfigMap d/settings"), "missing-key"],
    [
      waiting("CreateContainerConfigError", "container has runAsNonRoot and image will run as root"),
      "root-refused",
    ],
    [
      waiting("ContainerCreating", undefined, { resources: { limits: { memory: "128m" } } }),
      "memory-limit-too-small",
    ],
    [waiting("ContainerCreating"), "creation-unexplained"],
    [withoutSandbox(waiting("ContainerCreating")), "pod-network-failed"],
  ])("by its own status: %#", (pod, code) => {
    expect(codeOf({ pod })).toBe(code);
  });

  test("on a node that is gone, or silent, the node is the cause", () => {
    expect(codeOf({ pod: waiting("ContainerCreating"), nodes: [ready("n2")] })).toBe("node-not-reporting");
    expect(codeOf({ pod: waiting("ContainerCreating"), nodes: [ready("n1", { ready: "Unknown" })] })).toBe(
      "node-not-reporting",
    );
  });

  test("a ConfigMap or key that is not in the list is found without any event", () => {
    const env = [{ name: "URL", valueFrom: { configMapKeyRef: { name: "settings", key: "url" } } }];
    const pod = waiting("ContainerCreating", undefined, { env });
    expect(codeOf({ pod })).toBe("missing-reference");
    expect(codeOf({ pod, maps: [{ namespace: "d", name: "settings", keys: ["uri"] }] })).toBe("missing-key");
    expect(codeOf({ pod, maps: [{ namespace: "d", name: "settings", keys: ["url"] }] })).toBe(
      "creation-unexplained",
    );
  });
});

function pending(message: string | null, spec: object = {}): Pod {
  const condition = {
    type: "PodScheduled",
    status: "False",
    reason: "Unschedulable",
    message: message ?? "",
  };
  return {
    spec: { containers: [{ name: "main" }], ...spec },
    status: { phase: "Pending", ...(message !== null && { conditions: [condition] }) },
  };
}

describe("a pod without a node", () => {
  test.each([
    ["0/3 nodes are available: 3 Insufficient memory.", "resources-insufficient"],
    [
      "0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.",
      "resources-insufficient",
    ],
    [
      "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.",
      "selector-matches-no-node",
    ],
    ["0/3 nodes are available: 3 node(s) had untolerated taint {dedicated: gpu}.", "taint-not-tolerated"],
    [
      "0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 node(s) were unschedulable.",
      "nodes-cordoned",
    ],
    [
      "0/2 nodes are available: 2 node(s) had untolerated taint {node.kubernetes.io/unreachable: }.",
      "nodes-not-ready",
    ],
    [
      "0/3 nodes are available: 3 node(s) didn't have free ports for the requested pod ports.",
      "host-port-taken",
    ],
    ["0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules.", "pod-affinity-unmet"],
    ["0/3 nodes are available: 3 node(s) didn't match pod topology spread constraints.", "spread-unmet"],
    [
      "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had volume node affinity conflict.",
      "volume-in-another-zone",
    ],
    [
      "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
      "claim-unbound",
    ],
    ['0/3 nodes are available: persistentvolumeclaim "data" not found.', "claim-unbound"],
    ["0/3 nodes are available: 3 node(s) exceed max volume count.", "volume-count-reached"],
  ])("%s", (message, code) => {
    expect(codeOf({ pod: pending(message), nodes: null })).toBe(code);
  });

  const elsewhere =
    "0/2 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint {pool: gpu}.";
  const nodes = [
    ready("n1"),
    ready("n2", { labels: { gpu: "true" }, taints: [{ key: "pool", value: "gpu", effect: "NoSchedule" }] }),
  ];

  test("a selector that leaves a tainted node: the taint is the cause, not the selector", () => {
    expect(codeOf({ pod: pending(elsewhere, { nodeSelector: { gpu: "true" } }), nodes })).toBe(
      "taint-not-tolerated",
    );
    expect(codeOf({ pod: pending(elsewhere, { nodeSelector: { gpu: "yes" } }), nodes })).toBe(
      "selector-matches-no-node",
    );
  });

  test("a request that no node could ever meet outranks nodes that are full", () => {
    const containers = [{ name: "main", resources: { requests: { cpu: "64" } } }];
    const message = "0/1 nodes are available: 1 Insufficient cpu.";
    expect(codeOf({ pod: pending(message, { containers }) })).toBe("larger-than-any-node");
  });

  test("gated, or seen by no scheduler", () => {
    const gated = pending("Scheduling is blocked due to non-empty scheduling gates", {
      schedulingGates: [{ name: "a/b" }],
    });
    const [condition] = gated.status?.conditions ?? [];
    if (condition) condition.reason = "SchedulingGated";
    expect(codeOf({ pod: gated })).toBe("scheduling-gated");
    expect(codeOf({ pod: pending(null) })).toBe("no-scheduler");
  });
});

function running(more: object, conditions: object[] = []): Pod {
  const status = {
    name: "main",
    image: "i",
    imageID: "",
    ready: false,
    started: true,
    restartCount: 0,
    state: { running: { startedAt: long } },
  };
  return {
    spec: { nodeName: "n1", containers: [{ name: "main", ...more }] },
    status: {
      phase: "Running",
      startTime: long,
      conditions: [
        { type: "Ready", status: "False", reason: "ContainersNotReady", lastTransitionTime: long },
        { type: "ContainersReady", status: "False", lastTransitionTime: long },
        ...(conditions as []),
      ],
      containerStatuses: [{ ...status, ...("started" in more ? { started: false } : {}) }],
    },
  };
}

describe("a pod that runs and is not ready", () => {
  const http = { readinessProbe: { httpGet: { port: 80 } } };
  const exec = { readinessProbe: { exec: { command: ["x"] } } };
  test.each([
    [
      'Readiness probe failed: Get "http://10.0.0.1:80/": dial tcp 10.0.0.1:80: connect: connection refused',
      http,
      "readiness-port-closed",
    ],
    [
      'Readiness probe failed: Get "http://10.0.0.1:80/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
      http,
      "readiness-timeout",
    ],
    ["Readiness probe failed: HTTP probe failed with statuscode: 503", http, "readiness-answers-error"],
    ["Readiness probe failed: cat: /tmp/ready: No such file or directory", exec, "readiness-command-failed"],
    [
      "Startup probe failed: dial tcp 10.0.0.1:80: connect: connection refused",
      { started: false, startupProbe: { tcpSocket: { port: 80 } } },
      "startup-unfinished",
    ],
  ])("%s", (message, spec, code) => {
    expect(codeOf({ pod: running(spec), event: ["Unhealthy", message] })).toBe(code);
  });

  test("a readiness gate that nobody has met", () => {
    const pod = running({}, [{ type: "target-health.example.com", status: "False" }]);
    const spec = {
      ...pod.spec,
      containers: pod.spec?.containers ?? [],
      readinessGates: [{ conditionType: "target-health.example.com" }],
    };
    expect(codeOf({ pod: { ...pod, spec } })).toBe("readiness-gate-unmet");
  });
});

describe("a pod that was deleted and does not go", () => {
  const deleted = (pod: Pod, more: object = {}): Pod => ({
    ...pod,
    metadata: { deletionTimestamp: long, ...more },
  });
  test.each([
    [deleted(waiting("x"), { finalizers: ["a/b"] }), undefined, "finalizer-holds"],
    [deleted(running({})), undefined, "runtime-out-of-step"],
    [
      deleted(running({})),
      ["FailedKillPod", "error killing pod: failed to kill container: rpc error"],
      "runtime-out-of-step",
    ],
    [
      deleted(waiting("x")),
      ["FailedUnmount", 'UnmountVolume.TearDown failed for volume "a": device or resource busy'],
      "volume-busy",
    ],
    [
      deleted(waiting("x")),
      ["FailedKillPod", "unlinkat /var/lib/kubelet/pods/a/volumes: operation not permitted"],
      "file-immutable",
    ],
    [deleted(waiting("x")), ["FailedKillPod", "write: no space left on device"], "node-disk-full"],
    [deleted(waiting("x")), undefined, "terminating-unexplained"],
  ] as [Pod, Case["event"], string][])("%#", (pod, event, code) => {
    expect(codeOf({ pod, event })).toBe(code);
  });

  test("within its grace period it is not stuck", () => {
    expect(codeOf({ pod: { ...running({}), metadata: { deletionTimestamp: "2026-11-20T11:59:00Z" } } })).toBe(
      "nothing",
    );
  });
});

describe("a container that ends", () => {
  const crashing = (terminated: object, spec: object = {}): Pod => {
    const pod = waiting("CrashLoopBackOff", "back-off", spec);
    const [status] = pod.status?.containerStatuses ?? [];
    if (status)
      Object.assign(status, {
        restartCount: 7,
        lastState: { terminated: { startedAt: long, finishedAt: long, ...terminated } },
      });
    return pod;
  };
  const limited = { resources: { limits: { memory: "64Mi" } } };
  test.each([
    [crashing({ exitCode: 137, reason: "OOMKilled" }, limited), "out-of-memory"],
    [crashing({ exitCode: 137, reason: "OOMKilled" }), "node-out-of-memory"],
    [crashing({ exitCode: 137, reason: "Error" }), "killed"],
    [crashing({ exitCode: 1, reason: "Error" }), "application-error"],
    [
      crashing({
        exitCode: 1,
        reason: "Error",
        message: "dial tcp: lookup db on 10.96.0.10:53: no such host",
      }),
      "name-resolution-failed",
    ],
    [
      crashing({ exitCode: 1, reason: "Error", message: "environment variable DB_URL is not set" }),
      "configuration-wrong",
    ],
    [crashing({ exitCode: 0, reason: "Completed" }), "ended-cleanly"],
  ])("%#", (pod, code) => {
    expect(codeOf({ pod })).toBe(code);
  });
});

describe("odd pods", () => {
  test.each([
    [{}, "no-scheduler"],
    [{ status: {} }, "no-scheduler"],
    [{ spec: { nodeName: "n1", containers: [] }, status: { phase: "Pending" } }, "creation-unexplained"],
    [{ spec: { containers: [] }, status: { phase: "Failed" } }, "end-unexplained"],
    [{ spec: { containers: [] }, status: { phase: "Succeeded" } }, "nothing"],
  ] as [Pod, string][])("%#", (pod, code) => {
    expect(codeOf({ pod })).toBe(code);
  });
});

test("the scheduler's sums are read whatever stands around them", () => {
  expect(
    readRefusal(
      "0/5 nodes are available: 2 Insufficient cpu, 3 node(s) had untolerated taint {a: b, c}. preemption: 0/5 x",
    ),
  ).toEqual({
    total: 5,
    reasons: [
      { nodes: 2, text: "Insufficient cpu" },
      { nodes: 3, text: "node(s) had untolerated taint {a: b, c}" },
    ],
  });
  expect(readRefusal("no nodes available to schedule pods")).toBeNull();
});
