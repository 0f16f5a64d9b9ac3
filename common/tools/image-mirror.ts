import { type ImageReference, imageName, parseImage } from "#common/kubernetes/image-reference.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { CommandStep } from "./command-step.ts";

/** A list of images, rewritten to a mirror. */

/** last: the last part of the name alone; path: the repository; registry: the registry as well, as proxies do it. */
export const mirrorStyles = ["last", "path", "registry"] as const;
export type MirrorStyle = (typeof mirrorStyles)[number];
export type MirrorLine = { from: string; to: string } | { from: string; problem: "unreadable" | "collision" };

const mirrorPattern =
  /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/;

/** A registry (a name with a dot or a port, or localhost) and, where there is one, a path in it. */
export function isMirror(text: string): boolean {
  const [host = ""] = text.split("/");
  return mirrorPattern.test(text) && (/[.:]/.test(host) || host === "localhost");
}

function target(image: ImageReference, mirror: string, style: MirrorStyle): string {
  const { registry, repository, tag, digest } = image;
  const path = {
    last: repository.replace(/^.*\//, ""),
    path: repository,
    registry: `${registry}/${repository}`,
  };
  return `${mirror}/${path[style]}${tag === null && digest === null ? ":latest" : tag === null ? "" : `:${tag}`}${digest === null ? "" : `@${digest}`}`;
}

export const mostImages = 200;

/** Only for a mirror that `isMirror`. The port of a registry cannot stand inside a path: it becomes a dash. */
export function mirrorLines(text: string, mirror: string, style: MirrorStyle): MirrorLine[] {
  const words = [...new Set(text.split(/[\s,]+/).filter((word) => word !== ""))].slice(0, mostImages);
  const taken = new Map<string, string>();
  return words.map((from): MirrorLine => {
    const image = parseImage(from);
    if (!image) return { from, problem: "unreadable" };
    const to = target({ ...image, registry: image.registry.replace(":", "-") }, mirror, style);
    const source = imageName(image);
    if ((taken.get(to) ?? source) !== source) return { from, problem: "collision" };
    taken.set(to, source);
    return { from, to };
  });
}

/** Copying to the mirror, pulling from it under the old name as the note does, and the way back. */
export function mirrorSteps(lines: readonly MirrorLine[]): CommandStep[] {
  const good = lines.flatMap((line) => ("to" in line ? [line] : []));
  if (good.length === 0) return [];
  const full = (from: string) => {
    const image = parseImage(from);
    return image ? imageName(image) : from;
  };
  // A digest names what is pulled and cannot be the name of a copy or a tag.
  const bare = (name: string) => name.replace(/@sha256:.*$/, "");
  const tagged = good.filter(({ from }) => /:[^/]*$/.test(bare(from)));
  return [
    {
      id: "copy",
      code: good
        .map(({ from, to }) =>
          shellCommand("skopeo", "copy", "--all", `docker://${full(from)}`, `docker://${bare(to)}`),
        )
        .join("\n"),
    },
    ...(tagged.length === 0
      ? []
      : [
          {
            id: "retag",
            code: tagged
              .map(({ from, to }) =>
                [shellCommand("docker", "pull", to), shellCommand("docker", "tag", to, bare(from))].join(
                  " && ",
                ),
              )
              .join("\n"),
          },
          {
            id: "undo",
            code: tagged.map(({ from, to }) => shellCommand("docker", "rmi", bare(from), to)).join("\n"),
          },
        ]),
  ];
}
