import { orNone, place, type Wording } from "./istio-wording.ts";

/** Words for what is broken between a gateway and the VirtualService. */
export const gatewayWords = {
  "missing-gateway": {
    message: ({ gateway }, subject) => ({
      en: `VirtualService ${place(subject)} binds itself to Gateway ${gateway}, which does not exist: no request from outside reaches it.`,
      "zh-CN": `VirtualService ${place(subject)} 绑定的 Gateway ${gateway} 不存在：外部请求到不了这里。`,
    }),
    observed: ({ gateway }) => ({ en: `no Gateway ${gateway}`, "zh-CN": `没有 Gateway ${gateway}` }),
    expected: () => ({ en: "a Gateway of that name", "zh-CN": "这个名字的 Gateway" }),
    fix: ({ gateway }) => ({
      en: `Create Gateway ${gateway}, or name an existing one as namespace/name; a bare name is looked up in the namespace of the VirtualService.`,
      "zh-CN": `创建 Gateway ${gateway}，或改为现有的 Gateway，写成“命名空间/名称”；只写名称时会在 VirtualService 自己的命名空间里查找。`,
    }),
  },
  "gateway-without-pod": {
    message: ({ selector }, subject) => ({
      en: `Gateway ${place(subject)} selects ${selector}, and no pod carries these labels: nothing listens for it.`,
      "zh-CN": `Gateway ${place(subject)} 选择的标签是 ${selector}，没有任何 Pod 带这些标签：没有进程替它监听。`,
    }),
    observed: ({ selector }) => ({ en: `0 pods with ${selector}`, "zh-CN": `没有 Pod 带 ${selector}` }),
    expected: () => ({ en: "at least 1 ready gateway pod", "zh-CN": "至少 1 个就绪的网关 Pod" }),
    fix: () => ({
      en: "Set spec.selector to the labels of the gateway's pods, or bring the gateway's Deployment back.",
      "zh-CN": "把 spec.selector 改成网关 Pod 的实际标签，或恢复网关的 Deployment。",
    }),
  },
  "gateway-not-ready": {
    message: ({ selector, pods }, subject) => ({
      en: `Gateway ${place(subject)}: no pod with ${selector} is ready, of ${pods}.`,
      "zh-CN": `Gateway ${place(subject)} 选中 ${pods} 个 Pod（${selector}），没有一个就绪。`,
    }),
    observed: ({ pods }) => ({ en: `0 of ${pods} pods ready`, "zh-CN": `${pods} 个 Pod 都没有就绪` }),
    expected: () => ({ en: "at least 1 ready gateway pod", "zh-CN": "至少 1 个就绪的网关 Pod" }),
    fix: () => ({
      en: "Find out why the gateway's pods are not ready: describe them and read their logs.",
      "zh-CN": "查明网关 Pod 为什么没有就绪：describe 并查看日志。",
    }),
  },
  "host-not-on-gateway": {
    message: ({ host, gateways }, subject) => ({
      en: `VirtualService ${place(subject)} is for ${host}, but no server of ${gateways} takes that host from its namespace: callers get 404.`,
      "zh-CN": `VirtualService ${place(subject)} 声明了 ${host}，但 ${gateways} 没有任何 server 接受这个命名空间的该域名：访问者得到 404。`,
    }),
    observed: ({ offered }) => ({
      en: `servers for ${orNone(offered)}`,
      "zh-CN": `servers 只有 ${orNone(offered)}`,
    }),
    expected: ({ host }) => ({ en: `a server for ${host}`, "zh-CN": `有覆盖 ${host} 的 server` }),
    fix: ({ host, gateways }) => ({
      en: `Add ${host} to spec.servers[].hosts of ${gateways}, or correct the host of the VirtualService. A prefix such as "./" or "team/" limits a server to routes of one namespace.`,
      "zh-CN": `在 ${gateways} 的 spec.servers[].hosts 里加上 ${host}，或改正 VirtualService 的域名。"./"、"team/" 这样的前缀会把 server 限定给某个命名空间的路由。`,
    }),
  },
  "not-exported": {
    message: ({ client, exportTo }, subject) => ({
      en: `${subject.kind} ${place(subject)} is exported to "${exportTo}" only: proxies in ${client}, which need it, do not see it.`,
      "zh-CN": `${subject.kind} ${place(subject)} 只导出到 "${exportTo}"：需要它的 ${client} 里的代理看不到。`,
    }),
    observed: ({ exportTo }) => `exportTo: ${exportTo}`,
    expected: ({ client }) => ({ en: `exported to ${client}`, "zh-CN": `对 ${client} 可见` }),
    fix: ({ client }) => ({
      en: `Add ${client} to exportTo, or move the object that refers to it.`,
      "zh-CN": `在 exportTo 里加上 ${client}，或移动引用它的对象。`,
    }),
  },
  "missing-delegate": {
    message: ({ delegate, at }, subject) => ({
      en: `${at} of VirtualService ${place(subject)} delegates to VirtualService ${delegate}, which does not exist.`,
      "zh-CN": `VirtualService ${place(subject)} 的 ${at} 委托给 VirtualService ${delegate}，但它不存在。`,
    }),
    observed: ({ delegate }) => ({
      en: `no VirtualService ${delegate}`,
      "zh-CN": `没有 VirtualService ${delegate}`,
    }),
    expected: () => ({
      en: "a VirtualService without hosts and gateways",
      "zh-CN": "不带 hosts 和 gateways 的 VirtualService",
    }),
    fix: ({ delegate }) => ({
      en: `Create VirtualService ${delegate} without hosts, or drop the delegate.`,
      "zh-CN": `创建不带 hosts 的 VirtualService ${delegate}，或去掉这个委托。`,
    }),
  },
  "ignored-by-older": {
    message: ({ host, older }, subject) => ({
      en: `Sidecars never follow VirtualService ${place(subject)} for ${host}: ${older} speaks for the same host and is older.`,
      "zh-CN": `Sidecar 不会采用 VirtualService ${place(subject)} 里 ${host} 的路由：${older} 声明了同一个 host，而且创建得更早。`,
    }),
    observed: ({ older, since }) =>
      since ? { en: `${older}, since ${since}`, "zh-CN": `${older}，自 ${since} 起` } : (older ?? ""),
    expected: () => ({
      en: "one VirtualService per host in the mesh",
      "zh-CN": "网格内每个 host 一个 VirtualService",
    }),
    fix: ({ older }) => ({
      en: `Merge the routes into ${older}, or let one delegate to the other. Only gateways merge several VirtualServices of one host.`,
      "zh-CN": `把路由合并到 ${older}，或让一个委托给另一个。只有网关会合并同一 host 的多个 VirtualService。`,
    }),
  },
  "gateway-host-without-route": {
    message: ({ host }, subject) => ({
      en: `Gateway ${place(subject)} takes ${host}, and no VirtualService bound to it has that host: callers get 404.`,
      "zh-CN": `Gateway ${place(subject)} 接受 ${host}，但绑定它的 VirtualService 都不含这个域名：访问者得到 404。`,
    }),
    observed: () => ({ en: "no VirtualService", "zh-CN": "没有 VirtualService" }),
    expected: ({ host }) => ({ en: `a VirtualService for ${host}`, "zh-CN": `${host} 的 VirtualService` }),
    fix: ({ host }) => ({
      en: `Bind a VirtualService for ${host}, or take the host off the gateway.`,
      "zh-CN": `为 ${host} 绑定一个 VirtualService，或从网关上去掉这个域名。`,
    }),
  },
} satisfies Record<string, Wording>;
