import { expect, test } from "vitest";
import { forwardActors, forwardRuntimes, forwardSteps, forwardVerbs } from "./port-forward-steps.ts";

const ids = (runtime: (typeof forwardRuntimes)[number]) => forwardSteps(runtime).map(({ id }) => id);

test("nothing touches the pod before something has connected to the local port", () => {
  for (const runtime of forwardRuntimes) {
    const order = ids(runtime);
    expect(order.indexOf("authorize")).toBeLessThan(order.indexOf("relay"));
    expect(order.indexOf("listen")).toBeLessThan(order.indexOf("connect"));
    expect(order.indexOf("connect")).toBeLessThan(order.indexOf("dial"));
    expect(forwardSteps(runtime).filter(({ to }) => to === "pod")).toHaveLength(1);
  }
});

test("only what speaks to Docker needs programs of the node, and the dockershim is the kubelet itself", () => {
  expect(ids("containerd")).toContain("enter");
  expect(ids("cri-o")).not.toContain("helpers");
  expect(ids("cri-dockerd")).toEqual(expect.arrayContaining(["cri", "url", "helpers"]));
  expect(ids("dockershim")).not.toContain("cri");
  expect(forwardSteps("dockershim").find(({ id }) => id === "dial")?.from).toBe("kubelet");
});

test("every step is somebody's, and no step is told twice", () => {
  for (const runtime of forwardRuntimes) {
    expect(new Set(ids(runtime)).size).toBe(ids(runtime).length);
    for (const { from, to } of forwardSteps(runtime)) expect(forwardActors).toContain(to ?? from);
  }
});

test("the verb follows the protocol", () => {
  expect(forwardVerbs("spdy")).toBe("create");
  expect(forwardVerbs("websocket")).toBe("get, create");
});
