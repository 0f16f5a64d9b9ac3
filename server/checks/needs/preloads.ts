import type { Container, Pod, Volume } from "kubernetes-types/core/v1.d.ts";
import { type OwnedPod, pickOwner } from "./owners.ts";

/** The file that the dynamic linker reads beside the variable. */
export const preloadFile = "/etc/ld.so.preload";

/** Whatever makes the dynamic linker load a library that the program does not ask for. */
const variables = ["LD_PRELOAD", "LD_AUDIT"];

export type Preload = {
  container: string;
  /** the variable, or the file */
  variable: string;
  /** as written; of a value from elsewhere, where it comes from */
  libraries: string[];
  /** kind of the volume that the library lies in; "" where it is the image's own */
  volume: string;
};
export type PreloadPod = OwnedPod & { preloads: Preload[] };

type Env = NonNullable<Container["env"]>[number];

/** The linker takes spaces and colons for separators. */
function librariesOf({ value, valueFrom }: Env): string[] {
  if (value !== undefined) return value.split(/[\s:]+/).filter((path) => path !== "");
  const { configMapKeyRef, secretKeyRef } = valueFrom ?? {};
  if (configMapKeyRef) return [`ConfigMap ${configMapKeyRef.name} ${configMapKeyRef.key}`];
  return secretKeyRef ? [`Secret ${secretKeyRef.name} ${secretKeyRef.key}`] : [];
}

function kindOf(volume: Volume | undefined): string {
  return Object.keys(volume ?? {}).find((key) => key !== "name") ?? "";
}

/** The volume that a path lies in: that of the longest mount above it. */
function volumeOf(path: string, { volumeMounts = [] }: Container, volumes: readonly Volume[]): string {
  const [mount] = volumeMounts
    .filter(({ mountPath }) => path === mountPath || path.startsWith(`${mountPath.replace(/\/$/, "")}/`))
    .toSorted((a, b) => b.mountPath.length - a.mountPath.length);
  return mount ? kindOf(volumes.find(({ name }) => name === mount.name)) : "";
}

function preloadsOf(container: Container, volumes: readonly Volume[]): Preload[] {
  const { name, env = [], volumeMounts = [] } = container;
  const set = env.flatMap((entry): Preload[] => {
    const libraries = variables.includes(entry.name) ? librariesOf(entry) : [];
    if (libraries.length === 0) return [];
    const kinds = libraries.map((path) => volumeOf(path, container, volumes)).filter((kind) => kind !== "");
    const volume = kinds.find((kind) => kind === "hostPath") ?? kinds[0] ?? "";
    return [{ container: name, variable: entry.name, libraries, volume }];
  });
  const mounted = volumeMounts.find(({ mountPath }) => mountPath === preloadFile);
  if (!mounted) return set;
  const volume = kindOf(volumes.find((one) => one.name === mounted.name));
  return [...set, { container: name, variable: preloadFile, libraries: [preloadFile], volume }];
}

export function pickPreloads({ metadata, spec, status }: Pod): PreloadPod | undefined {
  if (status?.phase === "Succeeded" || status?.phase === "Failed") return undefined;
  const all = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  const preloads = all.flatMap((container) => preloadsOf(container, spec?.volumes ?? []));
  return preloads.length === 0 ? undefined : { ...pickOwner(metadata), preloads };
}
