/** The parts of an image's name, as container runtimes read them. */

export type ImageReference = {
  registry: string;
  repository: string;
  tag: string | null;
  digest: string | null;
};

const part = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const pattern = new RegExp(
  `^(?:([A-Za-z0-9.-]+(?::[0-9]{1,5})?|\\[[0-9a-fA-F:]+\\](?::[0-9]{1,5})?)/)?(${part}(?:/${part})*)(?::([A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$`,
);

/** Null for what no runtime would take. A name without a registry is one of Docker Hub. */
export function parseImage(text: string): ImageReference | null {
  if (text.length > 512) return null;
  const [whole, first, rest = "", tag = null, digest = null] = pattern.exec(text.trim()) ?? [];
  if (whole === undefined) return null;
  // "team/app" is a repository, "team.example/app" and "localhost/app" name a registry.
  const isRegistry = first !== undefined && (/[.:]/.test(first) || first === "localhost");
  const registry = isRegistry ? first : "docker.io";
  if (!isRegistry && first !== undefined && !new RegExp(`^${part}$`).test(first)) return null;
  const repository = !isRegistry && first !== undefined ? `${first}/${rest}` : rest;
  return {
    registry: registry === "index.docker.io" ? "docker.io" : registry,
    repository: registry === "docker.io" && !repository.includes("/") ? `library/${repository}` : repository,
    tag,
    digest,
  };
}

export function imageName({ registry, repository, tag, digest }: ImageReference): string {
  return `${registry}/${repository}${tag === null ? "" : `:${tag}`}${digest === null ? "" : `@${digest}`}`;
}

/** Whether what is pulled under this name may be another image tomorrow, by the name alone. */
export function isUnpinned({ tag, digest }: ImageReference): boolean {
  return digest === null && (tag === null || tag === "latest");
}

type Frozen = {
  match: (image: ImageReference) => boolean;
  id: FrozenId;
  replace?: (image: ImageReference) => ImageReference;
};
export type FrozenId = "k8s-gcr" | "google-containers" | "bitnami" | "kubernetes-ingress-controller";

const frozen: readonly Frozen[] = [
  {
    id: "k8s-gcr",
    match: ({ registry }) => /^((us|eu|asia)\.)?k8s\.gcr\.io$/.test(registry),
    replace: (image) => ({ ...image, registry: "registry.k8s.io" }),
  },
  {
    id: "google-containers",
    match: ({ registry, repository }) =>
      /^((us|eu|asia)\.)?gcr\.io$/.test(registry) && /^google[_-]containers\//.test(repository),
    replace: (image) => ({
      ...image,
      registry: "registry.k8s.io",
      repository: image.repository.replace(/^google[_-]containers\//, ""),
    }),
  },
  {
    id: "bitnami",
    // its moving tags stayed, and are still built
    match: ({ registry, repository, tag }) =>
      registry === "docker.io" && repository.startsWith("bitnami/") && tag !== null && tag !== "latest",
    replace: (image) => ({ ...image, repository: image.repository.replace(/^bitnami\//, "bitnamilegacy/") }),
  },
  {
    id: "kubernetes-ingress-controller",
    match: ({ registry, repository }) =>
      registry === "quay.io" && repository.startsWith("kubernetes-ingress-controller/"),
  },
];

/** Where nobody puts new images any more; `instead`: the same image where it is kept. */
export function frozenSource(image: ImageReference): { id: FrozenId; instead?: ImageReference } | undefined {
  const found = frozen.find(({ match }) => match(image));
  return found && { id: found.id, ...(found.replace && { instead: found.replace(image) }) };
}
