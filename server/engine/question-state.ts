import type { Cost, Coverage, Progress, Reason } from "#common/result.ts";
import type { Answer } from "./answer.ts";
import type { Question } from "./execution.ts";
import type { Consumer } from "./reads.ts";

type Count = { done: number; total: number | undefined };

/** What is known of one question while its needs come in. */
export class QuestionState {
  readonly question: Question;
  readonly consumers: readonly Consumer[];
  /** aborted when the last answer is in, which ends its timers */
  startedAt: Date | undefined;
  deadline: NodeJS.Timeout | undefined;
  progressTimer: NodeJS.Timeout | undefined;
  lastProgressMs = Number.NEGATIVE_INFINITY;
  readonly #answers = new Map<string, Answer>();
  readonly #counts = new Map<string, Count>();

  constructor(question: Question, consumers: readonly Consumer[]) {
    this.question = question;
    this.consumers = consumers;
  }

  get complete(): boolean {
    return this.#answers.size === this.consumers.length;
  }

  hasAnswer(consumer: Consumer): boolean {
    return this.#answers.has(consumer.name);
  }

  answer(consumer: Consumer, answer: Answer): void {
    this.#answers.set(consumer.name, answer);
    this.count(consumer, answer.read, answer.read);
  }

  /** What was read so far, even of a need that never gets further. */
  readSoFar(consumer: Consumer): number {
    return this.#counts.get(consumer.name)?.done ?? 0;
  }

  count(consumer: Consumer, done: number, total: number | undefined): void {
    this.#counts.set(consumer.name, { done, total });
  }

  progress(): Progress {
    const units = new Set(this.consumers.map((consumer) => consumer.unit));
    const [unit = "objects"] = units.size === 1 ? units : [];
    const counts = this.consumers.map((consumer) => this.#counts.get(consumer.name));
    const done = counts.reduce((sum, count) => sum + (count?.done ?? 0), 0);
    const totals = counts.map((count) => count?.total).filter((total) => total !== undefined);
    if (totals.length < counts.length) return { done, unit };
    return { done, total: totals.reduce((sum, total) => sum + total, 0), unit };
  }

  facts(): Record<string, unknown> {
    const facts: Record<string, unknown> = {};
    for (const [name, answer] of this.#answers) {
      facts[name] = "unread" in answer ? { unread: answer.unread } : answer.value;
    }
    return facts;
  }

  coverage(): Coverage[] {
    return this.consumers.map(({ name, what, unit, optional }) => {
      const answer = this.#answers.get(name);
      const coverage: Coverage = { what, read: answer?.read ?? 0, unit, missing: missingOf(answer) };
      return optional ? { ...coverage, optional } : coverage;
    });
  }

  clearTimers(): void {
    clearTimeout(this.deadline);
    clearTimeout(this.progressTimer);
  }
}

function missingOf(answer: Answer | undefined): Reason[] {
  if (!answer) return [];
  return "unread" in answer ? [answer.unread] : answer.missing;
}

export function addCost(a: Cost, b: Cost): Cost {
  return {
    calls: a.calls + b.calls,
    bytes: a.bytes + b.bytes,
    throttled: a.throttled + b.throttled,
    seconds: a.seconds + b.seconds,
  };
}
