import type { SessionState, SessionStep } from "./contracts/runbook-session.ts";

export type SummaryWords = Record<
  | "runbook"
  | "cluster"
  | "started"
  | "closed"
  | "steps"
  | "runs"
  | "found"
  | "openPoints"
  | "notes"
  | "none"
  | "notDone",
  string
>;

/**
 * A session as a Markdown document. What people wrote, names and texts alike, is shown as they wrote it: nothing of it
 * can become markup, a link or HTML.
 */
export function sessionSummary(
  state: SessionState,
  steps: readonly SessionStep[],
  words: SummaryWords,
): string {
  const done = new Map(state.ticks.map((tick) => [tick.step, tick]));
  const stepLines = steps.map(({ step, text }) => {
    const tick = done.get(step);
    const by = tick ? `${literal(tick.by)}, ${moment(tick.at)}` : words.notDone;
    return `- [${tick ? "x" : " "}] ${step}\\. ${literal(text)} (${by})`;
  });
  const runLines = state.runs.map(
    ({ id, verdict, status, requestedBy, createdAt, checks }) =>
      `- ${verdict ?? status}: ${moment(createdAt)}, ${literal(requestedBy)} (\`${id}\`)${checks
        .map((check) => `\n  - ${literal(askedWords(check))}`)
        .join("")}`,
  );
  const noteLines = state.notes.map(
    ({ by, at, text }) => `- ${literal(by)}, ${moment(at)}:\n\n${quote(text, "  ")}`,
  );
  const closed = state.closedAt
    ? `${moment(state.closedAt)}, ${literal(state.closedBy ?? "")}`
    : words.notDone;
  return `${[
    `# ${literal(state.title)}`,
    [
      `- ${words.runbook}: ${literal(state.runbook)}`,
      `- ${words.cluster}: ${literal(state.cluster.name)}`,
      `- ${words.started}: ${moment(state.createdAt)}, ${literal(state.startedBy)}`,
      `- ${words.closed}: ${closed}`,
    ].join("\n"),
    section(words.found, state.found ? quote(state.found) : words.none),
    section(words.openPoints, state.openPoints ? quote(state.openPoints) : words.none),
    section(words.steps, stepLines.join("\n") || words.none),
    section(words.runs, runLines.join("\n") || words.none),
    section(words.notes, noteLines.join("\n\n") || words.none),
  ].join("\n\n")}\n`;
}

/** "host/disk-latency (windowMs: 2000; device: sda)" */
export function askedWords({ id, params }: SessionState["runs"][number]["checks"][number]): string {
  return params.length > 0 ? `${id} (${params.join("; ")})` : id;
}

function section(title: string, body: string): string {
  return `## ${title}\n\n${body}`;
}

function moment(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** One line in which every sign of Markdown or HTML stands for itself. */
export function literal(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[\\`*_{}[\]()#+\-.!|<>~&:@]/g, "\\$&");
}

/** Line by line, so that no line can begin a list, a heading or a fence. */
function quote(text: string, indent = ""): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => `${indent}> ${literal(line)}`.trimEnd())
    .join("\n");
}
