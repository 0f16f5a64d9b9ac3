import { getTranslations } from "next-intl/server";
import type { VersionDiff } from "#common/contracts/team-runbook.ts";

/** Lines around a change that help to find it. */
const context = 3;

type Part = VersionDiff["parts"][number];

/** Two versions as one text: what went is marked with −, what came with +, and what stayed is folded away. */
export async function VersionDiffView({ parts }: { parts: readonly Part[] }) {
  const t = await getTranslations("versions");
  return (
    <div className="overflow-x-auto border-y border-line">
      <table className="w-full font-mono text-[0.75rem] leading-5">
        <tbody>
          {parts.map((part, index) => {
            const key = `${part.kind} ${part.fromLine} ${part.toLine}`;
            const rows = part.kind === "same" ? visible(part, index, parts.length) : [part];
            const hidden = part.lines.length - rows.reduce((sum, { lines }) => sum + lines.length, 0);
            return [
              ...(rows[0] ? lineRows(rows[0], t) : []),
              hidden > 0 ? (
                <tr key={`${key} hidden`} className="bg-sunken text-faint">
                  <td />
                  <td className="px-2 font-sans">{t("unchanged", { count: hidden })}</td>
                </tr>
              ) : null,
              ...(rows[1] ? lineRows(rows[1], t) : []),
            ];
          })}
        </tbody>
      </table>
    </div>
  );
}

/** The first and the last lines of what stayed the same, where changes stand beside them. */
function visible(part: Part, index: number, count: number): Part[] {
  const { lines, fromLine, toLine } = part;
  const before = index === 0 ? 0 : context;
  const after = index === count - 1 ? 0 : context;
  if (lines.length <= before + after) return [part];
  const skipped = lines.length - after;
  return [
    { ...part, lines: lines.slice(0, before) },
    { ...part, fromLine: fromLine + skipped, toLine: toLine + skipped, lines: lines.slice(skipped) },
  ];
}

const looks = {
  same: { sign: " ", row: "", word: null },
  added: { sign: "+", row: "bg-pass-wash", word: "added" },
  removed: { sign: "−", row: "bg-fail-wash", word: "removed" },
} as const;

function lineRows({ kind, fromLine, toLine, lines }: Part, t: (key: "added" | "removed") => string) {
  const { sign, row, word } = looks[kind];
  const first = kind === "removed" ? fromLine : toLine;
  const numbered = lines.map((line, index) => ({ line, number: first + index }));
  return numbered.map(({ line, number }) => (
    <tr key={`${kind} ${number}`} className={row}>
      <td className="w-10 pr-2 text-right text-faint select-none">{number}</td>
      <td className="px-2 whitespace-pre">
        {word ? <span className="sr-only">{t(word)}: </span> : null}
        <span aria-hidden="true" className="select-none">
          {sign}{" "}
        </span>
        {line}
      </td>
    </tr>
  ));
}
