import { z } from "zod";
import { parseImage } from "#common/kubernetes/image-reference.ts";
import { defineCheck } from "../define-check.ts";
import {
  foreignImages,
  frozenImages,
  type ImageGroup,
  movedTags,
  pickImages,
  unpinnedImages,
} from "../needs/image-sources.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { compare, ownerNeeds, ownerResolver } from "../needs/owners.ts";
import { param } from "../needs/param.ts";

const params = z.object({
  allowedRegistries: param(
    z
      .string()
      .trim()
      .max(2000)
      .regex(/^[A-Za-z0-9.:/,\s[\]-]*$/)
      .default(""),
    {
      label: { en: "Registries that may be used", "zh-CN": "允许使用的仓库" },
      help: {
        en: "Registries or paths in them, separated by commas. Empty: any.",
        "zh-CN": "仓库或其中的路径，用逗号分隔。留空表示不限制。",
      },
      placeholder: "registry.example.com, registry.k8s.io",
    },
  ),
});

/**
 * Subject: the owner people deploy (see ownerResolver), no part; affected: its pods. Codes, all warn: frozen-registry
 * (nobody puts new images there), unpinned-tag (latest or none, and no digest), tag-moved (one name, several digests
 * among an owner's pods), other-registry (only where a parameter says which registries may be used). Finished pods do
 * not count. Measured: images by registry.
 */
export const check = defineCheck({
  id: "kubernetes/image-sources",
  version: 1,
  title: { en: "Where images come from", "zh-CN": "镜像从哪里来" },
  why: {
    en: "A pod starts only if its image can be pulled, by the name it has and on a node that never had it. Registries get frozen, tags move, and it shows on the day when nodes are replaced.",
    "zh-CN":
      "只有在一个从没拉过它的节点上，也能按这个名字拉到镜像，Pod 才起得来。仓库会冻结，标签会被覆盖，而这些要到更换节点那天才暴露。",
  },
  remedy: {
    en: "Name images by version or digest, take them from registries that are kept up, and mirror what you cannot do without.",
    "zh-CN": "用版本号或摘要引用镜像，使用仍在维护的仓库，离不开的镜像放进自己的镜像站。",
  },
  params,
  needs: { pods: kubernetes.list(kinds.Pod, pickImages), ...ownerNeeds },
  judge: ({ pods, ...owners }, { allowedRegistries }) => {
    const ownerOf = ownerResolver(owners);
    const groups = new Map<string, ImageGroup>();
    const counts = new Map<string, Set<string>>();
    for (const pod of pods) {
      const owner = ownerOf(pod);
      const key = `${owner.kind}/${owner.namespace}/${owner.name}`;
      const group = groups.get(key) ?? { owner, pods: [] };
      group.pods.push(pod);
      groups.set(key, group);
      for (const { image } of pod.images) {
        const registry = parseImage(image)?.registry;
        if (registry) counts.set(registry, (counts.get(registry) ?? new Set()).add(image));
      }
    }
    const allowed = allowedRegistries.split(/[,\s]+/).filter((one) => one !== "");
    const sorted = [...groups].sort(([a], [b]) => compare(a, b)).map(([, group]) => group);
    return {
      findings: sorted.flatMap((group) => [
        ...frozenImages(group),
        ...unpinnedImages(group),
        ...movedTags(group),
        ...foreignImages(group, allowed),
      ]),
      measurements: [...counts]
        .sort(([a], [b]) => compare(a, b))
        .map(([registry, images]) => ({
          name: "images",
          subject: registry,
          value: images.size,
          unit: "{images}",
        })),
    };
  },
});
