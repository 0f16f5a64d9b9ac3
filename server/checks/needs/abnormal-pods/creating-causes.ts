import { tooLittleMemory } from "./memory-limit.ts";
import { missingKeys, missingReferences } from "./references.ts";
import {
  type Cause,
  hears,
  nodeDiskFull,
  nodeNotReporting,
  nodePressure,
  nodeSilent,
  when,
} from "./scene.ts";
import { volumeCauses } from "./volume-causes.ts";

/** Why a pod that has a node gets no container. */

export const creatingCauses: Cause[] = [
  {
    code: "missing-reference",
    name: {
      en: "a ConfigMap, Secret or claim it names does not exist",
      "zh-CN": "它引用的 ConfigMap、Secret 或 PVC 不存在",
    },
    step: {
      en: "Create what is missing in the pod's namespace, or mark the reference optional. The pod then goes on by itself.",
      "zh-CN": "在 Pod 的命名空间里创建缺少的对象，或把引用标为 optional。随后 Pod 会自己继续。",
    },
    weigh: (scene) => [
      ...hears(
        scene,
        7,
        /(configmap|secret|persistentvolumeclaim)s? ".*" not found|references non-existent/i,
      ),
      ...missingReferences(scene, 6),
    ],
  },
  {
    code: "missing-key",
    name: {
      en: "the ConfigMap or Secret is there, the key in it is not",
      "zh-CN": "ConfigMap 或 Secret 存在，但里面没有这个键",
    },
    step: {
      en: "Add the key, or correct its name in the pod template.",
      "zh-CN": "补上这个键，或改正 Pod 模板里的键名。",
    },
    weigh: (scene) => [
      ...hears(scene, 10, /couldn't find key|non-existent (config|secret) key/i),
      ...missingKeys(scene, 6),
    ],
  },
  ...volumeCauses,
  {
    code: "pod-addresses-exhausted",
    name: { en: "its node has no free pod address left", "zh-CN": "节点上的 Pod 地址已经用完" },
    step: {
      en: "Compare the addresses handed out on the node with the pods there: leftovers of removed pods hold them, or the range is smaller than maxPods.",
      "zh-CN": "把节点上已分配的地址与实际 Pod 对照：是删除后残留没有释放，还是网段小于 maxPods。",
    },
    weigh: (scene) =>
      hears(
        scene,
        10,
        /no (more )?(free|available) (IP|address)|failed to allocate for range|no IP addresses available|IP pool .*exhausted/i,
      ),
  },
  {
    code: "pod-network-failed",
    name: { en: "the pod's network could not be set up (CNI)", "zh-CN": "Pod 网络配置失败（CNI）" },
    step: {
      en: "Look at the network plugin's pod on that node and at its configuration in /etc/cni/net.d.",
      "zh-CN": "查看该节点上网络插件的 Pod，以及 /etc/cni/net.d 里的配置。",
    },
    weigh: (scene) => [
      ...hears(scene, 7, /\bcni\b|network plugin|network for (sandbox|pod)|network is not ready/i),
      ...nodePressure(scene, "NetworkUnavailable", 4),
      ...when(
        scene.pod.asked?.references.length === 0 &&
          scene.pod.conditions.some(({ type }) => type === "PodReadyToStartContainers"),
        3,
        {
          en: "PodReadyToStartContainers is not True and it mounts nothing: only network and runtime are left",
          "zh-CN": "PodReadyToStartContainers 不是 True，而它没有挂载任何东西：只剩网络和运行时两种可能",
        },
      ),
    ],
  },
  {
    code: "node-memory-fragmented",
    name: {
      en: "the kernel of its node finds no memory in one piece (or none at all)",
      "zh-CN": "节点内核分配不出（连续的）内存，多半是内存碎片化",
    },
    step: {
      en: "Look for “page allocation failure” in the kernel log and at /proc/buddyinfo; drop caches or compact memory as first aid, raise vm.min_free_kbytes.",
      "zh-CN":
        "在内核日志里找 page allocation failure，看 /proc/buddyinfo；应急可清缓存或做内存规整，并调大 vm.min_free_kbytes。",
    },
    weigh: (scene) => [
      ...hears(scene, 8, /cannot allocate memory|page allocation failure/i),
      ...(scene.said.some(({ text }) => /cannot allocate memory/i.test(text))
        ? nodePressure(scene, "MemoryPressure", 1)
        : []),
    ],
  },
  {
    code: "memory-limit-too-small",
    name: {
      en: "its memory limit is too small to start anything",
      "zh-CN": "内存 limit 太小，什么都启动不了",
    },
    step: {
      en: "Check the unit: 128m is an eighth of a byte, 128M are megabytes, 128Mi mebibytes.",
      "zh-CN": "检查单位：128m 是 0.128 字节，128M 是兆字节，128Mi 是 MiB。",
    },
    weigh: (scene) => [
      ...hears(scene, 8, /memory limit too low|minimum memory limit|OOM-killed/i),
      ...tooLittleMemory(scene, 6),
    ],
  },
  {
    code: "container-name-taken",
    name: { en: "the runtime holds another container of that name", "zh-CN": "运行时里已有同名容器" },
    step: {
      en: "List containers on the node with crictl ps --all, remove the leftover; often the first attempt still hangs in the runtime.",
      "zh-CN": "在节点上用 crictl ps --all 查看，删除残留的容器；常见情形是上一次创建还卡在运行时里。",
    },
    weigh: (scene) =>
      hears(scene, 9, /name .* is (already in use|reserved)|failed to reserve (container|sandbox) name/i),
  },
  {
    code: "root-refused",
    name: {
      en: "runAsNonRoot is set and the image runs as root",
      "zh-CN": "设置了 runAsNonRoot，而镜像以 root 运行",
    },
    step: {
      en: "Set runAsUser to a number, or USER in the image to one.",
      "zh-CN": "把 runAsUser 设为数字 UID，或在镜像里用数字 USER。",
    },
    weigh: (scene) => hears(scene, 10, /runAsNonRoot|will run as root/i),
  },
  {
    code: "runtime-unavailable",
    name: {
      en: "the container runtime of its node does not answer as it should",
      "zh-CN": "节点上的容器运行时应答不正常",
    },
    step: {
      en: "On the node: crictl info, the runtime's log, the load of its disk. After a change of versions look for leftovers of the old engine.",
      "zh-CN": "在节点上执行 crictl info，看运行时日志和磁盘负载；换过版本的话，检查旧引擎是否卸载干净。",
    },
    weigh: (scene) =>
      hears(scene, 4, /rpc error|\.sock|runtime (is down|not ready)|DeadlineExceeded|context deadline/i),
  },
  nodeDiskFull,
  { ...nodeNotReporting, weigh: (scene) => nodeSilent(scene, 8) },
];

/** Why an init container still runs. */
export const initCauses: Cause[] = [
  {
    code: "init-container-waits",
    name: {
      en: "an init container has not ended, and nothing else starts before it has",
      "zh-CN": "有一个 init 容器还没结束，而后面的容器都要等它",
    },
    step: {
      en: "Read its log: most wait for a name, a port or a migration. Give the wait an end of its own.",
      "zh-CN": "看它的日志：多半在等某个域名、端口或数据迁移。等待应当有自己的期限。",
    },
    weigh: ({ container }) => [
      ...when(container?.runningSince !== undefined, 6, {
        en: `init container ${container?.name} runs since ${container?.runningSince}`,
        "zh-CN": `init 容器 ${container?.name} 从 ${container?.runningSince} 起一直在运行`,
      }),
      ...when(container?.restarts === 0, 1, {
        en: "it has not failed: 0 restarts",
        "zh-CN": "它没有失败过：重启 0 次",
      }),
    ],
  },
  { ...nodeNotReporting, weigh: (scene) => nodeSilent(scene, 8) },
];
