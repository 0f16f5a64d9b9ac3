import { costSchema } from "#common/result.ts";
import type { RunPart } from "#generated/prisma/client.ts";
import type { Meter } from "../connectors/connector.ts";
import { tell } from "../metrics/events.ts";

const storedCost = costSchema.partial().omit({ seconds: true });

/** What a part has cost, with what its earlier attempts had read before they were cut short. */
export function spentSoFar({ cost }: Pick<RunPart, "cost">) {
  const earlier = storedCost.parse(cost);
  const total = { calls: 0, bytes: 0, throttled: 0, ...earlier };
  const meter: Meter = {
    call: () => {
      tell("connector-call", undefined);
      total.calls += 1;
    },
    bytes: (count) => {
      tell("connector-bytes", count);
      total.bytes += count;
    },
    throttled: () => {
      tell("connector-throttled", undefined);
      total.throttled += 1;
    },
  };
  return { total, meter };
}
