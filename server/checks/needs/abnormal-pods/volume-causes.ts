import { type Cause, hears, when } from "./scene.ts";

/** Why a volume does not reach its pod. */
export const volumeCauses: Cause[] = [
  {
    code: "volume-attached-elsewhere",
    name: { en: "its volume is still attached to another node", "zh-CN": "它的卷还挂在另一个节点上" },
    step: {
      en: "See which pod holds it. After the loss of a node the detach waits six minutes, or for ever if the node is not declared out of service.",
      "zh-CN": "看是哪个 Pod 占着它。节点失联后要等六分钟才强制卸载；不声明节点停用，可能一直等下去。",
    },
    weigh: (scene) =>
      hears(scene, 10, /Multi-Attach error|exclusively attached|already (used by|attached to) /i),
  },
  {
    code: "volume-attach-failed",
    name: { en: "its volume cannot be attached to the node", "zh-CN": "卷无法挂接到节点" },
    step: {
      en: "Look at the VolumeAttachment of that volume and at the log of the CSI driver's controller and of the controller manager.",
      "zh-CN": "查看该卷的 VolumeAttachment，以及 CSI 驱动控制器和 controller-manager 的日志。",
    },
    weigh: (scene) => {
      const heard = hears(scene, 7, /AttachVolume\.Attach failed|timed out waiting for external-attacher/i);
      const silent = scene.controllersSilentSeconds ?? 0;
      return [
        ...heard,
        ...when(heard.length > 0 && silent > 60, 2, {
          en: `the controller manager's lease is ${silent} s old`,
          "zh-CN": `controller-manager 的租约已有 ${silent} 秒没有更新`,
        }),
      ];
    },
  },
  {
    code: "volume-mount-failed",
    name: { en: "its volume cannot be mounted on the node", "zh-CN": "卷无法挂载到节点" },
    step: {
      en: "The event names volume and reason. Look at the CSI node plugin or the storage server, at the file system and at permissions.",
      "zh-CN": "事件里写明了卷和原因。检查 CSI 节点插件或存储服务端、文件系统和权限。",
    },
    weigh: (scene) =>
      hears(scene, 5, /MountVolume\.\w+ failed|Unable to attach or mount volumes|mount failed/i),
  },
];
