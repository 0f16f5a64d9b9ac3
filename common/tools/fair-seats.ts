/** What a priority level of the API server may run at a time, and how well its queues keep flows apart. */

export type FairSeatsInput = {
  /** --max-requests-inflight plus --max-mutating-requests-inflight */
  totalSeats: number;
  shares: number;
  /** of all levels with a limit, this one included */
  allShares: number;
  queues: number;
  handSize: number;
  queueLength: number;
  /** flows that fill every queue of their hand */
  heavyFlows: number;
};

export type FairSeats = {
  seats: number;
  /** waiting requests that the level holds at most */
  waiting: number;
  /** the chance that a light flow finds each queue of its hand taken */
  squashed: number;
};

export function fairSeats(input: FairSeatsInput): FairSeats {
  const { totalSeats, shares, allShares, queues, queueLength } = input;
  return {
    seats: Math.ceil((totalSeats * shares) / Math.max(allShares, shares)),
    waiting: queues * queueLength,
    squashed: squashedChance(input),
  };
}

/**
 * A flow is dealt a hand of different queues and takes the shortest. Heavy flows fill theirs; what counts is how many
 * queues they fill together, dealt one hand after the other.
 */
export function squashedChance({
  queues,
  handSize,
  heavyFlows,
}: Pick<FairSeatsInput, "queues" | "handSize" | "heavyFlows">): number {
  const hand = Math.min(handSize, queues);
  // taken[n]: the chance that n queues are filled
  let taken = new Map([[0, 1]]);
  for (let flow = 0; flow < heavyFlows; flow += 1) {
    const next = new Map<number, number>();
    for (const [count, chance] of taken) {
      for (let fresh = 0; fresh <= hand; fresh += 1) {
        const deal = hypergeometric(queues, queues - count, hand, fresh);
        if (deal > 0) next.set(count + fresh, (next.get(count + fresh) ?? 0) + chance * deal);
      }
    }
    taken = next;
  }
  let squashed = 0;
  for (const [count, chance] of taken) squashed += chance * hypergeometric(queues, count, hand, hand);
  return Math.min(1, squashed);
}

/** The chance to draw exactly `wanted` of `marked` among `all`, in `drawn` draws. */
function hypergeometric(all: number, marked: number, drawn: number, wanted: number): number {
  if (wanted > marked || drawn - wanted > all - marked) return 0;
  return Math.exp(
    logChoose(marked, wanted) + logChoose(all - marked, drawn - wanted) - logChoose(all, drawn),
  );
}

function logChoose(n: number, k: number): number {
  let log = 0;
  for (let i = 1; i <= k; i += 1) log += Math.log(n - k + i) - Math.log(i);
  return log;
}
