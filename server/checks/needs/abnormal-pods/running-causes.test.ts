import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { describe, expect, test } from "vitest";
import { type CauseCase, codeOf, long, running, waiting } from "./testing/cases.ts";

/** Pods that had started, each with the cause it must lead to. */

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
  ] as [Pod, CauseCase["event"], string][])("%#", (pod, event, code) => {
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
