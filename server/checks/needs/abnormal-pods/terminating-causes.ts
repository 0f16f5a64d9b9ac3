import { type Cause, hears, nodeDiskFull, nodeNotReporting, nodeSilent, type Scene, when } from "./scene.ts";

/** Why a deleted pod does not go. */

const alive = ({ pod }: Scene) => pod.containers.filter(({ runningSince }) => runningSince !== undefined);
const nodeReady = ({ node }: Scene) => node !== null && node !== "gone" && node.ready === "True";

export const terminatingCauses: Cause[] = [
  {
    code: "finalizer-holds",
    name: { en: "a finalizer holds the object", "zh-CN": "对象上还有 finalizer" },
    step: {
      en: "Find the controller that owes the clean-up and let it do it. Removing the finalizer by hand skips that clean-up.",
      "zh-CN": "找到负责清理的控制器，让它完成。手工去掉 finalizer 等于跳过清理。",
    },
    weigh: (scene) => {
      const { finalizers } = scene.pod;
      if (!finalizers) return [];
      const running = alive(scene);
      return [
        { points: 5, words: `metadata.finalizers: ${finalizers.join(", ")}` },
        ...(running.length > 0
          ? [
              {
                points: -3,
                words: {
                  en: `${running.length} containers still run, so it is not the finalizer alone`,
                  "zh-CN": `还有 ${running.length} 个容器在运行，所以不只是 finalizer 的问题`,
                },
              },
            ]
          : [{ points: 3, words: { en: "its containers have ended", "zh-CN": "它的容器都已结束" } }]),
      ];
    },
  },
  { ...nodeNotReporting, weigh: (scene) => nodeSilent(scene, 8) },
  {
    code: "file-immutable",
    name: {
      en: "a file below its folder cannot be removed (attribute i, or still in use)",
      "zh-CN": "它目录下有文件删不掉（带 i 属性，或仍被占用）",
    },
    step: {
      en: "On the node: lsattr -R below the pod's folder; take the attribute off with chattr -i.",
      "zh-CN": "在节点上对 Pod 目录执行 lsattr -R，用 chattr -i 去掉属性。",
    },
    weigh: (scene) => hears(scene, 9, /operation not permitted|immutable/i),
  },
  {
    code: "volume-busy",
    name: { en: "a volume cannot be unmounted or detached", "zh-CN": "卷无法卸载或分离" },
    step: {
      en: "On the node see what still holds the mount (findmnt, lsof); often a second mount namespace or a dead NFS server.",
      "zh-CN": "在节点上看谁还占着挂载点（findmnt、lsof）；常见的是另一个挂载命名空间，或失联的 NFS 服务器。",
    },
    weigh: (scene) =>
      hears(scene, 7, /resource busy|target is busy|UnmountVolume|UnmountDevice|failed to unmount/i),
  },
  {
    code: "runtime-out-of-step",
    name: {
      en: "the runtime does not end its containers (runtime and shim out of step, or a process the kernel cannot kill)",
      "zh-CN": "运行时没能结束它的容器（运行时与 shim 状态不一致，或进程杀不掉）",
    },
    step: {
      en: "On the node: crictl ps, the state of the process (D means waiting for the kernel), the runtime's log; restart the runtime before the node.",
      "zh-CN": "在节点上看 crictl ps、进程状态（D 表示在等内核）和运行时日志；先重启运行时，再考虑重启节点。",
    },
    weigh: (scene) => {
      const running = alive(scene);
      return [
        ...hears(
          scene,
          6,
          /FailedKillPod|KillPodSandbox|KillContainer|error killing pod|StopContainer|StopPodSandbox/i,
        ),
        ...when(running.length > 0 && nodeReady(scene), 4, {
          en: `${running.map(({ name }) => name).join(", ")} still run past the grace period on a node that is Ready`,
          "zh-CN": `节点是 Ready 的，宽限期已过，而 ${running.map(({ name }) => name).join("、")} 仍在运行`,
        }),
      ];
    },
  },
  nodeDiskFull,
];
