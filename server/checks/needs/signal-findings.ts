import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Picture } from "#common/picture.ts";
import type { Finding } from "#common/result.ts";
import { affectedPods, compare } from "./owners.ts";
import type { EntryService, SignalPod } from "./signal-facts.ts";
import { isCollector, isKnownHost, type Signals } from "./signal-groups.ts";

/** Asked to be scraped at a port it does not have (a proxy answers at ports nobody declares), or sending traces to a Service that is not there. */
export function lostSignals(groups: Signals[], services: EntryService[]): Finding[] {
  return groups.flatMap(({ owner, pods }): Finding[] => {
    const found: Finding[] = [];
    const place = ["--namespace", owner.namespace ?? ""];
    const common = { verdict: "warn" as const, subject: owner };
    const wrong = pods.filter(
      ({ scraped, ports, proxied }) => scraped && !proxied && ports.length > 0 && !ports.includes(scraped),
    );
    if (wrong[0])
      found.push({
        ...common,
        code: "scraped-at-no-port",
        affected: affectedPods(wrong),
        message: {
          en: `prometheus.io/port says ${wrong[0].scraped}, and no container of ${owner.name} declares that port: its metrics are most likely not collected.`,
          "zh-CN": `prometheus.io/port 写的是 ${wrong[0].scraped}，而 ${owner.name} 没有容器声明这个端口：它的指标多半没有被采集。`,
        },
        observed: {
          en: `declared ports: ${wrong[0].ports.join(", ")}`,
          "zh-CN": `声明的端口：${wrong[0].ports.join("、")}`,
        },
        expected: wrong[0].scraped ?? "",
        remedy: [
          {
            purpose: "inspect",
            text: { en: "Does it answer at that port?", "zh-CN": "看看这个端口有没有响应。" },
            command: shellCommand(
              ...[
                "kubectl",
                "port-forward",
                ...place,
                `pod/${wrong[0].name}`,
                `${wrong[0].scraped}:${wrong[0].scraped}`,
              ],
            ),
          },
        ],
      });
    const lost = pods.filter(({ traced, namespace }) => traced && !isKnownHost(traced, namespace, services));
    if (lost[0])
      found.push({
        ...common,
        code: "traces-to-nowhere",
        affected: affectedPods(lost),
        message: {
          en: `${owner.name} sends its traces to ${lost[0].traced}, and there is no such Service: they are dropped without a word.`,
          "zh-CN": `${owner.name} 把链路数据发往 ${lost[0].traced}，而没有这个 Service：数据被悄悄丢弃。`,
        },
        observed: { en: `no Service ${lost[0].traced}`, "zh-CN": `没有 Service ${lost[0].traced}` },
        expected: { en: "a collector that is there", "zh-CN": "存在的采集端" },
        remedy: [
          {
            purpose: "inspect",
            text: { en: "Where the collectors are.", "zh-CN": "看看采集器在哪里。" },
            command: "kubectl get services --all-namespaces | grep -iE 'otel|jaeger|tempo|zipkin'",
          },
        ],
      });
    return found;
  });
}

/** Reached from outside, and nothing tells how it is doing. */
export function unobserved(groups: Signals[]): Finding[] {
  return groups
    .filter(({ entries, metrics }) => entries.length > 0 && !metrics)
    .map(
      ({ owner, pods, entries }): Finding => ({
        verdict: "warn",
        code: "exposed-without-metrics",
        subject: owner,
        affected: affectedPods(pods),
        message: {
          en: `${owner.name} is reached from outside (${entries.join(", ")}) and shows no sign of metrics: no annotation, no metrics port, no proxy.`,
          "zh-CN": `${owner.name} 可以从外部访问（${entries.join("、")}），却看不到任何指标：没有注解、没有指标端口、也没有代理。`,
        },
        observed: { en: "no metrics", "zh-CN": "没有指标" },
        expected: {
          en: "an annotation, a port named metrics, or a proxy that measures for it",
          "zh-CN": "有抓取注解、名为 metrics 的端口，或由代理代为计量",
        },
      }),
    );
}

export function collectorGaps(pods: SignalPod[], nodes: { name: string; ready: boolean }[]): Finding[] {
  const byOwner = Map.groupBy(
    pods.filter(isCollector),
    ({ namespace, owner }) => `${namespace}/${owner?.name}`,
  );
  return [...byOwner]
    .sort(([a], [b]) => compare(a, b))
    .flatMap(([, group]): Finding[] => {
      const [first] = group;
      const served = new Set(group.filter(({ ready }) => ready).map(({ node }) => node));
      const missing = nodes
        .filter(({ name, ready }) => ready && !served.has(name))
        .map(({ name }) => name)
        .sort(compare);
      if (!first || missing.length === 0) return [];
      const subject = { kind: "DaemonSet", namespace: first.namespace, name: first.owner?.name ?? "" };
      return [
        {
          ...{ verdict: "warn", code: "log-collector-gap", subject },
          affected: {
            count: missing.length,
            sample: missing.slice(0, 50).map((name) => ({ kind: "Node", name })),
          },
          message: {
            en: `The log collector ${subject.name} is not ready on ${missing.length} of ${nodes.length} nodes (${missing.slice(0, 3).join(", ")}${missing.length > 3 ? " …" : ""}): what pods write there is lost when they go.`,
            "zh-CN": `日志采集器 ${subject.name} 在 ${nodes.length} 个节点中的 ${missing.length} 个上没有就绪（${missing.slice(0, 3).join("、")}${missing.length > 3 ? " 等" : ""}）：那里的 Pod 一走，日志就丢了。`,
          },
          observed: {
            en: `ready on ${nodes.length - missing.length} of ${nodes.length} nodes`,
            "zh-CN": `${nodes.length} 个节点中有 ${nodes.length - missing.length} 个就绪`,
          },
          expected: { en: "ready on every node", "zh-CN": "每个节点都就绪" },
          remedy: [
            {
              purpose: "inspect",
              text: { en: "Its selector and tolerations.", "zh-CN": "看它的选择器和容忍。" },
              command: shellCommand(
                "kubectl",
                "describe",
                "daemonset",
                subject.name,
                "--namespace",
                subject.namespace,
              ),
            },
          ],
        },
      ];
    });
}

const mostDrawn = 14;

/** From the clients outside through the entry points to workloads, and what can be seen of each. */
export function trafficPicture(groups: Signals[], hasLogs: boolean): Picture[] {
  const outside = groups.filter(({ entries }) => entries.length > 0);
  if (outside.length === 0) return [];
  const shown = outside.toSorted((a, b) => Number(a.metrics) - Number(b.metrics)).slice(0, mostDrawn);
  const yes = (on: boolean) => (on ? "✓" : "–");
  const entryId = (namespace: string | undefined, entry: string) => `entry ${namespace}/${entry}`;
  const entries = new Map(
    shown.flatMap(({ owner, entries: names }) =>
      names.map(
        (entry) => [entryId(owner.namespace, entry), { entry, namespace: owner.namespace ?? "" }] as const,
      ),
    ),
  );
  const drawn = [...entries].slice(0, 30);
  const known = new Set(drawn.map(([id]) => id));
  return [
    {
      id: "north-south",
      title: { en: "From outside to workloads", "zh-CN": "从外部到工作负载" },
      summary: {
        en: `${outside.length} of ${groups.length} workloads are reached from outside; ${outside.filter(({ metrics }) => !metrics).length} of them show no metrics.`,
        "zh-CN": `${groups.length} 个工作负载中有 ${outside.length} 个可以从外部访问，其中 ${outside.filter(({ metrics }) => !metrics).length} 个看不到指标。`,
      },
      columns: [
        { en: "Clients", "zh-CN": "客户端" },
        { en: "Entry points", "zh-CN": "入口" },
        { en: "Workloads", "zh-CN": "工作负载" },
      ],
      nodes: [
        { id: "clients", column: 0, label: { en: "Outside the cluster", "zh-CN": "集群外部" } },
        ...drawn.map(([id, { entry, namespace }]) => ({
          ...{ id, column: 1, label: entry.slice(0, 120), detail: namespace || "-" },
        })),
        ...shown.map(({ owner, metrics, traces }) => ({
          id: `workload ${owner.kind} ${owner.namespace}/${owner.name}`,
          ...{ column: 2, label: owner.name.slice(0, 120) },
          detail: {
            en: `metrics ${yes(metrics)}  logs ${yes(hasLogs)}  traces ${yes(traces)}`,
            "zh-CN": `指标 ${yes(metrics)}  日志 ${yes(hasLogs)}  链路 ${yes(traces)}`,
          },
          verdict: metrics ? ("pass" as const) : ("warn" as const),
        })),
      ],
      edges: [
        ...drawn.map(([id]) => ({ from: "clients", to: id })),
        ...shown.flatMap(({ owner, entries: names }) =>
          names
            .map((entry) => entryId(owner.namespace, entry))
            .filter((id) => known.has(id))
            .map((from) => ({ from, to: `workload ${owner.kind} ${owner.namespace}/${owner.name}` })),
        ),
      ],
    },
  ];
}
