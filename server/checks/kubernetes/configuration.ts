import { z } from "zod";
import type { Finding, Subject } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { editedRelease, type StalePod, staleSettings } from "../needs/config-drift.ts";
import { brokenInside, copiedValues, secretsInside, unreferenced } from "../needs/config-findings.ts";
import { keysOf, lackingOf, missingReferences, usedNames } from "../needs/config-lookup.ts";
import { pickSecretKeys, pickSettings, type SecretKeys, type Settings } from "../needs/config-objects.ts";
import {
  pickAccountSecrets,
  pickCronJobUser,
  pickIngressSecrets,
  pickJobUser,
  pickRunningUser,
  pickTemplateUser,
  type RunningUser,
  type User,
} from "../needs/config-references.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { isUnread, optional } from "../needs/need.ts";
import { compare, ownerNeeds, ownerResolver } from "../needs/owners.ts";
import { param } from "../needs/param.ts";

const params = z.object({
  unreferencedDays: param(z.number().int().min(0).max(3650).default(30), {
    label: { en: "Unused objects are reported after", "zh-CN": "多久未被引用才报告" },
    unit: "d",
  }),
});

const needs = {
  settings: kubernetes.list(kinds.ConfigMap, pickSettings),
  deployments: kubernetes.list(kinds.Deployment, pickTemplateUser("Deployment")),
  statefulSets: kubernetes.list(kinds.StatefulSet, pickTemplateUser("StatefulSet")),
  daemonSets: kubernetes.list(kinds.DaemonSet, pickTemplateUser("DaemonSet")),
  ownReplicaSets: kubernetes.list(kinds.ReplicaSet, pickTemplateUser("ReplicaSet")),
  ownJobs: kubernetes.list(kinds.Job, pickJobUser),
  cronJobs: kubernetes.list(kinds.CronJob, pickCronJobUser),
  pods: kubernetes.list(kinds.Pod, pickRunningUser),
  secrets: optional(kubernetes.list(kinds.Secret, pickSecretKeys)),
  accounts: optional(kubernetes.list(kinds.ServiceAccount, pickAccountSecrets)),
  ingresses: optional(kubernetes.list(kinds.Ingress, pickIngressSecrets)),
  ...ownerNeeds,
};

const isSystem = (namespace: string) => /^(kube-|openshift)/.test(namespace);

/** Pods without a template that is read: one user for each owner. */
function ownUsers(pods: readonly RunningUser[], ownerOf: (pod: RunningUser) => Subject): User[] {
  const users = new Map<string, User>();
  for (const pod of pods) {
    if (!pod.references) continue;
    const owner = ownerOf(pod);
    users.set(`${owner.kind}/${owner.namespace}/${owner.name}`, { ...owner, references: pod.references });
  }
  return [...users.values()];
}

function stale(
  pods: readonly RunningUser[],
  settings: readonly Settings[],
  ownerOf: (pod: RunningUser) => Subject,
): Finding[] {
  const changed = new Map(
    settings.flatMap((one) => (one.changedAt ? [[`${one.namespace}/${one.name}`, one] as const] : [])),
  );
  const groups = new Map<string, { owner: Subject; pods: StalePod[] }>();
  for (const pod of pods)
    for (const name of pod.startedAt === "" ? [] : pod.read) {
      const one = changed.get(`${pod.namespace}/${name}`);
      if (!one?.changedAt || Date.parse(one.changedAt) <= Date.parse(pod.startedAt)) continue;
      const owner = ownerOf(pod);
      const key = `${owner.kind}/${owner.namespace}/${owner.name}`;
      const group = groups.get(key) ?? { owner, pods: [] };
      if (!group.pods.some((known) => known.name === pod.name)) group.pods.push({ ...pod, settings: one });
      groups.set(key, group);
    }
  return [...groups]
    .sort(([a], [b]) => compare(a, b))
    .map(([, group]) => staleSettings(group.owner, group.pods));
}

type Unused = { settings: Settings[]; secrets: SecretKeys[] };

/**
 * Subjects and codes. The workload (Deployment, StatefulSet, DaemonSet, CronJob, Job, or a pod's owner):
 * missing-reference (fail), stale-settings (warn; affected: its pods). ConfigMap: secret-in-configmap (warn; fail for a
 * private key), unparsable-value, edited-release (warn). Namespace: copied-values, unreferenced (warn; affected: the
 * objects). Values are looked at and never kept: of each there are its key, length, a mark to find equal ones by, and
 * what it looks like. References to Secrets are judged where Secrets may be listed. Namespaces of the system are left
 * out of copied-values and unreferenced.
 */
export const check = defineCheck({
  id: "kubernetes/configuration",
  version: 1,
  title: { en: "ConfigMaps and Secrets under management", "zh-CN": "ConfigMap 与 Secret 的管理" },
  why: {
    en: "A key that is missing or a file that does not parse lies dormant until the next pod starts, often at night and on another node. A password in a ConfigMap is open to everybody who may read the namespace.",
    "zh-CN":
      "少一个键、文件解析不了，平时看不出来，要到下一个 Pod 启动时才发作，往往是半夜、在别的节点上。写进 ConfigMap 的密码，凡是能读这个命名空间的人都能看到。",
  },
  remedy: {
    en: "Let a pipeline check references and syntax before anything is applied, keep secrets in Secrets, and give each release settings of its own that nobody can change.",
    "zh-CN": "在流水线里先检查引用和语法再发布；机密放进 Secret；每次发布使用自己的、不可修改的配置。",
  },
  params,
  needs,
  judge: (facts, { unreferencedDays }, { observedAt }) => {
    const { settings, pods, secrets, accounts, ingresses } = facts;
    const ownerOf = ownerResolver(facts);
    const knownSecrets = isUnread(secrets) ? [] : secrets;
    const users: User[] = [
      ...facts.deployments,
      ...facts.statefulSets,
      ...facts.daemonSets,
      ...facts.ownReplicaSets,
      ...facts.ownJobs,
      ...facts.cronJobs,
      ...ownUsers(pods, ownerOf),
    ];
    const keys = keysOf(settings, knownSecrets);
    const missing = users.flatMap((user) =>
      user.idle ? [] : missingReferences(user, lackingOf(user, keys, !isUnread(secrets))),
    );
    const mentions = [accounts, ingresses].flatMap((fact) => (isUnread(fact) ? [] : fact));
    const used = usedNames(users, mentions);
    const isOld = (at: string) => observedAt.getTime() - Date.parse(at) > unreferencedDays * 86_400_000;
    const isUnused = (kind: string, { namespace, name, createdAt, managed }: Settings | SecretKeys) =>
      !managed && !isSystem(namespace) && isOld(createdAt) && !used.get(namespace)?.has(`${kind}/${name}`);
    const unused = new Map<string, Unused>();
    const groupOf = (namespace: string) => {
      const group = unused.get(namespace) ?? { settings: [], secrets: [] };
      unused.set(namespace, group);
      return group;
    };
    for (const one of settings) if (isUnused("ConfigMap", one)) groupOf(one.namespace).settings.push(one);
    // A Secret may be named in objects that are not read here; without these two nothing can be said at all.
    if (!isUnread(accounts) && !isUnread(ingresses))
      for (const one of knownSecrets)
        if (one.type === "Opaque" && isUnused("Secret", one)) groupOf(one.namespace).secrets.push(one);
    const findings = [
      ...missing,
      ...settings.flatMap(secretsInside),
      ...settings.flatMap(brokenInside),
      ...copiedValues(settings.filter(({ namespace }) => !isSystem(namespace))),
      ...stale(pods, settings, ownerOf),
      ...settings.flatMap(editedRelease),
      ...[...unused]
        .sort(([a], [b]) => compare(a, b))
        .map(([namespace, group]) => unreferenced(namespace, group.settings, group.secrets)),
    ];
    const references = users.flatMap((user) => user.references);
    const share = (part: number, whole: number) => (whole === 0 ? 0 : Math.round((part / whole) * 1000) / 10);
    const once = references.filter((reference) => reference.once).length;
    const frozen = settings.filter(({ immutable }) => immutable).length;
    return {
      findings,
      measurements: [
        { name: "configmaps", value: settings.length, unit: "{configmaps}" },
        { name: "references-read-once", value: share(once, references.length), unit: "%" },
        { name: "configmaps-immutable", value: share(frozen, settings.length), unit: "%" },
      ],
    };
  },
});
