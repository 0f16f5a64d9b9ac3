import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import { settingsPlace } from "./config-findings.ts";
import { baseName, type Settings } from "./config-objects.ts";
import { affectedPods, compare, type OwnedPod } from "./owners.ts";

/** Settings that changed behind those who use them. */

/** A name that promises its content, and content that was written later. */
export function editedRelease(settings: Settings): Finding[] {
  const { namespace, name, createdAt, changedAt, immutable, managed } = settings;
  if (immutable || managed || !changedAt || baseName(name) === name) return [];
  if (Date.parse(changedAt) - Date.parse(createdAt) < 60_000) return [];
  return [
    {
      verdict: "warn",
      code: "edited-release",
      subject: settingsPlace(settings),
      message: {
        en: `ConfigMap ${namespace}/${name} carries a version in its name and was edited after it was made: going back to it does not give back what ran then.`,
        "zh-CN": `ConfigMap ${namespace}/${name} 的名字带着版本，但创建之后内容又被改过：回滚到它，得到的已不是当时运行的配置。`,
      },
      observed: {
        en: `made ${createdAt}, written ${changedAt}`,
        "zh-CN": `创建于 ${createdAt}，写入于 ${changedAt}`,
      },
      expected: "immutable: true",
      remedy: [
        {
          purpose: "fix",
          text: {
            en: "Restore its content, keep the change in a new version, and close the old one.",
            "zh-CN": "恢复原内容，把改动放进新版本，再把旧版本锁定。",
          },
          command: shellCommand(
            ...["kubectl", "patch", "configmap", name, "--namespace", namespace],
            ...["--type", "merge", "--patch", '{"immutable":true}'],
          ),
        },
      ],
    },
  ];
}

export type StalePod = OwnedPod & { startedAt: string; settings: Settings };

/** Pods that read settings at their start, and settings that were written since. */
export function staleSettings(owner: Subject, pods: readonly StalePod[]): Finding {
  const names = [...new Set(pods.map(({ settings }) => settings.name))].sort(compare);
  const [first] = pods.toSorted((a, b) => compare(a.name, b.name));
  const restart = ["Deployment", "StatefulSet", "DaemonSet"].includes(owner.kind);
  return {
    verdict: "warn",
    code: "stale-settings",
    subject: owner,
    affected: affectedPods(pods),
    message: {
      en: `${names.join(", ")} changed after ${pods.length === 1 ? "1 pod" : `${pods.length} pods`} had read it: environment variables and subPath files do not follow. The next restart, whenever it comes, brings the change.`,
      "zh-CN": `${names.join("、")} 在 ${pods.length} 个 Pod 启动之后被改过：环境变量和 subPath 文件不会跟着更新。改动要等下一次重启才生效，而那可能发生在任何时候。`,
    },
    observed: {
      en: `started ${first?.startedAt}, written ${first?.settings.changedAt}`,
      "zh-CN": `启动于 ${first?.startedAt}，写入于 ${first?.settings.changedAt}`,
    },
    expected: { en: "started after the last change", "zh-CN": "在最后一次修改之后启动" },
    ...(restart && {
      remedy: [
        {
          purpose: "fix",
          text: {
            en: "Restart them while somebody watches.",
            "zh-CN": "趁有人盯着的时候重启。",
          },
          command: shellCommand(
            ...["kubectl", "rollout", "restart", `${owner.kind.toLowerCase()}/${owner.name}`],
            ...["--namespace", owner.namespace ?? ""],
          ),
        } satisfies RemedyStep,
      ],
    }),
  };
}
