import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type EnterPodInput,
  enterPodProblems,
  enterPodSteps,
  podRuntimes,
  readContainerId,
} from "./enter-pod.ts";

/** The steps in a real sh, with programs in place of kubectl, sudo and those behind it that write down their words. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "enter-pod-"));
  mkdirSync(join(folder, "bin"));
  for (const tool of ["kubectl", "docker", "crictl", "nsenter"]) {
    const answer = tool === "docker" || tool === "crictl" ? "echo 4711" : ":";
    const script = `#!/bin/sh\n{ printf '%s\\0' ${tool} "$@"; printf '\\n'; } >> "$LOG"\n${answer}\n`;
    writeFileSync(join(folder, "bin", tool), script, { mode: 0o755 });
  }
  writeFileSync(join(folder, "bin", "sudo"), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(input: EnterPodInput): string[][] {
  const log = join(folder, "log");
  writeFileSync(log, "");
  const code = enterPodSteps(input)
    .map((step) => (step.id === "id" ? "ID=abc123" : step.code))
    .join("\n");
  execFileSync("sh", ["-e", "-c", code], {
    env: { NODE_ENV: "test", PATH: `${folder}/bin:/usr/bin:/bin`, LOG: log },
  });
  return readFileSync(log, "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => line.split("\0").slice(0, -1));
}

const usual: EnterPodInput = {
  ...{ namespace: "shop", pod: "web-6c9f-x2b4q", container: "app" },
  ...{ runtime: "containerd", enter: "net", command: "ip address" },
};

test.each(podRuntimes)("%s: every program gets the words it was meant to get", (runtime) => {
  const [get = [], inspect = [], enter, debug = []] = run({ ...usual, runtime });
  expect(get.slice(0, 6)).toEqual(["kubectl", "get", "pod", "web-6c9f-x2b4q", "--namespace", "shop"]);
  expect(get.at(-1)).toContain('containerStatuses[?(@.name=="app")].containerID');
  expect(inspect[0]).toBe(runtime === "docker" ? "docker" : "crictl");
  expect(inspect.at(-1)).toBe("abc123");
  expect(enter).toEqual(["nsenter", "--target", "4711", "--net", "--", "ip", "address"]);
  expect(debug.slice(-2)).toEqual(["--target", "app"]);
});

test("a command with quotes and shell characters stays words", () => {
  const [, , enter] = run({ ...usual, command: "sh -c 'echo $(id); ls' \"a b\"", enter: "all" });
  expect(enter).toEqual(["nsenter", "--target", "4711", "--all", "--", "sh", "-c", "echo $(id); ls", "a b"]);
});

test("without a command nsenter starts a shell, without a container the first one is meant", () => {
  const [get, , enter] = run({ ...usual, container: "", command: "" });
  expect(get?.at(-1)).toContain("containerStatuses[0]");
  expect(enter).toEqual(["nsenter", "--target", "4711", "--net"]);
});

test("names that Kubernetes would not take are refused", () => {
  const wrong = { ...usual, namespace: "A", pod: "$(id)", container: "x;y", command: "a\nb" };
  expect(enterPodProblems(wrong)).toEqual(["namespace", "pod", "container", "command"]);
  expect(enterPodProblems(usual)).toEqual([]);
});

test("the runtime is in front of a container's identifier", () => {
  const id = "a".repeat(64);
  expect(readContainerId(`containerd://${id}`)).toEqual({ runtime: "containerd", id });
  expect(readContainerId(`rkt://${id}`)).toBeNull();
  expect(readContainerId("")).toBeNull();
});
