import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { isUnread, type Unread } from "./need.ts";
import type { VersionSeen } from "./served-kinds.ts";

/** APIs behind the API server that do not answer, and what it says of them. */

export type ApiService = {
  name: string;
  service?: { namespace: string; name: string };
  /** the condition Available where it is not true */
  down?: { reason: string; message: string };
};

type ApiServiceObject = {
  metadata?: { name?: string };
  spec?: { service?: { namespace?: string; name?: string } | null };
  status?: { conditions?: { type?: string; status?: string; reason?: string; message?: string }[] };
};

/** What the connector says where the server's own list of APIs marks a group as stale. */
const staleWords: Text = {
  en: "the API server marks it as stale: the server behind it does not answer",
  "zh-CN": "API 服务器把它标为 stale：后面的服务没有应答",
};

/** Local ones are the API server itself. */
export function pickApiService(object: unknown): ApiService | undefined {
  const { metadata, spec, status } = object as ApiServiceObject;
  if (!spec?.service) return undefined;
  const available = status?.conditions?.find(({ type }) => type === "Available");
  return {
    name: metadata?.name ?? "",
    service: { namespace: spec.service.namespace ?? "", name: spec.service.name ?? "" },
    ...(available?.status !== "True" && {
      down: { reason: available?.reason ?? "Unknown", message: available?.message ?? "" },
    }),
  };
}

export function silentFindings(versions: VersionSeen[], services: ApiService[] | Unread): Finding[] {
  const known = isUnread(services) ? [] : services;
  return versions
    .filter(({ answered }) => !answered)
    .map(({ group, version, detail }) => {
      const name = `${version}.${group}`;
      const service = known.find((each) => each.name === name);
      const why = service?.down ? `${service.down.reason}: ${service.down.message}` : detail;
      return {
        verdict: "fail",
        code: "api-not-answering",
        subject: { kind: "APIService", name },
        message: {
          en: `${group}/${version} does not answer. Its kinds cannot be read, "kubectl api-resources" ends with an error, and namespaces stay in Terminating as long as nobody can tell whether they hold any.`,
          "zh-CN": `${group}/${version} 没有应答。它的资源无法读取，kubectl api-resources 会以错误结束；由于无法确认命名空间里是否还有这些对象，删除中的命名空间会一直停在 Terminating。`,
        },
        observed: why === staleWords.en ? staleWords : why,
        expected: "Available",
        remedy: steps(name, service),
      };
    });
}

function steps(name: string, service: ApiService | undefined): RemedyStep[] {
  const at = service?.service;
  return [
    {
      purpose: "inspect",
      text: { en: "Read what the API server says of it.", "zh-CN": "查看 API 服务器对它的说明。" },
      command: shellCommand("kubectl", "describe", "apiservice", name),
    },
    ...(at
      ? [
          {
            purpose: "inspect" as const,
            text: { en: "Is anybody behind its Service?", "zh-CN": "它的 Service 背后有没有 Pod？" },
            command: shellCommand(
              ...["kubectl", "get", "endpointslices", "--namespace", at.namespace],
              ...["--selector", `kubernetes.io/service-name=${at.name}`],
            ),
          },
        ]
      : []),
    {
      purpose: "fix",
      text: {
        en: "Bring its server back. If the software was removed, remove what it left behind:",
        "zh-CN": "让它的服务器恢复。如果软件已经卸载，就删除它留下的注册：",
      },
      command: shellCommand("kubectl", "delete", "apiservice", name),
    },
    {
      purpose: "verify",
      text: { en: "Discovery ends without an error.", "zh-CN": "API 发现不再报错。" },
      command: "kubectl api-resources --output name >/dev/null && echo complete",
    },
  ];
}
