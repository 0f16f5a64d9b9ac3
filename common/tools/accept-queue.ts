/** How long a listener's two queues are, by the kernel's own arithmetic. */

export type AcceptQueueInput = {
  /** what the program passes to listen() */
  backlog: number;
  somaxconn: number;
  maxSynBacklog: number;
  syncookies: boolean;
};

/** The kernel keeps one connection more than this before it calls the queue full. */
export function acceptQueueMaximum({
  backlog,
  somaxconn,
}: Pick<AcceptQueueInput, "backlog" | "somaxconn">): number {
  return Math.min(somaxconn, backlog);
}

/** Each step of the SYN queue's size before Linux 4.4, when it was a hash table made at listen(). */
export function synQueueOfTable(input: AcceptQueueInput): { step: string; value: number }[] {
  const accept = acceptQueueMaximum(input);
  const capped = Math.min(accept, input.maxSynBacklog);
  const atLeast = Math.max(capped, 8);
  const rounded = roundUpToPowerOfTwo(atLeast + 1);
  return [
    { step: `min(${input.somaxconn}, ${input.backlog})`, value: accept },
    { step: `min(${accept}, ${input.maxSynBacklog})`, value: capped },
    { step: `max(${capped}, 8)`, value: atLeast },
    { step: `roundup_pow_of_two(${atLeast} + 1)`, value: rounded },
    { step: `2^max(3, log2(${rounded}))`, value: Math.max(8, rounded) },
  ];
}

export function synQueueBefore44(input: AcceptQueueInput): number {
  return synQueueOfTable(input).at(-1)?.value ?? 0;
}

/**
 * Since Linux 4.4 the SYN queue is full when it is as long as the accept queue may be. Without SYN cookies new
 * clients are also refused once less than a quarter of tcp_max_syn_backlog is left.
 */
export function synQueueSince44(input: AcceptQueueInput): number {
  const accept = acceptQueueMaximum(input);
  if (input.syncookies) return accept;
  return Math.min(accept, input.maxSynBacklog - Math.floor(input.maxSynBacklog / 4) + 1);
}

function roundUpToPowerOfTwo(value: number): number {
  return 2 ** Math.ceil(Math.log2(value));
}
