import type { RemedyStep, Subject } from "../result.ts";
import { shellCommand } from "./shell.ts";

const templates: Record<string, (metadata: object) => object> = {
  Deployment: (metadata) => ({ spec: { template: { metadata } } }),
  StatefulSet: (metadata) => ({ spec: { template: { metadata } } }),
  DaemonSet: (metadata) => ({ spec: { template: { metadata } } }),
  ReplicaSet: (metadata) => ({ spec: { template: { metadata } } }),
  CronJob: (metadata) => ({ spec: { jobTemplate: { spec: { template: { metadata } } } } }),
};

/** Whether kubectl can change the pods of such an owner in place ("kubectl set resources", "kubectl patch"). */
export function hasTemplate(owner: Subject): boolean {
  return owner.kind in templates;
}

/** The step that gives an owner's pods annotations: a patch of its template, or of the pod nobody owns. */
export function annotatePods(
  owner: Subject,
  annotations: Record<string, string>,
  dropped: readonly string[],
): RemedyStep {
  const place = ["--namespace", owner.namespace ?? ""];
  const words = Object.entries(annotations).map(([key, value]) => `${key}=${value}`);
  const inTemplate = templates[owner.kind];
  if (inTemplate) {
    const changes = { ...annotations, ...Object.fromEntries(dropped.map((key) => [key, null])) };
    const patch = JSON.stringify(inTemplate({ annotations: changes }));
    const target = [owner.kind.toLowerCase(), owner.name];
    return {
      purpose: "fix",
      text: {
        en: "Patch the pod template. This rolls the pods of a Deployment, StatefulSet or DaemonSet; put it into the manifest as well.",
        "zh-CN":
          "修改 Pod 模板。对 Deployment、StatefulSet 和 DaemonSet 会触发滚动更新;清单文件里也要同步修改。",
      },
      command: shellCommand("kubectl", "patch", ...target, ...place, "--type", "merge", "--patch", patch),
    };
  }
  if (owner.kind === "Pod")
    return {
      purpose: "fix",
      text: {
        en: "Annotate the pod; annotations of a running pod may change.",
        "zh-CN": "给 Pod 加注解;运行中的 Pod 可以修改注解。",
      },
      command: shellCommand(
        ...["kubectl", "annotate", "pod", owner.name, ...place, "--overwrite", ...words],
        ...dropped.map((key) => `${key}-`),
      ),
    };
  return {
    purpose: "fix",
    text: {
      en: `Set ${words.join(", ")} in the pod template where ${owner.kind} ${owner.name} is defined: its template cannot be patched in place, or only by its own controller.`,
      "zh-CN": `在定义 ${owner.kind} ${owner.name} 的地方,给 Pod 模板加上 ${words.join("、")}:它的模板不能就地修改,或只能由它自己的控制器修改。`,
    },
  };
}
