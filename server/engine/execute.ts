import { setImmediate as nextTurn } from "node:timers/promises";
import type { Cost } from "#common/result.ts";
import { type Meter, ReadError } from "../connectors/connector.ts";
import { createRedactor, type Redactor } from "../redact.ts";
import { type Answer, reasonOf, type Sink } from "./answer.ts";
import { defaultLimits, type Execute, type ExecutionEvent, type Limits } from "./execution.ts";
import { gather } from "./gather.ts";
import { untilAborted } from "./lane.ts";
import { outcomeOf } from "./outcome.ts";
import { plan } from "./plan.ts";
import { addCost, QuestionState } from "./question-state.ts";
import { type Consumer, isActive, type Read } from "./reads.ts";
import { TargetStates } from "./target-states.ts";

const PROGRESS_INTERVAL_MS = 100;
const noCost: Cost = { calls: 0, bytes: 0, throttled: 0, seconds: 0 };

type ReadState = { read: Read; controller: AbortController; cost: Cost };

export const execute: Execute = (questions, options) => new Execution(questions, options).run();

class Execution {
  readonly #options: Parameters<Execute>[1];
  readonly #limits: Limits;
  readonly #states: QuestionState[];
  readonly #reads: ReadState[];
  readonly #readsOf: ReadState[][];
  readonly #immediate: ReturnType<typeof plan>["immediate"];
  readonly #targets: TargetStates;
  readonly #redactor: Redactor;
  /** ends the whole run: cancelled, out of time, or nobody takes our events any more */
  readonly #stop = new AbortController();
  readonly #settling: Promise<void>[] = [];
  readonly #sink: Sink;
  readonly #announced = new Map<string, Promise<void>>();
  #failure: { error: unknown } | undefined;

  constructor(questions: Parameters<Execute>[0], options: Parameters<Execute>[1]) {
    this.#options = options;
    this.#limits = options.limits ?? defaultLimits;
    this.#redactor = createRedactor(options.secrets ?? []);
    this.#targets = new TargetStates(options);
    const { reads, immediate, consumers } = plan(questions);
    this.#states = questions.map((question, index) => new QuestionState(question, consumers[index] ?? []));
    this.#reads = reads.map((read) => ({ read, controller: new AbortController(), cost: { ...noCost } }));
    this.#readsOf = questions.map(() => []);
    for (const state of this.#reads) {
      const asking = new Set(state.read.consumers.map(({ question }) => question));
      for (const question of asking) this.#readsOf[question]?.push(state);
    }
    this.#immediate = immediate;
    this.#sink = {
      progress: (consumer, done, total) => this.#onProgress(consumer, done, total),
      answer: (consumer, answer) => this.#onAnswer(consumer, answer),
    };
  }

  async run(): Promise<Cost> {
    const startedMs = performance.now();
    const { signal } = this.#options;
    const onCancel = () => this.#stop.abort(new ReadError({ code: "cancelled", what: "" }));
    if (signal.aborted) onCancel();
    signal.addEventListener("abort", onCancel, { once: true });
    const deadline = setTimeout(() => this.#stop.abort(timedOut(this.#limits.runMs)), this.#limits.runMs);
    try {
      for (const { consumer, answer } of this.#immediate) {
        this.#onAnswer(
          consumer,
          "unread" in answer ? { ...answer, read: 0 } : { ...answer, read: 1, missing: [] },
        );
      }
      for (const state of this.#states) if (state.consumers.length === 0) this.#settle(state);
      await Promise.all(this.#reads.map((read) => this.#carryOut(read)));
      // By index: judging adds what it hands over while this waits.
      for (let index = 0; index < this.#settling.length; index += 1) await this.#settling[index];
    } finally {
      clearTimeout(deadline);
      signal.removeEventListener("abort", onCancel);
      for (const state of this.#states) state.clearTimers();
    }
    if (this.#failure) throw this.#failure.error;
    const total = this.#reads.reduce((sum, { cost }) => addCost(sum, cost), noCost);
    return { ...total, seconds: (performance.now() - startedMs) / 1000 };
  }

  /** Gathers one read and answers, with the reason, for whatever it leaves unanswered. Never rejects. */
  async #carryOut(state: ReadState): Promise<void> {
    const { read, controller, cost } = state;
    const target = this.#targets.of(read.target);
    const signal = AbortSignal.any([controller.signal, this.#stop.signal, target.breaker.signal]);
    const meter = meterOf(cost, this.#options.meter);
    const { requestMs, pages } = this.#limits;
    const context = { signal, meter, limits: { requestMs, pages }, sink: this.#sink };
    const begin = () => {
      for (const consumer of read.consumers) this.#begin(consumer.question);
    };
    const work = isActive(read)
      ? target.activeLane(signal, async (pause) => {
          begin();
          await this.#announce(read);
          signal.throwIfAborted();
          await gather(read, { ...context, pause, active: true });
        })
      : target.lane(signal, async (pause) => {
          begin();
          await gather(read, { ...context, pause });
          this.#targets.answered(read.target);
        });
    let failure: unknown = new Error("the read ended without an answer");
    try {
      await untilAborted(work, signal);
    } catch (error) {
      failure = error;
      if (!signal.aborted) this.#targets.failed(read.target, error);
    }
    for (const consumer of read.consumers) this.#giveUp(consumer, failure, signal);
  }

  /** What changes or loads a target begins only once it is kept that it has begun: nobody may ever do it twice. */
  async #announce(read: Read): Promise<void> {
    const { beforeActive } = this.#options;
    for (const { question } of read.consumers) {
      const key = this.#states[question]?.question.key;
      if (key === undefined || !beforeActive) throw new Error("an active check is not carried out here");
      const announced = this.#announced.get(key) ?? beforeActive(key);
      this.#announced.set(key, announced);
      try {
        await announced;
      } catch (error) {
        this.#fail(error);
        throw error;
      }
    }
  }

  /** A check's time runs from its first read, not from when it had to wait for others. */
  #begin(index: number): void {
    const state = this.#states[index];
    if (!state || state.startedAt || state.complete) return;
    state.startedAt = new Date();
    state.deadline = setTimeout(() => {
      const late = AbortSignal.abort(timedOut(this.#limits.checkMs));
      for (const consumer of state.consumers) this.#giveUp(consumer, undefined, late);
    }, this.#limits.checkMs);
    this.#emitProgress(state);
  }

  #giveUp(consumer: Consumer, error: unknown, signal: AbortSignal): void {
    const state = this.#states[consumer.question];
    if (!state || state.hasAnswer(consumer)) return;
    this.#onAnswer(consumer, {
      unread: reasonOf(error, signal, consumer.what),
      read: state.readSoFar(consumer),
    });
  }

  #onAnswer(consumer: Consumer, answer: Answer): void {
    const state = this.#states[consumer.question];
    if (!state || state.hasAnswer(consumer)) return;
    state.answer(consumer, answer);
    if (state.complete) this.#settle(state);
    else this.#progress(state);
    for (const read of this.#readsOf[consumer.question] ?? []) this.#stopIfUnwanted(read);
  }

  /** A read whose consumers all have their answers, such as by their deadline, is of use to nobody. */
  #stopIfUnwanted({ read, controller }: ReadState): void {
    const wanted = read.consumers.some((consumer) => !this.#states[consumer.question]?.hasAnswer(consumer));
    if (!wanted) controller.abort(new ReadError({ code: "cancelled", what: "" }));
  }

  #onProgress(consumer: Consumer, done: number, total: number | undefined): void {
    const state = this.#states[consumer.question];
    if (!state || state.hasAnswer(consumer)) return;
    state.count(consumer, done, total);
    this.#progress(state);
  }

  #progress(state: QuestionState): void {
    if (state.progressTimer) return;
    const dueMs = state.lastProgressMs + PROGRESS_INTERVAL_MS - performance.now();
    if (dueMs <= 0) this.#emitProgress(state);
    else state.progressTimer = setTimeout(() => this.#emitProgress(state), dueMs);
  }

  #emitProgress(state: QuestionState): void {
    state.progressTimer = undefined;
    state.lastProgressMs = performance.now();
    this.#emit({ type: "progress", key: state.question.key, phase: "reading", progress: state.progress() });
  }

  #settle(state: QuestionState): void {
    state.clearTimers();
    const judge = async () => {
      // One judge a turn: hundreds that become ready at once must not hold up the connections.
      await nextTurn();
      this.#emit({ type: "progress", key: state.question.key, phase: "judging", progress: state.progress() });
      const reads = this.#readsOf[this.#states.indexOf(state)] ?? [];
      const cost = reads.reduce((sum, read) => addCost(sum, read.cost), noCost);
      const { findingsPerResult } = this.#limits;
      const options = { scope: this.#options.scope, findingsPerResult, redactor: this.#redactor };
      this.#emit({ type: "outcome", outcome: outcomeOf(state, cost, options) });
    };
    this.#settling.push(judge());
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#stop.abort(new ReadError({ code: "cancelled", what: "" }));
  }

  /** Whoever cannot take our events (the fence is lost, the database gone) ends the run: it rejects with that. */
  #emit(event: ExecutionEvent): void {
    if (this.#failure) return;
    const fail = (error: unknown) => this.#fail(error);
    try {
      const taken = this.#options.onEvent(event);
      if (taken) this.#settling.push(Promise.resolve(taken).catch(fail));
    } catch (error) {
      fail(error);
    }
  }
}

function meterOf(cost: Cost, also: Meter | undefined): Meter {
  return {
    call: () => {
      cost.calls += 1;
      also?.call();
    },
    bytes: (count) => {
      cost.bytes += count;
      also?.bytes(count);
    },
    throttled: () => {
      cost.throttled += 1;
      also?.throttled();
    },
  };
}

function timedOut(afterMs: number): ReadError {
  return new ReadError({ code: "timed-out", what: "", detail: `not done after ${afterMs / 1000} s` });
}
