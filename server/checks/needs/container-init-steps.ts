import { shellCommand } from "#common/kubernetes/shell.ts";
import type { RemedyStep } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import type { EngineContainer } from "./container-inits.ts";

/** A container that was made again has another number on the host. */
export function verifyStep(engine: EngineContainer | null): RemedyStep {
  if (!engine)
    return {
      purpose: "verify",
      text: {
        en: "Once the container is made again, run this check again: it reads the masks of its new PID 1",
        "zh-CN": "重建容器后再运行一次本检查，它会读新的 PID 1 的掩码",
      },
    };
  const ask = shellCommand(engine.tool ?? "docker", "inspect", "--format", "{{.State.Pid}}", engine.name);
  return {
    purpose: "verify",
    text: {
      en: "The masks of the process that is PID 1 then; tini shows none and waits in sigtimedwait",
      "zh-CN": "之后再看新的 PID 1 的掩码；tini 的掩码全为 0，等在 sigtimedwait 里",
    },
    command: `p=$(sudo ${ask}); sudo grep -E '^(NSpid|Sig(Cgt|Blk)):|sigtimedwait' /proc/$p/status /proc/$p/wchan`,
  };
}

/** How every new container gets an init, with each engine. */
const setting: Record<"docker" | "podman", Text> = {
  docker: {
    en: 'Create the container again with --init (init: true in Compose); for all of them: "init": true in /etc/docker/daemon.json',
    "zh-CN":
      '重建容器时加 --init（Compose 里写 init: true）；想对所有容器生效，在 /etc/docker/daemon.json 里写 "init": true',
  },
  podman: {
    en: "Create the container again with --init (RunInit=true in a Quadlet); for all of them: init = true below [containers] in /etc/containers/containers.conf",
    "zh-CN":
      "重建容器时加 --init（Quadlet 里写 RunInit=true）；想对所有容器生效，在 /etc/containers/containers.conf 的 [containers] 下写 init = true",
  },
};

export function fixStep(engine: EngineContainer | null): RemedyStep {
  if (!engine)
    return {
      purpose: "fix",
      text: {
        en: "Let the program be PID 1 by exec, put tini before it, or set shareProcessNamespace: true for the pod",
        "zh-CN": "用 exec 让程序自己成为 PID 1，在前面加 tini，或给 Pod 设 shareProcessNamespace: true",
      },
    };
  return {
    purpose: "fix",
    text: setting[engine.tool ?? "docker"],
    command: shellCommand(
      engine.tool ?? "docker",
      "inspect",
      "--format",
      "{{.HostConfig.Init}} {{.Path}} {{.Config.StopSignal}}",
      engine.name,
    ),
  };
}
