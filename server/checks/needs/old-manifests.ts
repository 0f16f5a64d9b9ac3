import type { ObjectMeta } from "kubernetes-types/meta/v1.d.ts";
import { removedApi } from "#common/kubernetes/removed-apis.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, Subject } from "#common/result.ts";
import { compare } from "./owners.ts";

/** Objects whose manifest, wherever it is kept, is written in a version that servers have dropped. */

export type OldManifest = {
  kind: string;
  namespace: string;
  name: string;
  apiVersion: string;
  /** who wrote it so: "kubectl apply" by its annotation, or a field manager */
  by: string;
};

const annotation = "kubectl.kubernetes.io/last-applied-configuration";
/** These follow the server's own version, whatever it is. */
const own = /^(kube-controller-manager|kube-apiserver|kube-scheduler|kubelet|kubectl-(edit|rollout|scale))/;

export function pickOldManifest(
  kind: string,
): (object: { metadata?: ObjectMeta }) => OldManifest | undefined {
  return ({ metadata }) => {
    const place = { kind, namespace: metadata?.namespace ?? "", name: metadata?.name ?? "" };
    // The annotation is JSON with sorted keys: the version comes first.
    const applied = metadata?.annotations?.[annotation];
    const version = /^\{"apiVersion":"([^"]+)"/.exec(applied ?? "")?.[1];
    if (version !== undefined) {
      return removedApi(version, kind) ? { ...place, apiVersion: version, by: "kubectl apply" } : undefined;
    }
    const entry = metadata?.managedFields?.find(
      ({ apiVersion = "", manager = "", subresource }) =>
        !subresource && !own.test(manager) && removedApi(apiVersion, kind) !== undefined,
    );
    return entry && { ...place, apiVersion: entry.apiVersion ?? "", by: entry.manager ?? "" };
  };
}

export function manifestFindings(
  manifests: OldManifest[],
  serves: (apiVersion: string) => boolean,
): Finding[] {
  const groups = Map.groupBy(manifests, ({ apiVersion, kind }) => `${apiVersion} ${kind}`);
  return [...groups]
    .toSorted(([a], [b]) => compare(a, b))
    .map(([name, found]) => finding(name, found, serves));
}

function finding(name: string, found: OldManifest[], serves: (apiVersion: string) => boolean): Finding {
  const place = (one: OldManifest) => `${one.namespace}/${one.name}`;
  const sorted = found.toSorted((a, b) => compare(place(a), place(b)));
  const { apiVersion = "", kind = "" } = sorted[0] ?? {};
  const api = removedApi(apiVersion, kind);
  const gone = !serves(apiVersion);
  const writers = [...new Set(sorted.map(({ by }) => by))].toSorted(compare).join(", ");
  const some = sorted.slice(0, 5).map(place).join(", ");
  const count = sorted.length;
  const subjects = sorted.map((one): Subject => ({ kind, namespace: one.namespace, name: one.name }));
  const first = sorted[0];
  return {
    verdict: "warn",
    code: gone ? "manifest-api-removed" : "manifest-api-deprecated",
    subject: { kind: "API", name },
    affected: { count, sample: subjects.slice(0, 50) },
    message: gone
      ? {
          en: `${count} ${kind} objects (${some}) were last written as ${apiVersion}, which this server no longer serves: the next apply or upgrade of that manifest fails.`,
          "zh-CN": `${count} 个 ${kind}（${some}）上次是以 ${apiVersion} 写入的，而这台服务器已不再提供该版本：下次 apply 或升级那份清单会失败。`,
        }
      : {
          en: `${count} ${kind} objects (${some}) were last written as ${apiVersion}, which leaves in 1.${api?.removedIn ?? "?"}.`,
          "zh-CN": `${count} 个 ${kind}（${some}）上次是以 ${apiVersion} 写入的，该版本将在 1.${api?.removedIn ?? "?"} 移除。`,
        },
    observed: { en: `${apiVersion}, by ${writers}`, "zh-CN": `${apiVersion}，由 ${writers} 写入` },
    expected: api?.instead ?? { en: "no such kind", "zh-CN": "没有这个类型" },
    remedy: [
      {
        purpose: "fix",
        text: {
          en: `Write the manifest for ${api?.instead ?? "what takes its place"}: the server converts the live object, to copy from.`,
          "zh-CN": `把清单改写为 ${api?.instead ?? "替代的资源"}：服务器会把现有对象转换成新版本，可以照着抄。`,
        },
        ...(first && {
          command: shellCommand(
            ...["kubectl", "get", kind.toLowerCase(), first.name, "--namespace", first.namespace],
            ...["--output", "yaml"],
          ),
        }),
      },
      ...(sorted.some(({ by }) => /^helm$/i.test(by))
        ? [
            {
              purpose: "fix" as const,
              text: {
                en: "A Helm release keeps its old manifest and cannot be upgraded: rewrite what is stored with the mapkubeapis plugin first.",
                "zh-CN": "Helm 的 release 里保存着旧清单，无法升级：先用 mapkubeapis 插件改写保存的内容。",
              },
              command: "helm mapkubeapis RELEASE --namespace NAMESPACE --dry-run",
            },
          ]
        : []),
    ],
  };
}
