import type { HostFactRequest } from "../connector.ts";
import { readFunctions } from "./functions.ts";
import { quote } from "./quote.ts";
import { environment } from "./roots.ts";

/** How a shell is started for a script on its standard input, whatever the user's own shell and surroundings are. */
export const shellCommand = `exec env -i PATH=${environment.PATH} LC_ALL=C sh -s`;

export const defaultCommandTimeoutMs = 10_000;
/** files that one process is handed; few enough for one that vanished to cost little */
const batchSize = 64;

type Many = Extract<HostFactRequest, { pattern: string }>;

/**
 * One POSIX shell script that answers all requests. Its last line alone does anything: a connection that breaks while
 * it is sent leaves nothing half done. It ends with the boundary and a z on both streams, and leaves its shell ready for
 * another. Requests are known in it by their position.
 */
export function readScript(requests: readonly HostFactRequest[], boundary: string): string {
  const lines: string[] = [];
  const all = requests.map((request, index) => ({ request, index }));
  const kinds = [
    { types: ["file", "glob"], flush: "contents" },
    { types: ["links"], flush: "links" },
    { types: ["stats"], flush: "stats" },
  ];
  for (const { types, flush } of kinds) {
    const chosen = all.filter(({ request }) => types.includes(request.type));
    if (chosen.length === 0) continue;
    for (const { request, index } of chosen) {
      if (request.type === "file") {
        lines.push(`i=${index} k=0 lim=1; ${take(`file ${quote(request.path)}`, flush, 0)}`);
      } else if (request.type !== "command") lines.push(matching(request, index, flush));
    }
    lines.push(`${flush} "$@"; set --; ix=`);
  }
  for (const { request, index } of all) {
    if (request.type !== "command") continue;
    const seconds = Math.max(1, Math.ceil((request.timeoutMs ?? defaultCommandTimeoutMs) / 1000));
    const words = request.argv.map(quote).join(" ");
    lines.push(`run ${index} ${seconds} ${request.sudo ? "root" : "self"} ${words}`);
  }
  const needsUser = requests.some((request) => request.type !== "command" || request.sudo);
  return [
    `main() { b=${quote(boundary)} ix= z=; cd / || return 1; set --`,
    readFunctions.trim(),
    ...(needsUser ? ["whoami"] : []),
    ...lines.map((line) => (line.startsWith("run ") ? `cd /; at=; ${line}` : line)),
    `printf '\\n%s z\\n' "$b"; printf '\\n%s z\\n' "$b" >&2; }`,
    "main </dev/null",
    "",
  ].join("\n");
}

/** A loop for each segment with a star; unreadable folders are told, as a pattern of the shell would not. */
function matching(request: Many, index: number, flush: string): string {
  const test = { glob: "file", links: "link", stats: "entry" }[request.type];
  const stars = request.pattern.split("/").slice(1);
  let [opened, folder, depth] = ["", "", 0];
  let literal = "";
  for (const [position, segment] of stars.entries()) {
    if (!segment.includes("*")) {
      literal += `/${segment}`;
      continue;
    }
    const isLast = position === stars.length - 1;
    const before = word(folder, literal);
    const name = `v${depth}`;
    const pattern = segment
      .split("*")
      .map((part) => (part ? quote(part) : ""))
      .join("*");
    const each = `${word(folder, `${literal}/`)}${pattern}${isLast ? "" : "/"}`;
    opened += `lists ${before} && for ${name} in ${each}; do `;
    if (!isLast) opened += `${name}=\${${name}%/}; [ -d "$${name}" ] || continue; `;
    opened += `case \${${name}##*/} in .|..) continue;; esac; `;
    [folder, literal, depth] = [name, "", depth + 1];
  }
  const closed = "; done".repeat(depth);
  const call = `${test} ${word(folder, literal)}`;
  return `i=${index} k=0 lim=${Math.max(0, Math.floor(request.limit))}; ${opened}${take(call, flush, depth)}${closed}`;
}

function word(variable: string, literal: string): string {
  const known = variable ? `"$${variable}"` : "";
  return literal ? `${known}${quote(literal)}` : known;
}

/** Puts a match into the batch; beyond the limit the loops end. */
function take(call: string, flush: string, depth: number): string {
  const [words, size] = flush === "contents" ? ['"$p" "$e"', batchSize * 2] : ['"$p"', batchSize];
  const add = `set -- "$@" ${words}; ix=$ix$i,; [ $# -lt ${size} ] || { keep=$i; ${flush} "$@"; set --; ix=; i=$keep; }`;
  return `${call}; case $? in 0) ${add};; 2) ${depth > 0 ? `break ${depth}` : ":"};; esac`;
}
