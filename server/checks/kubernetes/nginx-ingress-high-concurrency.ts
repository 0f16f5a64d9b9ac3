import { z } from "zod";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { type Configured, configured, nginxNeeds, noController } from "../needs/ingress-nginx.ts";
import { param } from "../needs/param.ts";

type Limit = { key: string; least: number; usual: number };

/** 0 lets the controller choose as much as open files allow. */
const automatic = "max-worker-connections";

function settingOf({ values }: Configured, { key, usual }: Limit): number {
  const written = Number(values[key] ?? usual);
  if (!Number.isFinite(written)) return usual;
  return key === automatic && written === 0 ? Number.POSITIVE_INFINITY : written;
}

/** Values below the controller's own defaults hurt at any load; defaults only where there is much of it. */
function findingsOf(one: Configured, limits: Limit[]): Finding[] {
  const low = limits.filter((limit) => settingOf(one, limit) < limit.least);
  const groups = [
    { code: "below-default", low: low.filter((limit) => settingOf(one, limit) < limit.usual) },
    { code: "below-high-load", low: low.filter((limit) => settingOf(one, limit) >= limit.usual) },
  ];
  return groups.flatMap(({ code, low }): Finding[] => {
    if (low.length === 0) return [];
    const list = low.map((limit) => `${limit.key} ${settingOf(one, limit)}`).join(", ");
    const data = Object.fromEntries(low.map(({ key, least }) => [key, String(least)]));
    const target = ["configmap", one.place.name, "--namespace", one.place.namespace];
    const isBelow = code === "below-default";
    return [
      {
        verdict: "warn",
        code,
        subject: { kind: "ConfigMap", ...one.place },
        message: {
          en: isBelow
            ? `${list}: below what the controller does by itself. Connections are closed and opened again far more often than they need to be.`
            : `${list}: enough for ordinary load. Under many short requests these make connections churn and sockets pile up in TIME_WAIT.`,
          "zh-CN": isBelow
            ? `${list}：低于控制器自身的默认值，连接会被过于频繁地关闭和重建。`
            : `${list}：应付日常负载足够。大量短请求时，连接会频繁重建，TIME_WAIT 堆积。`,
        },
        observed: list,
        expected: low.map(({ key, least }) => `${key} ≥ ${least}`).join(", "),
        remedy: [
          {
            purpose: "fix",
            text: {
              en: "The controller notices the change and reloads nginx; connections in use are finished first.",
              "zh-CN": "控制器会发现改动并重新加载 nginx，正在使用的连接会先处理完。",
            },
            command: shellCommand(
              "kubectl",
              "patch",
              ...target,
              "--type",
              "merge",
              "--patch",
              JSON.stringify({ data }),
            ),
          },
          {
            purpose: "verify",
            text: { en: "See what nginx runs with.", "zh-CN": "查看 nginx 实际使用的配置。" },
            command: `${shellCommand("kubectl", "exec", `${one.controller.kind.toLowerCase()}/${one.controller.name}`, "--namespace", one.controller.namespace)} -- grep -nE 'keepalive|worker_connections' /etc/nginx/nginx.conf`,
          },
        ],
      },
    ];
  });
}

/** Parameters that belong to the whole node, written from a pod: for every pod there, and until it restarts. */
function nodeWide({ controller }: Configured): Finding[] {
  const shared = controller.written.filter((name) => !name.startsWith("net."));
  if (shared.length === 0) return [];
  const { kind, namespace, name } = controller;
  return [
    {
      verdict: "warn",
      code: "writes-node-parameters",
      subject: { kind, namespace, name },
      message: {
        en: `An init container of ${namespace}/${name} writes ${shared.join(", ")}, which has no value of its own per pod: it changes the node for everybody, and stays when the controller moves on.`,
        "zh-CN": `${namespace}/${name} 的 init 容器写入了 ${shared.join("、")}，它不随 Pod 隔离：改的是整个节点，控制器迁走后也不会还原。`,
      },
      observed: shared.join(", "),
      expected: { en: "set by the node's own configuration", "zh-CN": "由节点自身的配置设置" },
      remedy: [
        {
          purpose: "fix",
          text: {
            en: "Set it on the nodes (sysctl.d, or the machine image) and take it out of the init container. Parameters below net. can go into the pod's securityContext.sysctls, without privileges.",
            "zh-CN":
              "在节点上设置（sysctl.d 或系统镜像），并从 init 容器里去掉。net. 开头的参数可以写进 Pod 的 securityContext.sysctls，不需要特权。",
          },
        },
      ],
    },
  ];
}

const atLeast = (value: number, en: string, zh: string) =>
  param(z.number().int().min(1).max(10_000_000).default(value), { label: { en, "zh-CN": zh } });

/**
 * Subjects and codes (all warn): ConfigMap of a controller: below-default (written, and lower than the default),
 * below-high-load (the default, or between it and the limit); the controller: writes-node-parameters.
 */
export const check = defineCheck({
  id: "kubernetes/nginx-ingress-high-concurrency",
  version: 1,
  title: { en: "ingress-nginx under high concurrency", "zh-CN": "高并发下的 ingress-nginx" },
  why: {
    en: "With many short requests it is not the processor that ends first but connections: those that are closed after too few requests, idle ones that are not kept, and a worker that may open no more.",
    "zh-CN":
      "短请求很多时，先耗尽的往往不是 CPU 而是连接：处理了不多的请求就被关闭的、空闲时没有保留下来的，以及 worker 不能再打开的。",
  },
  remedy: {
    en: "Raise the three limits of the ConfigMap, and the kernel's queues and ports with them.",
    "zh-CN": "调高 ConfigMap 里的三个限制，并相应调整内核的队列和端口范围。",
  },
  params: z.object({
    keepAliveRequests: atLeast(
      10_000,
      "Requests per client connection, at least",
      "每个客户端连接的请求数下限",
    ),
    upstreamKeepaliveConnections: atLeast(1_000, "Idle upstream connections, at least", "上游空闲连接数下限"),
    maxWorkerConnections: atLeast(65_536, "Connections per worker, at least", "每个 worker 的连接数下限"),
  }),
  needs: nginxNeeds,
  judge: ({ deployments, daemonSets, settings }, params) => {
    const all = configured([...deployments, ...daemonSets], settings);
    if (all.length === 0) return noController;
    const limits: Limit[] = [
      { key: "keep-alive-requests", least: params.keepAliveRequests, usual: 1000 },
      { key: "upstream-keepalive-connections", least: params.upstreamKeepaliveConnections, usual: 320 },
      { key: automatic, least: params.maxWorkerConnections, usual: 16_384 },
    ];
    const own = new Map(all.map((one) => [JSON.stringify(one.place), one]));
    return {
      findings: [...[...own.values()].flatMap((one) => findingsOf(one, limits)), ...all.flatMap(nodeWide)],
      measurements: limits.map((limit) => ({
        name: limit.key,
        value: all.reduce((least, one) => Math.min(least, settingOf(one, limit)), Number.POSITIVE_INFINITY),
        unit: "1",
        warn: { below: limit.least },
      })),
    };
  },
});
