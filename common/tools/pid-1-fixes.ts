import type { PidOne, WrittenCommand } from "./pid-1.ts";

/** Which fix for which case. The first is the one to take; the others are second best, in their order. */

export const pidOnePlaces = ["kubernetes", "docker", "compose"] as const;
export type PidOnePlace = (typeof pidOnePlaces)[number];
export const termHandling = ["unknown", "handles", "ignores"] as const;

export type PidOneCase = {
  written: WrittenCommand;
  pidOne: PidOne;
  place: PidOnePlace;
  /** whether the program ends by itself on SIGTERM */
  handling: (typeof termHandling)[number];
  /** it starts processes that outlive their parents: somebody must reap them */
  children: boolean;
  /** image and command are yours to change */
  ownImage: boolean;
};

export const pidOneFixes = [
  "exec-form",
  "exec-in-script",
  "start-directly",
  "handler",
  "init-in-image",
  "docker-init",
  "compose-init",
  "share-namespace",
  "nothing",
] as const;
export type PidOneFix = { id: (typeof pidOneFixes)[number]; snippet?: string };

const initOf = {
  kubernetes: { id: "share-namespace", snippet: "spec:\n  shareProcessNamespace: true" },
  docker: { id: "docker-init", snippet: "docker run --init …" },
  compose: { id: "compose-init", snippet: "services:\n  app:\n    init: true" },
} as const satisfies Record<PidOnePlace, PidOneFix>;

function tini(argv: readonly string[]): PidOneFix {
  return {
    id: "init-in-image",
    snippet: `RUN apt-get update && apt-get install --yes tini && rm -rf /var/lib/apt/lists/*\nENTRYPOINT ["/usr/bin/tini", "--"]\nCMD ${JSON.stringify(argv)}`,
  };
}

/** A script as it stands, with `exec` before its last command. */
export function withExec(script: string): string {
  const at = Math.max(...["\n", ";", "&&"].map((mark) => script.trimEnd().lastIndexOf(mark)));
  const from = at === -1 ? 0 : at + (script.startsWith("&&", at) ? 2 : 1);
  const [, space = "", last = ""] = /^(\s*)(.*)$/s.exec(script.slice(from)) ?? [];
  return `${script.slice(0, from)}${space}exec ${last}`;
}

const composed = /\b(while|until|for|if|case)\b|[|`]|&\s*$|&\s*;?\s*wait/;

function shellFixes({ written }: PidOneCase): PidOneFix[] {
  const script = written.argv.at(-1) ?? "";
  const words = script.trim().split(/\s+/);
  if (!/[;&|\n<>$`"'\\*?(){}]/.test(script))
    return [{ id: "exec-form", snippet: `CMD ${JSON.stringify(words)}` }];
  if (composed.test(script)) return [{ id: "exec-in-script" }];
  return [{ id: "exec-in-script", snippet: `["sh", "-c", ${JSON.stringify(withExec(script))}]` }];
}

export function fixesFor(one: PidOneCase): PidOneFix[] {
  const { pidOne, place, handling, children, ownImage, written } = one;
  const around: PidOneFix = initOf[place];
  const inImage = place === "kubernetes" ? [tini(written.argv)] : [];
  if (pidOne.kind === "init") return [{ id: "nothing" }];
  if (pidOne.kind === "shell") return ownImage ? [...shellFixes(one), around] : [around];
  if (pidOne.kind === "package-manager") return ownImage ? [{ id: "start-directly" }, around] : [around];
  if (pidOne.kind === "idle") return [around, ...(ownImage ? inImage : [])];
  if (children) return [around, ...(ownImage ? inImage : [])];
  if (pidOne.kind === "trap" || handling === "handles") return [{ id: "nothing" }];
  if (handling === "ignores") return ownImage ? [{ id: "handler" }, around, ...inImage] : [around];
  return [around, ...(ownImage ? [{ id: "handler" as const }] : [])];
}
