/**
 * Callers that repeat what failed, against a server that is down for a while and has a limited capacity afterwards.
 * Time goes in ticks of 100 ms. A refused request costs the server a quarter of the work of an answered one.
 */

export const strategies = ["immediate", "fixed", "exponential", "jitter", "guarded"] as const;
export type Strategy = (typeof strategies)[number];

export type RetryStrategies = {
  strategy: Strategy;
  /** new requests per second */
  rate: number;
  /** requests that were under way when the server failed, and so fail together */
  together: number;
  /** requests per second that the server can answer */
  capacity: number;
  outageSeconds: number;
  /** repetitions of one request at most */
  retries: number;
  pauseMs: number;
  seed: number;
};

export type RetryResult = {
  /** attempts that reached the server, one number per tick */
  load: number[];
  answered: number[];
  succeeded: number;
  failed: number;
  /** attempts that reached the server in its busiest second, begun at a whole second */
  peak: number;
  /** from the end of the outage to the last failure; undefined when the failures do not end */
  recoverySeconds: number | undefined;
};

export const tickMs = 100;
export const startSeconds = 5;
export const totalSeconds = 90;
export const longestPauseMs = 10_000;
export const refusalCost = 0.25;
export const budget = { share: 0.2, most: 10 };
export const breaker = { ticks: 10, least: 20, share: 0.5, openTicks: 30 };

const perSecond = 1_000 / tickMs;
const ticks = totalSeconds * perSecond;
const outageBegins = startSeconds * perSecond;

export function simulate(options: RetryStrategies): RetryResult {
  const random = sequence(options.seed);
  const isGuarded = options.strategy === "guarded";
  const outageEnds = outageBegins + options.outageSeconds * perSecond;
  /** who is due at a tick, each as the number of attempts it has made */
  const due = Array.from({ length: ticks }, (): number[] => []);
  const guard = new Breaker();
  const [load, answered]: [number[], number[]] = [[], []];
  let [succeeded, failed, tokens, lastFailure] = [0, 0, budget.most, -1];
  for (let tick = 0; tick < ticks; tick += 1) {
    const fresh = arrivals(options, tick);
    tokens = Math.min(budget.most, tokens + budget.share * fresh);
    // The list of a tick is of no use after it: it is filled, cut and mixed in place.
    const sent = due[tick] ?? [];
    for (let one = 0; one < fresh; one += 1) sent.push(0);
    const waiting = sent.length;
    const admitted = isGuarded ? Math.min(waiting, guard.room(tick)) : waiting;
    sent.length = admitted;
    const isDown = tick >= outageBegins && tick < outageEnds;
    const served = isDown ? 0 : answers(sent.length, options.capacity / perSecond);
    if (served > 0 && served < sent.length) shuffle(sent, random);
    load.push(sent.length);
    answered.push(served);
    succeeded += served;
    failed += waiting - admitted;
    if (served < waiting) lastFailure = tick;
    for (let index = served; index < admitted; index += 1) {
      const made = sent[index] ?? 0;
      const allowed = made < options.retries && (!isGuarded || tokens >= 1);
      if (!allowed) {
        failed += 1;
        continue;
      }
      if (isGuarded) tokens -= 1;
      due[tick + pauseTicks(options, made, random)]?.push(made + 1);
    }
    if (isGuarded) guard.saw(tick, sent.length, sent.length - served);
  }
  return {
    ...{ load, answered, succeeded, failed, peak: busiestSecond(load) },
    recoverySeconds:
      lastFailure >= ticks - perSecond ? undefined : Math.max(0, lastFailure + 1 - outageEnds) / perSecond,
  };
}

/** New requests of a tick, evenly spread, and those that fail together at the first tick of an outage. */
export function arrivals({ rate, together, outageSeconds }: RetryStrategies, tick: number): number {
  const even = Math.floor(((tick + 1) * rate) / perSecond) - Math.floor((tick * rate) / perSecond);
  return even + (tick === outageBegins && outageSeconds > 0 ? together : 0);
}

/** How many of the requests of a tick are answered, with refusals taking a part of the capacity. */
export function answers(offered: number, capacity: number): number {
  if (offered <= capacity) return offered;
  return Math.max(0, Math.floor((capacity - refusalCost * offered) / (1 - refusalCost)));
}

/** Ticks until the next attempt, after `made` repetitions. */
export function pauseTicks(
  { strategy, pauseMs }: Pick<RetryStrategies, "strategy" | "pauseMs">,
  made: number,
  random: () => number,
): number {
  return Math.max(1, Math.ceil(pauseOf(strategy, pauseMs, made, random) / tickMs));
}

function pauseOf(strategy: Strategy, pauseMs: number, made: number, random: () => number): number {
  if (strategy === "immediate") return 0;
  if (strategy === "fixed") return pauseMs;
  const grown = Math.min(longestPauseMs, pauseMs * 2 ** made);
  return strategy === "exponential" ? grown : random() * grown;
}

/** Opens when more than half of the attempts of the last second failed; later a single attempt decides. */
class Breaker {
  #seen: { sent: number; failed: number }[] = [];
  #openUntil = -1;
  #isProbing = false;

  room(tick: number): number {
    if (tick < this.#openUntil) return 0;
    return this.#isProbing ? 1 : Number.POSITIVE_INFINITY;
  }

  saw(tick: number, sent: number, failed: number): void {
    if (tick < this.#openUntil || (this.#isProbing && sent === 0)) return;
    if (this.#isProbing) {
      if (failed > 0) this.#openUntil = tick + breaker.openTicks;
      else this.#isProbing = false;
      return;
    }
    this.#seen = [...this.#seen, { sent, failed }].slice(-breaker.ticks);
    const all = this.#seen.reduce((sum, each) => sum + each.sent, 0);
    const bad = this.#seen.reduce((sum, each) => sum + each.failed, 0);
    if (all < breaker.least || bad <= breaker.share * all) return;
    this.#openUntil = tick + breaker.openTicks;
    this.#isProbing = true;
    this.#seen = [];
  }
}

function shuffle(list: number[], random: () => number): void {
  for (let index = list.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    const kept = list[index] ?? 0;
    list[index] = list[other] ?? 0;
    list[other] = kept;
  }
}

function busiestSecond(load: number[]): number {
  return Math.max(...perSecondSums(load));
}

/** Ticks summed to whole seconds. */
export function perSecondSums(values: number[]): number[] {
  return Array.from({ length: Math.ceil(values.length / perSecond) }, (_, second) =>
    values.slice(second * perSecond, (second + 1) * perSecond).reduce((sum, each) => sum + each, 0),
  );
}

/** Deterministic numbers in [0, 1): mulberry32. */
export function sequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
