import { z } from "zod";
import type { Finding, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { defineCheck } from "../define-check.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { isUnread, optional } from "../needs/need.ts";
import { param } from "../needs/param.ts";

const limitSeconds = 20;
const sent = { nothing: "", "http-head": "HEAD / HTTP/1.0\r\n\r\n", "line-feed": "\n" } as const;

export const check = defineCheck({
  id: "kubernetes/port-forward",
  version: 1,
  title: { en: "A port forwarded to a pod", "zh-CN": "到 Pod 的端口转发" },
  why: {
    en: "A forwarded port passes the API server, the kubelet and the container runtime. When it fails, kubectl says little about which of them it was.",
    "zh-CN":
      "端口转发要经过 API server、kubelet 和容器运行时。失败的时候，kubectl 很少说清是哪一环出了问题。",
  },
  remedy: {
    en: "Give the credential the right, see that the pod runs and listens on that port, then look at the kubelet of its node.",
    "zh-CN": "先补上凭据的权限，确认 Pod 正在运行并监听该端口，再检查所在节点的 kubelet。",
  },
  effect: "active",
  impact: {
    en: "One connection through the API server to the chosen port of the chosen pod, for at most 20 s: at most 20 bytes are sent, the first answer is taken, and it is closed. The program in the pod sees a client from localhost.",
    "zh-CN":
      "经由 API server 向所选 Pod 的端口建立一个连接，最长 20 秒：最多发送 20 字节，收到第一段应答后关闭。Pod 里的程序会看到一个来自 localhost 的客户端。",
  },
  params: z.object({
    namespace: param(z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/), {
      label: { en: "Namespace", "zh-CN": "命名空间" },
    }),
    pod: param(
      z
        .string()
        .max(253)
        .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/),
      { label: { en: "Pod", "zh-CN": "Pod 名称" } },
    ),
    port: param(z.number().int().min(1).max(65_535), {
      label: { en: "Port in the pod", "zh-CN": "Pod 内的端口" },
    }),
    send: param(z.enum(Object.keys(sent) as [keyof typeof sent]).default("nothing"), {
      label: { en: "Send first", "zh-CN": "连接后先发送" },
      help: {
        en: "Programs that greet need nothing; a web server answers to http-head.",
        "zh-CN": "会主动问候的程序不需要发送；Web 服务器会应答 http-head。",
      },
    }),
  }),
  needs: ({ namespace, pod, port, send }) => ({
    mayCreate: kubernetes.review(
      { verb: "create", group: "", resource: "pods", subresource: "portforward", namespace },
      ({ allowed }) => allowed,
    ),
    target: kubernetes.get(kinds.Pod, { namespace, name: pod }, ({ spec, status }) => ({
      phase: status?.phase ?? "Unknown",
      node: spec?.nodeName ?? "",
      ports: (spec?.containers ?? []).flatMap((one) => (one.ports ?? []).map((each) => each.containerPort)),
    })),
    runtimes: optional(
      kubernetes.list(kinds.Node, ({ metadata, status }) => ({
        node: metadata?.name ?? "",
        runtime: status?.nodeInfo?.containerRuntimeVersion ?? "",
      })),
    ),
    forward: optional(
      kubernetes.portForward({ namespace, pod, port, send: sent[send ?? "nothing"], limitSeconds }),
    ),
  }),
  judge: ({ mayCreate, target, runtimes, forward }, params) => {
    const subject: Subject = {
      kind: "Pod",
      namespace: params.namespace,
      name: params.pod,
      part: String(params.port),
    };
    if (!target) return { skip: { what: `pod ${params.namespace}/${params.pod}`, detail: "there is none" } };
    const findings: Finding[] = [];
    const add = (verdict: Finding["verdict"], code: string, message: Text, rest: Partial<Finding> = {}) =>
      findings.push({ verdict, code, subject, message, ...rest });

    if (!mayCreate) add("fail", "may-not-forward", notAllowed, { remedy: grant(params.namespace) });
    if (target.phase !== "Running") add("fail", "pod-not-running", notRunning(target.phase));
    const runtime = isUnread(runtimes)
      ? undefined
      : runtimes.find(({ node }) => node === target.node)?.runtime;
    if (runtime?.startsWith("docker://")) add("warn", "needs-socat", needsSocat(target.node));
    if (isUnread(forward)) {
      const { code, detail } = forward.unread;
      // A missing right or a pod that does not run has been told already, and explains it.
      if (findings.every(({ verdict }) => verdict !== "fail")) {
        add("unknown", "not-forwarded", notForwarded(detail ?? code));
      }
      return { findings };
    }
    const { receivedBytes: bytes, connectedMs } = forward;
    const observed: Text = {
      en: `${bytes} bytes after ${connectedMs} ms`,
      "zh-CN": `${connectedMs} ms 后收到 ${bytes} 字节`,
    };
    if (forward.refused !== null) {
      const evidence = [{ source: `pods/${params.pod} portforward`, excerpt: forward.refused }];
      add("fail", "port-closed", closed(params.port, target.ports), { evidence });
    } else if (forward.receivedBytes === 0 && params.send !== "nothing") {
      add("warn", "no-answer", silent, { observed });
    } else add("pass", "forwarded", forwarded(forward), { observed });
    const connected = {
      name: "port-forward connect",
      subject: `${params.namespace}/${params.pod}`,
      unit: "ms",
    };
    return { findings, measurements: [{ ...connected, value: forward.connectedMs }] };
  },
});

const notAllowed: Text = {
  en: "This credential may not create pods/portforward in that namespace.",
  "zh-CN": "这个凭据在该命名空间里没有 create pods/portforward 权限。",
};
const silent: Text = {
  en: "The port took the connection, but nothing came back.",
  "zh-CN": "端口接受了连接，但没有任何应答。",
};

function grant(namespace: string): Finding["remedy"] {
  return [
    {
      purpose: "fix",
      text: { en: "Make a role that may forward ports there", "zh-CN": "创建一个允许端口转发的角色" },
      command: `kubectl create role port-forwarder --namespace ${namespace} --verb=create,get --resource=pods/portforward`,
    },
  ];
}

function notRunning(phase: string): Text {
  return {
    en: `The pod is ${phase}: only a running pod has somebody to connect to.`,
    "zh-CN": `Pod 处于 ${phase} 状态：只有运行中的 Pod 才能接受连接。`,
  };
}

function needsSocat(node: string): Text {
  return {
    en: `Node ${node} runs Docker through the kubelet (removed in 1.24): there a forward needs socat and nsenter on the node.`,
    "zh-CN": `节点 ${node} 由 kubelet 直接使用 Docker（1.24 起已移除）：端口转发依赖节点上的 socat 和 nsenter。`,
  };
}

function notForwarded(why: string): Text {
  return { en: `No port was forwarded (${why}).`, "zh-CN": `端口转发没有成功（${why}）。` };
}

function closed(port: number, ports: readonly number[]): Text {
  const known = ports.join(", ");
  return {
    en: `Nothing in the pod listens on port ${port}${known ? `; its containers declare ${known}` : ""}.`,
    "zh-CN": `Pod 里没有进程监听端口 ${port}${known ? `，容器声明的端口是 ${known}` : ""}。`,
  };
}

function forwarded({ connectedMs, receivedBytes }: { connectedMs: number; receivedBytes: number }): Text {
  return {
    en: `Connected in ${connectedMs} ms, ${receivedBytes} bytes received.`,
    "zh-CN": `${connectedMs} ms 内连通，收到 ${receivedBytes} 字节。`,
  };
}
