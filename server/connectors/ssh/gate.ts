/** Something that keeps its place while it may be needed again, and gives it back when others wait. */
export type Tenant = { idle(): boolean; leave(): void };

/**
 * So many connections at a time, whatever the number of hosts: who waits gets the place of the one that has been idle
 * for longest.
 */
export type Gate = {
  enter(tenant: Tenant, signal: AbortSignal): Promise<void>;
  /** the tenant has no connection any more */
  left(tenant: Tenant): void;
  /** the tenant's connection is not in use: somebody else may need its place */
  rests(tenant: Tenant): void;
};

export function createGate(width: number): Gate {
  const inside = new Set<Tenant>();
  const waiting: { tenant: Tenant; admit: () => void }[] = [];
  const settle = () => {
    while (waiting.length > 0) {
      if (inside.size >= width) {
        const idle = [...inside].find((tenant) => tenant.idle());
        if (!idle) return;
        inside.delete(idle);
        idle.leave();
      }
      const next = waiting.shift();
      if (!next) return;
      inside.add(next.tenant);
      next.admit();
    }
  };
  return {
    enter(tenant, signal) {
      if (inside.has(tenant)) return Promise.resolve();
      return new Promise((fulfil, reject) => {
        const place = { tenant, admit: () => finish(fulfil) };
        const finish = (end: () => void) => {
          signal.removeEventListener("abort", onAbort);
          end();
        };
        const onAbort = () => {
          const index = waiting.indexOf(place);
          if (index !== -1) waiting.splice(index, 1);
          finish(() => reject(signal.reason));
        };
        if (signal.aborted) return reject(signal.reason);
        signal.addEventListener("abort", onAbort, { once: true });
        waiting.push(place);
        settle();
      });
    },
    left(tenant) {
      inside.delete(tenant);
      settle();
    },
    rests(tenant) {
      // Last in the order of leaving: it was needed just now.
      if (inside.delete(tenant)) inside.add(tenant);
      settle();
    },
  };
}
