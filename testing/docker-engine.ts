import { busyboxImage, hasStaticBusybox, imageName } from "./busybox-image.ts";
import { isInstalled, mayMakeHosts, type NamespacedHost, startNamespacedHost } from "./host-namespace.ts";

export const mayRunDocker = mayMakeHosts && hasStaticBusybox && isInstalled("dockerd", "docker");
export const dockerNeeds = "as root, with namespaces, docker.io and busybox-static";

export type DockerHost = NamespacedHost & {
  docker(...args: string[]): Promise<string>;
  /** a container that runs, by its name; what it runs is `sleep` unless said */
  container(name: string, options?: string, command?: string): Promise<void>;
  /** starts the engine and waits for its first answer */
  start(): Promise<void>;
  /** the engine and its containerd end at once, what they started goes on */
  crash(): Promise<void>;
};

/** A host with an engine of Docker that has one image. It starts its containerd itself, as without systemd. */
export async function startDockerHost(): Promise<DockerHost> {
  const host = await startNamespacedHost();
  const docker = (...args: string[]) => host.run(`docker ${args.join(" ")}`);
  const start = async () => {
    await host.run(
      `dockerd >>/var/log/dockerd 2>&1 & i=0
      until docker version >/dev/null 2>&1; do
        i=$((i + 1)); [ $i -lt 300 ] || { tail -n 20 /var/log/dockerd >&2; exit 1; }; sleep 0.05
      done`,
      { timeoutMs: 40_000 },
    );
  };
  const world: DockerHost = {
    ...host,
    docker,
    start,
    container: async (name, options = "", command = "sleep 3600") => {
      await docker("run", "--detach", "--name", name, options, imageName, command);
    },
    crash: async () => {
      const files = "/run/docker.pid /run/docker/containerd/containerd.pid";
      await host.run(
        `for f in ${files}; do p=$(cat $f); kill -KILL $p; while [ -e /proc/$p ]; do sleep 0.05; done; done`,
      );
    },
  };
  try {
    await start();
    await docker("load", "--input", busyboxImage(host.folder));
    return world;
  } catch (error) {
    await host.stop();
    throw error;
  }
}
