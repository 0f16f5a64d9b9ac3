import { orNone, place, type Wording } from "./istio-wording.ts";

/** Words for what is broken between the VirtualService and the pods. */
export const destinationWords = {
  "missing-destination": {
    message: ({ host, full, at }, subject) => ({
      en: `${at} of VirtualService ${place(subject)} sends to ${host}${host === full ? "" : ` (${full})`}: no Service and no ServiceEntry has that name. Its requests end with 503.`,
      "zh-CN": `VirtualService ${place(subject)} 的 ${at} 指向 ${host}${host === full ? "" : `（即 ${full}）`}：没有这个名字的 Service 或 ServiceEntry，请求会得到 503。`,
    }),
    observed: ({ full }) => ({ en: `nothing named ${full}`, "zh-CN": `没有名为 ${full} 的东西` }),
    expected: ({ meant }) =>
      meant || { en: "a Service or a ServiceEntry", "zh-CN": "一个 Service 或 ServiceEntry" },
    fix: ({ host, meant }) => ({
      en: meant
        ? `Write ${meant}. Istio completes only names without a dot; ${host} is taken as it stands.`
        : "Correct the host, or create the Service or ServiceEntry. A short name belongs to the namespace of the VirtualService.",
      "zh-CN": meant
        ? `应写成 ${meant}。Istio 只补全不含点的名字，${host} 会被原样使用。`
        : "改正 host，或创建对应的 Service / ServiceEntry。短名称属于 VirtualService 自己的命名空间。",
    }),
  },
  "missing-port": {
    message: ({ at, host, port, known }, subject) => ({
      en: `${at} of VirtualService ${place(subject)} sends to port ${port} of ${host}, which has only ${known}.`,
      "zh-CN": `VirtualService ${place(subject)} 的 ${at} 指向 ${host} 的端口 ${port}，而它只有 ${known}。`,
    }),
    observed: ({ port }) => ({ en: `port ${port}`, "zh-CN": `端口 ${port}` }),
    expected: ({ known }) => ({ en: `one of ${known}`, "zh-CN": `${known} 之一` }),
    fix: ({ known }) => ({
      en: `Use the Service's port (${known}), not the container's.`,
      "zh-CN": `要写 Service 的端口（${known}），不是容器端口。`,
    }),
  },
  "port-not-chosen": {
    message: ({ at, host, asked, known }, subject) => ({
      en: `${at} of VirtualService ${place(subject)} names no port of ${host}. Istio then takes the listener's, ${asked}, but the Service has ${known}.`,
      "zh-CN": `VirtualService ${place(subject)} 的 ${at} 没有写 ${host} 的端口。Istio 会沿用监听端口 ${asked}，而该服务只有 ${known}。`,
    }),
    observed: ({ asked }) => ({
      en: `no port; listener ${asked}`,
      "zh-CN": `没有写端口；监听端口是 ${asked}`,
    }),
    expected: ({ known }) => ({
      en: `destination.port.number: one of ${known}`,
      "zh-CN": `destination.port.number：${known} 之一`,
    }),
    fix: ({ known }) => ({
      en: `Set destination.port.number to one of ${known}.`,
      "zh-CN": `把 destination.port.number 设为 ${known} 之一。`,
    }),
  },
  "missing-subset": {
    message: ({ at, host, subset, client, rules, known }, subject) => ({
      en: `${at} of VirtualService ${place(subject)} sends to subset ${subset} of ${host}. ${rules ? `For callers in ${client} the rule is ${rules}, which defines ${known || "no subset"}` : `No DestinationRule for it holds in ${client}`}: 503.`,
      "zh-CN": `VirtualService ${place(subject)} 的 ${at} 指向 ${host} 的子集 ${subset}。${rules ? `对 ${client} 里的调用方，生效的是 ${rules}，${known ? `其中只有子集 ${known}` : "其中没有子集"}` : `在 ${client} 里没有对它生效的 DestinationRule`}：请求得到 503。`,
    }),
    observed: ({ rules, known }) =>
      rules ? `${rules}: ${orNone(known)}` : { en: "no DestinationRule", "zh-CN": "没有 DestinationRule" },
    expected: ({ subset }) => ({
      en: `a DestinationRule with subset ${subset}`,
      "zh-CN": `含子集 ${subset} 的 DestinationRule`,
    }),
    fix: ({ subset, rules }) => ({
      en: rules
        ? `Add subset ${subset} to ${rules}, or send to a subset that exists. A caller's own namespace goes before the Service's, and the mesh's root namespace comes last.`
        : `Create a DestinationRule with subset ${subset} beside the Service.`,
      "zh-CN": rules
        ? `在 ${rules} 里加上子集 ${subset}，或改用已有的子集。查找顺序是：调用方的命名空间、Service 的命名空间、网格的根命名空间。`
        : `在 Service 旁边创建一个含子集 ${subset} 的 DestinationRule。`,
    }),
  },
  "no-pod": {
    message: ({ service, subset, selector }) => ({
      en: subset
        ? `Subset ${subset} of Service ${service} selects no pod: whoever is routed there gets 503.`
        : `Routes lead to Service ${service}, and no pod carries ${selector}: 503.`,
      "zh-CN": subset
        ? `Service ${service} 的子集 ${subset} 选不到任何 Pod：路由到这里的请求得到 503。`
        : `路由指向 Service ${service}，但没有 Pod 带标签 ${selector}：请求得到 503。`,
    }),
    observed: () => ({ en: "0 pods", "zh-CN": "0 个 Pod" }),
    expected: () => ({ en: "at least 1 ready pod", "zh-CN": "至少 1 个就绪的 Pod" }),
    fix: ({ subset }) => ({
      en: subset
        ? "Make the subset's labels those of the pod template, or take the weight off this subset until its pods run."
        : "Make the Service's selector that of the pod template, or scale the workload up.",
      "zh-CN": subset
        ? "让子集的标签与 Pod 模板一致，或者在 Pod 跑起来之前不要给它分配流量。"
        : "让 Service 的选择器与 Pod 模板一致，或把工作负载扩起来。",
    }),
  },
  "no-ready-pod": {
    message: ({ service, subset, pods }) => ({
      en: `${subset ? `Subset ${subset} of ` : ""}Service ${service} has no ready pod, of ${pods}: 503.`,
      "zh-CN": `Service ${service}${subset ? ` 的子集 ${subset} ` : " "}有 ${pods} 个 Pod，没有一个就绪：请求得到 503。`,
    }),
    observed: ({ pods }) => ({ en: `0 of ${pods} pods ready`, "zh-CN": `${pods} 个 Pod 都没有就绪` }),
    expected: () => ({ en: "at least 1 ready pod", "zh-CN": "至少 1 个就绪的 Pod" }),
    fix: () => ({
      en: "Find out why the pods are not ready: describe them, read the events and the readiness probe.",
      "zh-CN": "查明 Pod 为什么没有就绪：describe，看事件和就绪探针。",
    }),
  },
  "no-endpoint": {
    message: ({ host }, subject) => ({
      en: `ServiceEntry ${place(subject)} resolves ${host} by its own list (STATIC), and the list is empty: 503.`,
      "zh-CN": `ServiceEntry ${place(subject)} 用自己的列表解析 ${host}（STATIC），而列表是空的：请求得到 503。`,
    }),
    observed: () => ({
      en: "resolution: STATIC, 0 endpoints",
      "zh-CN": "resolution: STATIC，0 个 endpoints",
    }),
    expected: () => ({ en: "endpoints or a workloadSelector", "zh-CN": "endpoints 或 workloadSelector" }),
    fix: () => ({
      en: "Add spec.endpoints, or let DNS resolve the host with resolution: DNS.",
      "zh-CN": "补上 spec.endpoints，或改用 resolution: DNS。",
    }),
  },
} satisfies Record<string, Wording>;
