// The language of a piece of code that does not say it, among those that runbooks highlight.
import { isCommand } from "./code-lines.ts";

const signs: readonly (readonly [language: string, sign: RegExp, share: number])[] = [
  ["dockerfile", /^\s*(?:FROM|RUN|ENV|ARG|COPY|ADD|CMD|ENTRYPOINT|WORKDIR)\s/, 0.3],
  ["sql", /^\s*(?:SELECT|CREATE|ALTER|INSERT|UPDATE|DELETE|SHOW|SET|DROP)\s.*;?$/i, 0.3],
  ["go", /:=|^\s*func\s|\bfmt\.|\berr\s*!=\s*nil/, 0.2],
  ["python", /^\s*(?:import \w+|from \w+ import|def \w+\(.*\):|while .*:|with .*:)\s*$/, 0.2],
  ["ini", /^\s*(?:\[[\w -]+\]|[\w.-]+\s*=.*)$/, 1],
  ["yaml", /^\s*(?:- )?[\w./-]+:(?:\s|$)|^\s*- \S/, 0.7],
  ["json", /^\s*(?:[{}[\]],?|"[^"]+"\s*:.*)$/, 0.8],
];
/** A name that `isKnownLanguage` knows. */
export function codeLanguage(lines: readonly string[]): string {
  const spoken = lines.filter((line) => line.trim() !== "" && !/^\s*(?:#(?!!)|\/\/)/.test(line));
  if (spoken.some((line) => /<<-?\s*["']?\w+|^\s*\$\s/.test(line))) return "bash";
  const found = signs.find(
    ([, sign, share]) =>
      spoken.filter((line) => sign.test(line)).length >= spoken.length * share && spoken.length > 0,
  );
  if (found) return found[0];
  return spoken.some(
    (line) => isCommand(line) || /^#!.*sh\b|^\s*\w+=\S*$|^\s*(?:if|for|while) .*(?:then|do)$/.test(line),
  )
    ? "bash"
    : "text";
}
