import type { ConfigMap, Container, Pod } from "kubernetes-types/core/v1.d.ts";
import { type OwnedPod, pickOwner } from "./owners.ts";

/** What a container's command says about the buffering of its standard output, which is no terminal. */

export const unbufferedVariable = "PYTHONUNBUFFERED";

export type Buffered = {
  container: string;
  /** the program that holds its output back */
  program: string;
  /** the word that switches that off */
  remedy: string;
  kind: "python" | "filter";
  /** ConfigMaps of its environment: the variable may come from there */
  configMaps: string[];
};
export type BufferedPod = OwnedPod & { buffered: Buffered[] };

const python = /^(python|pypy)[\d.]*$/;

/** Filters that flush only a full block when they write to a pipe, and the switch that each has for lines. */
const filters: Record<string, { switches: RegExp; remedy: string }> = {
  grep: { switches: /(^|\s)--line-buffered\b/, remedy: "--line-buffered" },
  egrep: { switches: /(^|\s)--line-buffered\b/, remedy: "--line-buffered" },
  sed: { switches: /(^|\s)(-[a-zA-Z]*u|--unbuffered)\b/, remedy: "-u" },
  gsed: { switches: /(^|\s)(-[a-zA-Z]*u|--unbuffered)\b/, remedy: "-u" },
  awk: { switches: /fflush\s*\(/, remedy: "fflush()" },
  gawk: { switches: /fflush\s*\(/, remedy: "fflush()" },
  mawk: { switches: /fflush\s*\(|-W\s*interactive/, remedy: "-W interactive" },
  jq: { switches: /(^|\s)--unbuffered\b/, remedy: "--unbuffered" },
  cut: { switches: /^\s*stdbuf\b/, remedy: "stdbuf -oL" },
  tr: { switches: /^\s*stdbuf\b/, remedy: "stdbuf -oL" },
  perl: { switches: /\$\|\s*(=|\+\+)/, remedy: "$| = 1" },
};

const base = (word: string) => word.slice(word.lastIndexOf("/") + 1);

/** "-u" alone or among other letters, before the script's own arguments begin. */
function isUnbuffered(words: readonly string[]): boolean {
  for (const word of words) {
    if (word === "-m" || word === "-c" || !word.startsWith("-")) return false;
    if (/^-[a-zA-Z]*u/.test(word)) return true;
  }
  return false;
}

/** What may stand in front of the program itself. */
const isLaunched = (words: readonly string[]) =>
  words.every((word) => /^(exec|env|tini|dumb-init|--|-\w+|\w+=.*)$/.test(base(word)));

function pythonIn(words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => python.test(base(word)));
  if (at < 0 || !isLaunched(words.slice(0, at)) || isUnbuffered(words.slice(at + 1))) return undefined;
  return words.some((word) => word.startsWith(`${unbufferedVariable}=`)) ? undefined : words[at];
}

/** Follows a file for ever, so that a block may take hours to fill. */
const endless =
  /\b(tail\s+(-\w+\s+)*(-[a-zA-Z]*[fF]|--follow)|journalctl\s.*-f|kubectl\s.*(-w|-f)\b|while\s)/;

/** The last command of a pipe that goes on for ever; those before it are read by their neighbour. */
function filterIn(script: string): { program: string; remedy: string } | undefined {
  const pipes = script.split("\n").flatMap((line) => line.split(/;|&&/));
  for (const pipe of pipes) {
    const commands = pipe.split("|").map((command) => command.trim());
    const last = (commands.at(-1) ?? "").replace(/^exec\s+/, "");
    if (commands.length < 2 || !endless.test(pipe) || />\s*\S/.test(last)) continue;
    const [program = ""] = last.split(/\s+/).map(base);
    const filter = filters[program];
    if (filter && !filter.switches.test(last)) return { program, remedy: filter.remedy };
  }
  return undefined;
}

const shells = /^(sh|bash|ash|dash|zsh)$/;

function scriptOf(words: readonly string[]): string | undefined {
  const start = words.findIndex((word) => shells.test(base(word)));
  if (start < 0 || !isLaunched(words.slice(0, start))) return undefined;
  const rest = words.slice(start + 1);
  const at = rest.findIndex((word) => /^-[a-z]*c$/.test(word));
  return at < 0 ? undefined : rest[at + 1];
}

function bufferedOf(container: Container): Buffered | undefined {
  const { name, command = [], args = [], env = [], envFrom = [], tty } = container;
  // a terminal gets every line at once
  if (tty) return undefined;
  const words = [...command, ...args];
  const script = scriptOf(words);
  const lines = (script ?? "").split(/[\n;]|&&/).map((line) => line.trim().split(/\s+/));
  const interpreter =
    script === undefined ? pythonIn(words) : lines.map(pythonIn).find((one) => one !== undefined);
  const set = env.some((one) => one.name === unbufferedVariable && (one.value ?? "set") !== "");
  const secret = envFrom.some(({ secretRef }) => secretRef !== undefined);
  const configMaps = envFrom.flatMap(({ configMapRef }) => configMapRef?.name ?? []);
  if (interpreter && !set && !secret)
    return { container: name, program: interpreter, remedy: "-u", kind: "python", configMaps };
  const filter = script === undefined ? undefined : filterIn(script);
  return filter && { container: name, ...filter, kind: "filter", configMaps: [] };
}

export function pickBuffered({ metadata, spec, status }: Pod): BufferedPod | undefined {
  // what ends by itself flushes at its end
  if (status?.phase === "Succeeded" || status?.phase === "Failed" || spec?.restartPolicy !== "Always")
    return undefined;
  const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
  const buffered = [...sidecars, ...spec.containers].flatMap((container) => bufferedOf(container) ?? []);
  return buffered.length === 0 ? undefined : { ...pickOwner(metadata), buffered };
}

/** Those ConfigMaps whose keys would switch the buffer off. */
export function pickUnbufferedMap({ metadata, data }: ConfigMap): string | undefined {
  return data?.[unbufferedVariable] ? `${metadata?.namespace}/${metadata?.name}` : undefined;
}
