import type { Pod } from "kubernetes-types/core/v1.d.ts";
import {
  type FrozenId,
  frozenSource,
  imageName,
  isUnpinned,
  parseImage,
} from "#common/kubernetes/image-reference.ts";
import { hasTemplate } from "#common/kubernetes/pod-template.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import { interned } from "./interned.ts";
import { affectedPods, compare, type OwnedPod, pickOwner } from "./owners.ts";

/** Where pods' images come from. */

export type ImagePod = OwnedPod & {
  /** container, image as it is written, and the first digits of what was pulled under that name */
  images: { container: string; image: string; pulled?: string }[];
};

export function pickImages(pod: Pod): ImagePod | undefined {
  const { spec, status } = pod;
  if (status?.phase === "Succeeded" || status?.phase === "Failed") return undefined;
  const states = [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ];
  const pulledOf = (container: string) =>
    /@sha256:([0-9a-f]{12})/.exec(states.find(({ name }) => name === container)?.imageID ?? "")?.[1];
  const images = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map(
    ({ name, image = "" }) => {
      const pulled = pulledOf(name);
      return { container: name, image, ...(pulled && { pulled }) };
    },
  );
  return { ...pickOwner(pod.metadata), images: interned(images) };
}

export type ImageGroup = { owner: Subject; pods: ImagePod[] };
type Use = { container: string; image: string };

const frozenWords: Record<FrozenId, { en: string; zh: string }> = {
  "k8s-gcr": { en: "k8s.gcr.io was frozen in April 2023", zh: "k8s.gcr.io 已于 2023 年 4 月冻结" },
  "google-containers": {
    en: "google_containers at gcr.io is the oldest name of that registry and gets no new images",
    zh: "gcr.io 上的 google_containers 是最早的名字，早已不再更新",
  },
  bitnami: {
    en: "Bitnami's versioned images left docker.io/bitnami in 2025; bitnamilegacy keeps the old ones without updates",
    zh: "Bitnami 带版本的镜像已于 2025 年撤出 docker.io/bitnami，旧的留在 bitnamilegacy，不再更新",
  },
  "kubernetes-ingress-controller": {
    en: "ingress-nginx moved from quay.io to registry.k8s.io/ingress-nginx in 2020",
    zh: "ingress-nginx 已于 2020 年从 quay.io 迁到 registry.k8s.io/ingress-nginx",
  },
};

function usesOf({ pods }: ImageGroup, isMeant: (use: Use) => boolean): { uses: Use[]; pods: ImagePod[] } {
  const found = pods.filter(({ images }) => images.some(isMeant));
  const uses = new Map<string, Use>();
  for (const { images } of found)
    for (const { container, image } of images.filter(isMeant))
      uses.set(`${container}=${image}`, { container, image });
  const sorted = [...uses].sort(([a], [b]) => compare(a, b)).map(([, use]) => use);
  return { uses: sorted, pods: found };
}

const listed = (names: readonly string[]) =>
  [...new Set(names)].slice(0, 3).join(", ") + (new Set(names).size > 3 ? ", …" : "");

function setImages(
  owner: Subject,
  changes: readonly (readonly [container: string, image: string])[],
): RemedyStep[] {
  if (changes.length === 0 || !hasTemplate(owner) || owner.kind === "ReplicaSet") return [];
  return [
    {
      purpose: "fix",
      text: {
        en: "Take the image from where it is kept now. This rolls the pods; change the manifest as well.",
        "zh-CN": "改从现在保存它的仓库拉取。会触发滚动更新，清单也要同步修改。",
      },
      command: shellCommand(
        ...["kubectl", "set", "image", `${owner.kind.toLowerCase()}/${owner.name}`],
        ...changes.map(([container, image]) => `${container}=${image}`),
        ...["--namespace", owner.namespace ?? ""],
      ),
    },
  ];
}

export function frozenImages(group: ImageGroup): Finding[] {
  const sourceOf = (image: string) => {
    const parsed = parseImage(image);
    return parsed ? frozenSource(parsed) : undefined;
  };
  const { uses, pods } = usesOf(group, ({ image }) => sourceOf(image) !== undefined);
  const source = sourceOf(uses[0]?.image ?? "");
  if (!source) return [];
  const changes = uses.flatMap(({ container, image }) => {
    const instead = sourceOf(image)?.instead;
    return instead ? [[container, imageName(instead)] as const] : [];
  });
  const names = listed(uses.map(({ image }) => image));
  return [
    {
      verdict: "warn",
      code: "frozen-registry",
      subject: group.owner,
      affected: affectedPods(pods),
      message: {
        en: `${names}: ${frozenWords[source.id].en}. No fix for a hole reaches it, and one day a new node cannot pull it.`,
        "zh-CN": `${names}：${frozenWords[source.id].zh}。漏洞不会再修，将来新节点也可能拉不到。`,
      },
      observed: names,
      expected:
        changes.length > 0
          ? listed(changes.map(([, image]) => image))
          : { en: "an image that is still built", "zh-CN": "仍在构建的镜像" },
      remedy: setImages(group.owner, changes),
    },
  ];
}

export function unpinnedImages(group: ImageGroup): Finding[] {
  const { uses, pods } = usesOf(group, ({ image }) => {
    const parsed = parseImage(image);
    return parsed !== null && isUnpinned(parsed);
  });
  if (uses.length === 0) return [];
  const names = listed(uses.map(({ image }) => image));
  return [
    {
      verdict: "warn",
      code: "unpinned-tag",
      subject: group.owner,
      affected: affectedPods(pods),
      message: {
        en: `${names}: without a version each start pulls whatever is newest then. Two pods may differ, and there is nothing to roll back to.`,
        "zh-CN": `${names}：没有版本号，每次启动拉到的都是当时最新的。两个 Pod 可能不一样，也没有可以回滚的版本。`,
      },
      observed: names,
      expected: { en: "a version, or a digest", "zh-CN": "版本号或摘要" },
      remedy: [
        {
          purpose: "inspect",
          text: { en: "What runs at present, by digest.", "zh-CN": "按摘要看现在运行的是哪个。" },
          command: shellCommand(
            ...["kubectl", "get", "pods", "--namespace", group.owner.namespace ?? "", "--output"],
            'jsonpath={range .items[*]}{.metadata.name}{range .status.containerStatuses[*]} {.image} {.imageID}{end}{"\\n"}{end}',
          ),
        },
      ],
    },
  ];
}

/** Pods of one owner that were started with one name and run different images. */
export function movedTags(group: ImageGroup): Finding[] {
  const pulled = new Map<string, Map<string, ImagePod[]>>();
  for (const pod of group.pods)
    for (const { image, pulled: digest } of pod.images) {
      if (!digest || image.includes("@")) continue;
      const versions = pulled.get(image) ?? new Map<string, ImagePod[]>();
      versions.set(digest, [...(versions.get(digest) ?? []), pod]);
      pulled.set(image, versions);
    }
  const moved = [...pulled].filter(([, versions]) => versions.size > 1).sort(([a], [b]) => compare(a, b));
  const [first] = moved;
  if (!first) return [];
  const [image, versions] = first;
  const counts = [...versions]
    .sort(([a], [b]) => compare(a, b))
    .map(([digest, pods]) => `${digest} × ${pods.length}`)
    .join(", ");
  return [
    {
      verdict: "warn",
      code: "tag-moved",
      subject: group.owner,
      affected: affectedPods([...versions.values()].flat()),
      message: {
        en: `Under the name ${image} the pods run ${versions.size} different images: somebody pushed over the tag between two pulls.`,
        "zh-CN": `同样叫 ${image}，这些 Pod 实际运行着 ${versions.size} 个不同的镜像：两次拉取之间，标签被重新推送过。`,
      },
      observed: counts,
      expected: { en: "one digest", "zh-CN": "同一个摘要" },
      remedy: [
        {
          purpose: "fix",
          text: {
            en: "Find out which of them is meant, name it by its digest, and let the registry refuse to overwrite tags.",
            "zh-CN": "确认要用哪一个，改用摘要引用，并在仓库里禁止覆盖标签。",
          },
        },
      ],
    },
  ];
}

/** Images from elsewhere, where it is said which registries may be used. */
export function foreignImages(group: ImageGroup, allowed: readonly string[]): Finding[] {
  if (allowed.length === 0) return [];
  const isAllowed = (image: string) => {
    const parsed = parseImage(image);
    const name = parsed ? imageName(parsed) : image;
    return allowed.some((one) => name.startsWith(one.endsWith("/") ? one : `${one}/`));
  };
  const { uses, pods } = usesOf(group, ({ image }) => image !== "" && !isAllowed(image));
  if (uses.length === 0) return [];
  const names = listed(uses.map(({ image }) => image));
  return [
    {
      verdict: "warn",
      code: "other-registry",
      subject: group.owner,
      affected: affectedPods(pods),
      message: {
        en: `${names}: not from ${allowed.join(", ")}. When the way to that registry is closed, these pods do not start.`,
        "zh-CN": `${names}：不是来自 ${allowed.join("、")}。到那个仓库的路一断，这些 Pod 就起不来。`,
      },
      observed: names,
      expected: allowed.join(", "),
    },
  ];
}
