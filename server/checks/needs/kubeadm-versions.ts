/** kubeadm's own API versions and what became of them; minor versions are those of 1. */

export type KubeadmApi = { since: number; deprecatedIn?: number; removedIn?: number };

export const kubeadmApis: Record<string, KubeadmApi> = {
  v1alpha1: { since: 4, removedIn: 12 },
  v1alpha2: { since: 11, removedIn: 13 },
  v1alpha3: { since: 12, removedIn: 15 },
  v1beta1: { since: 13, deprecatedIn: 17, removedIn: 22 },
  v1beta2: { since: 15, deprecatedIn: 22, removedIn: 27 },
  v1beta3: { since: 22, deprecatedIn: 31 },
  v1beta4: { since: 31 },
};

/** Flags that a component no longer knows: with one of them it does not start. */
export const removedFlags: Record<string, Record<string, number>> = {
  apiServer: {
    "basic-auth-file": 19,
    "insecure-bind-address": 24,
    "insecure-port": 24,
    "kubelet-https": 22,
  },
  controllerManager: {
    address: 24,
    port: 24,
    "experimental-cluster-signing-duration": 25,
    "horizontal-pod-autoscaler-use-rest-clients": 25,
    "enable-taint-manager": 27,
    "pod-eviction-timeout": 27,
  },
  scheduler: { address: 24, port: 24, "algorithm-provider": 23, "policy-config-file": 23 },
};
