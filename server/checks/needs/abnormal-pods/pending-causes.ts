import {
  claimTrouble,
  deliberate,
  largerThanAny,
  refused,
  selects,
  tolerates,
  unheard,
} from "./pending-signals.ts";
import { type Cause, hears, when } from "./scene.ts";

/** Why no node was found: the scheduler's sums, and where nodes could be read the same question asked again. */

const notReadyTaint = /taint \{node\.kubernetes\.io\/(not-ready|unreachable)|node\(s\) were not ready/;

export const pendingCauses: Cause[] = [
  {
    code: "resources-insufficient",
    name: {
      en: "no node has enough left of what it requests",
      "zh-CN": "节点剩余资源不足以满足它的 request",
    },
    step: {
      en: "Lower the requests to what is used, remove what is no longer needed, or add nodes.",
      "zh-CN": "把 request 降到实际用量，清掉不再需要的工作负载，或增加节点。",
    },
    weigh: (scene) => refused(scene, /Insufficient |Too many pods/),
  },
  {
    code: "larger-than-any-node",
    name: {
      en: "it requests more than any single node has",
      "zh-CN": "它请求的资源超过了任何一个节点的容量",
    },
    step: {
      en: "Waiting cannot help. Correct the request (64 is 64 cores, 64m are 0.064), or add a larger kind of node.",
      "zh-CN": "等待没有用。改正 request（64 是 64 核，64m 才是 0.064 核），或加入更大规格的节点。",
    },
    weigh: largerThanAny,
  },
  {
    code: "selector-matches-no-node",
    name: {
      en: "no node matches its node selector or required affinity",
      "zh-CN": "没有节点符合它的 nodeSelector 或强制亲和规则",
    },
    step: {
      en: "Compare its rules with kubectl get nodes --show-labels; label the nodes or mend the rule.",
      "zh-CN": "把规则与 kubectl get nodes --show-labels 对照；给节点打标签，或改规则。",
    },
    weigh: (scene) => [...deliberate(scene, /node affinity\/selector|node selector/), ...selects(scene)],
  },
  {
    code: "taint-not-tolerated",
    name: {
      en: "the nodes it could use carry taints it does not tolerate",
      "zh-CN": "可用的节点带有它不容忍的污点",
    },
    step: {
      en: "Add a toleration if the pod belongs there, or remove a taint that was left behind.",
      "zh-CN": "确实该去那里就加上容忍；污点是遗留的就去掉。",
    },
    weigh: (scene) => [
      ...deliberate(scene, /untolerated taint (?!\{node\.kubernetes\.io)|had taints? /),
      ...tolerates(scene),
    ],
  },
  {
    code: "nodes-cordoned",
    name: { en: "the nodes it could use are cordoned", "zh-CN": "可用的节点都被设为不可调度" },
    step: {
      en: "Finish the maintenance and uncordon them; a drain that was given up leaves its node cordoned.",
      "zh-CN": "完成维护后执行 kubectl uncordon；中途放弃的 drain 会让节点一直处于不可调度。",
    },
    weigh: (scene) => refused(scene, /were unschedulable|taint \{node\.kubernetes\.io\/unschedulable/),
  },
  {
    code: "nodes-not-ready",
    name: { en: "the nodes it could use are not ready", "zh-CN": "可用的节点都没有就绪" },
    step: {
      en: "Look at the nodes first; their kubelet or their network is down.",
      "zh-CN": "先看节点：kubelet 或网络出了问题。",
    },
    weigh: (scene) => refused(scene, notReadyTaint),
  },
  {
    code: "host-port-taken",
    name: {
      en: "the host port it wants is taken on every node it could use",
      "zh-CN": "可用节点上它要的主机端口都被占用",
    },
    step: {
      en: "Free the port, choose another one, or go through a Service.",
      "zh-CN": "腾出端口、换一个端口，或改用 Service。",
    },
    weigh: (scene) => refused(scene, /free ports/),
  },
  {
    code: "pod-affinity-unmet",
    name: {
      en: "pod affinity or anti-affinity leaves no node",
      "zh-CN": "Pod 亲和或反亲和规则排除了所有节点",
    },
    step: {
      en: "With a required anti-affinity per host there can be no more replicas than nodes; prefer it, or add nodes.",
      "zh-CN": "按主机强制反亲和时，副本数不能超过节点数；改为尽量满足，或增加节点。",
    },
    weigh: (scene) => refused(scene, /pod (anti-)?affinity|anti-affinity rules|affinity rules/),
  },
  {
    code: "spread-unmet",
    name: { en: "its topology spread constraints leave no node", "zh-CN": "拓扑分布约束排除了所有节点" },
    step: {
      en: "One zone is full or gone: bring it back, raise maxSkew, or let whenUnsatisfiable be ScheduleAnyway.",
      "zh-CN": "某个可用区满了或没了：恢复它，调大 maxSkew，或把 whenUnsatisfiable 改成 ScheduleAnyway。",
    },
    weigh: (scene) => refused(scene, /topology spread/),
  },
  {
    code: "volume-in-another-zone",
    name: {
      en: "its volume lives in a zone or on a node where it cannot run",
      "zh-CN": "它的卷在另一个可用区（或节点），而它不能在那里运行",
    },
    step: {
      en: "A stateful pod goes where its disk is: make room in that zone. For new volumes bind late (WaitForFirstConsumer).",
      "zh-CN": "有状态的 Pod 只能跟着磁盘走：在那个可用区腾出位置。新卷使用 WaitForFirstConsumer 延迟绑定。",
    },
    weigh: (scene) =>
      refused(scene, /volume node affinity conflict|volume zone/).map((one) => ({
        ...one,
        points: one.points + 2,
      })),
  },
  {
    code: "claim-unbound",
    name: { en: "a volume claim it names has no volume", "zh-CN": "它引用的 PVC 没有绑定到卷" },
    step: {
      en: "See the claim's events: no class, no provisioner, or nothing that fits.",
      "zh-CN": "看 PVC 的事件：没有存储类、没有供应器，或没有合适的卷。",
    },
    weigh: (scene) => [
      ...hears(
        scene,
        7,
        /unbound immediate PersistentVolumeClaims|available persistent volumes to bind|persistentvolumeclaim .* (not found|non-existent)/i,
      ),
      ...claimTrouble(scene),
    ],
  },
  {
    code: "volume-count-reached",
    name: { en: "the nodes hold as many volumes as they may", "zh-CN": "节点挂载的卷数已达上限" },
    step: { en: "Add nodes, or use fewer volumes per pod.", "zh-CN": "增加节点，或减少每个 Pod 的卷数。" },
    weigh: (scene) => refused(scene, /max volume count/),
  },
  {
    code: "scheduling-gated",
    name: {
      en: "scheduling gates hold it back on purpose",
      "zh-CN": "调度门（schedulingGates）有意拦住了它",
    },
    step: {
      en: "The controller that set the gate must remove it; see whether that controller runs.",
      "zh-CN": "调度门要由设置它的控制器移除；看看那个控制器是否在运行。",
    },
    weigh: ({ pod }) =>
      when(
        pod.conditions.some(({ reason }) => reason === "SchedulingGated"),
        9,
        {
          en: `PodScheduled says SchedulingGated: ${(pod.gates ?? []).join(", ")}`,
          "zh-CN": `PodScheduled 条件是 SchedulingGated：${(pod.gates ?? []).join("、")}`,
        },
      ),
  },
  {
    code: "no-scheduler",
    name: { en: "no scheduler has looked at it", "zh-CN": "没有调度器处理过它" },
    step: {
      en: "See that kube-scheduler runs and holds its lease, and that the pod's schedulerName is one that exists.",
      "zh-CN": "确认 kube-scheduler 在运行并持有租约，且 Pod 的 schedulerName 确实存在。",
    },
    weigh: (scene) => {
      if (!unheard(scene)) return [];
      const silent = scene.schedulerSilentSeconds ?? 0;
      const own = scene.pod.asked?.scheduler ?? "default-scheduler";
      return [
        {
          points: 5,
          words: {
            en: "it has no condition PodScheduled, and no scheduler said anything",
            "zh-CN": "它没有 PodScheduled 条件，也没有任何调度器说过话",
          },
        },
        ...when(silent > 60, 3, {
          en: `the lease of kube-scheduler is ${silent} s old`,
          "zh-CN": `kube-scheduler 的租约已有 ${silent} 秒没有更新`,
        }),
        ...when(own !== "default-scheduler", 2, {
          en: `it asks for the scheduler ${own}`,
          "zh-CN": `它指定了调度器 ${own}`,
        }),
      ];
    },
  },
];
