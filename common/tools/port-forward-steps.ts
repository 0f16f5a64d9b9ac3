/** What happens, in its order, when a port is forwarded to a pod and something connects to it. */

export const forwardRuntimes = ["containerd", "cri-o", "cri-dockerd", "dockershim"] as const;
export type ForwardRuntime = (typeof forwardRuntimes)[number];
export const forwardProtocols = ["websocket", "spdy"] as const;
export type ForwardProtocol = (typeof forwardProtocols)[number];

/** From the person's machine to the pod. */
export const forwardActors = ["kubectl", "apiserver", "kubelet", "runtime", "pod"] as const;
export type ForwardActor = (typeof forwardActors)[number];

/** `to` is absent where somebody does something by itself; `through` are those who only hand on. */
export type ForwardStep = {
  id:
    | "ask"
    | "authorize"
    | "relay"
    | "cri"
    | "url"
    | "inspect"
    | "listen"
    | "connect"
    | "enter"
    | "helpers"
    | "dial"
    | "answer"
    | "end";
  from: ForwardActor;
  to?: ForwardActor;
};

/** Without a runtime interface the kubelet did itself what a runtime does now. */
export function forwardSteps(runtime: ForwardRuntime): ForwardStep[] {
  const own = runtime === "dockershim";
  const worker = own ? "kubelet" : "runtime";
  const helped = own || runtime === "cri-dockerd";
  return [
    { id: "ask", from: "kubectl", to: "apiserver" },
    { id: "authorize", from: "apiserver" },
    { id: "relay", from: "apiserver", to: "kubelet" },
    ...(own
      ? [{ id: "inspect", from: "kubelet", to: "runtime" } as const]
      : [
          { id: "cri", from: "kubelet", to: "runtime" } as const,
          { id: "url", from: "runtime", to: "kubelet" } as const,
        ]),
    { id: "listen", from: "kubectl" },
    { id: "connect", from: "kubectl", to: worker },
    { id: helped ? "helpers" : "enter", from: worker },
    { id: "dial", from: worker, to: "pod" },
    { id: "answer", from: "pod", to: "kubectl" },
    { id: "end", from: "kubectl", to: worker },
  ];
}

/** The right that is asked for: the verb follows the method of the upgrade, and newer servers ask for one more. */
export function forwardVerbs(protocol: ForwardProtocol): string {
  return protocol === "spdy" ? "create" : "get, create";
}
