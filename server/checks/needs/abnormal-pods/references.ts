import type { Scene, Signal } from "./scene.ts";

/** What a pod names against what is there. Secrets are not read: a viewer may not, and should not have to. */

export function missingReferences({ pod, maps, claims }: Scene, points: number): Signal[] {
  const references = pod.asked?.references ?? [];
  return references
    .filter(({ kind, name }) => {
      const known = kind === "ConfigMap" ? maps : kind === "PersistentVolumeClaim" ? claims : null;
      return known !== null && !known.has(`${pod.namespace}/${name}`);
    })
    .slice(0, 1)
    .map(({ kind, name }) => ({
      points,
      words: {
        en: `there is no ${kind} ${name} in namespace ${pod.namespace}`,
        "zh-CN": `命名空间 ${pod.namespace} 里没有 ${kind} ${name}`,
      },
    }));
}

export function missingKeys({ pod, maps }: Scene, points: number): Signal[] {
  return (pod.asked?.references ?? [])
    .filter(({ kind, name, key }) => {
      const map =
        kind === "ConfigMap" && key !== undefined ? maps?.get(`${pod.namespace}/${name}`) : undefined;
      return map !== undefined && map.keys.length < 100 && !map.keys.includes(key ?? "");
    })
    .slice(0, 1)
    .map(({ name, key }) => ({
      points,
      words: { en: `ConfigMap ${name} has no key ${key}`, "zh-CN": `ConfigMap ${name} 里没有键 ${key}` },
    }));
}
