import type { DatabaseTransaction } from "../db.ts";
import { checkWord, clusterWord, searchWords, toTsvector } from "../domain/history/words.ts";
import type { FindingRecord } from "../engine/execution.ts";
import type { Settled } from "./record-outcomes.ts";

/** One row for so many findings: words of the same finding always stand together. */
const FINDINGS_PER_ROW = 200;
/** A tsvector holds 1 MiB; what goes beyond is not found. */
const MOST_CHARACTERS = 250_000;

/** What the history's search knows of these results. */
export async function writeWords(
  tx: DatabaseTransaction,
  { runId, teamId, clusterId }: { runId: string; teamId: string; clusterId: string },
  settled: readonly Settled[],
): Promise<void> {
  const rows = settled.flatMap(({ row, outcome }) =>
    chunksOf(outcome.findings).map((findings, ordinal) => ({
      ...{ id: row.id, ordinal },
      words: wordsOf([checkWord(row.checkId), clusterWord(clusterId)], findings),
    })),
  );
  if (rows.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO result_text ("runId", "resultId", ordinal, "teamId", words)
    SELECT ${runId}::uuid, id, ordinal, ${teamId}::uuid, words::tsvector
    FROM unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ ordinal }) => ordinal)}::int[],
      ${rows.map(({ words }) => words)}::text[]) AS news(id, ordinal, words)`;
}

/** At least one, for a result without findings is found by its check. */
function chunksOf(findings: FindingRecord[]): FindingRecord[][] {
  const count = Math.max(1, Math.ceil(findings.length / FINDINGS_PER_ROW));
  return Array.from({ length: count }, (_, index) =>
    findings.slice(index * FINDINGS_PER_ROW, (index + 1) * FINDINGS_PER_ROW),
  );
}

function wordsOf(place: string[], findings: FindingRecord[]): string {
  const words = new Set(place);
  let characters = 0;
  for (const { message, subject } of findings) {
    const said = [message.en, message["zh-CN"], subject.kind, subject.namespace, subject.name, subject.part];
    for (const word of searchWords(said.filter((each) => each !== undefined).join("\n"))) {
      if (words.has(word)) continue;
      characters += word.length;
      if (characters > MOST_CHARACTERS) return toTsvector(words);
      words.add(word);
    }
  }
  return toTsvector(words);
}
