import { expect, test } from "vitest";
import { broken, stateOf } from "./container-task-findings.ts";
import { parseTasks } from "./container-tasks.ts";

const id = "7211ccc1d548acf634621631afbd3bc3e4b0ab56728c5d78ae5e60b1184281b1";
const kept = "/run/containers/storage/overlay-containers";
const record = (path: string) => `task\t${path}\t788`;
const read = (...lines: string[]) => parseTasks({ stdout: `${lines.join("\n")}\n` });

test("what Podman says runs is tended; that it said nothing is known", () => {
  const line = record(`${kept}/${id}/userdata/pidfile`);
  expect(read(line, "asked", `up ${id}`, "answered")).toMatchObject({
    silent: false,
    tasks: [{ tended: true, engine: "podman" }],
  });
  expect(read(line, "asked", "up ", "answered")).toMatchObject({ silent: false, tasks: [{ tended: false }] });
  expect(read(line, "asked")).toMatchObject({ silent: true, tasks: [{ tended: false }] });
  expect(read(line).silent).toBeUndefined();
});

test.each([
  ["/run/containerd/io.containerd.runtime.v2.task/k8s.io/ID/init.pid", "sudo crictl rm --force ID"],
  [
    "/run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby/ID/init.pid",
    "sudo docker rm --force ID",
  ],
  [
    "/run/user/1000/docker/containerd/daemon/io.containerd.runtime.v2.task/moby/ID/init.pid",
    "cd / && sudo -H -u '#1000' env XDG_RUNTIME_DIR=/run/user/1000 DOCKER_HOST=unix:///run/user/1000/docker.sock docker rm --force ID",
  ],
  [
    "/run/user/1000/containers/overlay-containers/ID/userdata/pidfile",
    "cd / && sudo -H -u '#1000' env XDG_RUNTIME_DIR=/run/user/1000 podman rm --force ID",
  ],
  [
    "/run/containers/storage/overlay-containers/ID/userdata/pidfile",
    "if sudo podman container exists ID; then sudo podman rm --force ID; else sudo crictl rm --force ID; fi",
  ],
])("%s is removed by whoever made it", (path, command) => {
  const tasks = read(record(path.replace("ID", id)));
  const [task] = tasks.tasks;
  const state = task && stateOf(task);
  if (!task || state !== "gone") throw new Error("no record without a process");
  const { remedy } = broken({ machine: "node-1", tasks }, task, state);
  expect(remedy?.find(({ purpose }) => purpose === "fix")?.command).toBe(command.replaceAll("ID", id));
});
