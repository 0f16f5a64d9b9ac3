/** The scheduler's own sum: how many nodes each filter turned away, of how many. */
export type Refusal = { total: number; reasons: { nodes: number; text: string }[] };

/** Reads "0/4 nodes are available: 1 Insufficient cpu, 3 node(s) had untolerated taint {a: b}. preemption: …". */
export function readRefusal(message: string): Refusal | null {
  const whole = /(\d+)\/(\d+) nodes are available: (.*)$/s.exec(message);
  if (!whole) return null;
  const [, , total = "0", rest = ""] = whole;
  const filters = rest.split(/\.? ?preemption:/)[0] ?? "";
  const reasons = filters.split(/, (?=\d+ )/).flatMap((part) => {
    const one = /^(\d+) (.+?)\.?$/s.exec(part.trim());
    return one?.[1] && one[2] ? [{ nodes: Number(one[1]), text: one[2].trim() }] : [];
  });
  return { total: Number(total), reasons };
}

/** How many nodes were turned away for reasons that match. */
export function refusedFor({ reasons }: Refusal, pattern: RegExp): number {
  return reasons.filter(({ text }) => pattern.test(text)).reduce((sum, { nodes }) => sum + nodes, 0);
}
