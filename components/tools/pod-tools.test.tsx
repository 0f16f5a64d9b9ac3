import { expect, test } from "vitest";
import { toolWords } from "#testing/render-tool.tsx";

const enterPod = await toolWords("enter-pod");
const pidOne = await toolWords("pid-1");
const portForward = await toolWords("port-forward-steps");

test("PID 1: a command and where it runs become an answer and its fixes", () => {
  expect(pidOne()).toContain("PID 1 is npm; the program runs in a child process of it.");
  expect(pidOne("?pid-1.command=3")).toContain("PID 1 is 3 itself. The shell before it has made way.");
  const chained = pidOne("?pid-1.command=./migrate+%26%26+./server&pid-1.place=docker");
  expect(chained).toContain("SIGTERM is lost");
  expect(chained).toContain("./migrate &amp;&amp; exec ./server");
  expect(chained).toContain("docker run --init");
  expect(pidOne("?pid-1.command=", "zh-CN")).toContain("没有命令时");
});

test("a pod's namespace: one command for each runtime, and none for a name that cannot be", () => {
  expect(enterPod()).toContain("crictl inspect");
  expect(enterPod("?enter-pod.pod=3")).toContain("default/3");
  expect(enterPod("?enter-pod.runtime=docker&enter-pod.enter=all")).toContain("docker inspect");
  const wrong = enterPod("?enter-pod.pod=A_b", "zh-CN");
  expect(wrong).toContain("请先改正标出的字段");
  expect(wrong).not.toContain("nsenter");
});

test("port-forward: one step at a time, and what it proves", () => {
  expect(portForward()).toContain("Step 1: kubectl asks for pods/…/portforward");
  expect(portForward("?forward.step=6")).toContain("Nobody has yet asked the program in the pod.");
  expect(portForward("?forward.step=8&forward.runtime=cri-dockerd")).toContain("socat not found");
  expect(portForward("?forward.step=2&forward.protocol=spdy", "zh-CN")).toContain("动词为 create；");
  expect(portForward("?forward.step=99")).toContain("Step 11: The local connection closes");
});
