import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { describe, expect, test } from "vitest";
import { codeOf, ready, waiting } from "./testing/cases.ts";

/** The words of kubelets and runtimes, each with the cause it must lead to. */

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
