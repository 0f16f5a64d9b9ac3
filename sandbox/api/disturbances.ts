/** Trouble that a test orders for coming requests. */
export type Trouble =
  /** refuse: 429 and 503 as text, 410 as a Status with a fresh continue token, 504 as a real server writes it */
  | { kind: "status"; status: 401 | 403 | 410 | 429 | 500 | 503 | 504; retryAfterSeconds?: number }
  /** answer later */
  | { kind: "slow"; delayMs: number }
  /** break the connection after so many bytes of the body, although the status was 200 */
  | { kind: "cut"; afterBytes: number }
  /** break the connection without an answer */
  | { kind: "reset" }
  /** never answer */
  | { kind: "hang" }
  /** a 200 whose body is no JSON */
  | { kind: "garbage" };

type Match = { method?: string; path?: string | RegExp; user?: string; query?: RegExp };

export type Order = { match?: Match; trouble: Trouble; times?: number; afterRequests?: number };

export type OrderHandle = { hits: () => number; cancel: () => void };

type Pending = Order & { left: number; skip: number; hits: number };

export class Disturbances {
  readonly #orders = new Set<Pending>();

  add(order: Order): OrderHandle {
    const pending = { ...order, left: order.times ?? 1, skip: order.afterRequests ?? 0, hits: 0 };
    this.#orders.add(pending);
    return { hits: () => pending.hits, cancel: () => this.#orders.delete(pending) };
  }

  clear(): void {
    this.#orders.clear();
  }

  next(request: { method: string; path: string; query: string; user: string }): Trouble | undefined {
    for (const order of this.#orders) {
      if (!matches(order.match ?? {}, request)) continue;
      if (order.skip > 0) {
        order.skip -= 1;
        continue;
      }
      order.left -= 1;
      order.hits += 1;
      if (order.left <= 0) this.#orders.delete(order);
      return order.trouble;
    }
    return undefined;
  }
}

function matches(
  match: Match,
  request: { method: string; path: string; query: string; user: string },
): boolean {
  const { path } = match;
  const samePath = typeof path === "string" ? path === request.path : (path?.test(request.path) ?? true);
  return (
    samePath &&
    (match.method === undefined || match.method === request.method) &&
    (match.user === undefined || match.user === request.user) &&
    (match.query?.test(request.query) ?? true)
  );
}
