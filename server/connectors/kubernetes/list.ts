import type { Reason } from "#common/result.ts";
import { type ListOutcome, type ListRequest, type ReadContext, ReadError } from "../connector.ts";
import type { Api } from "./api.ts";
import type { ObjectNames } from "./object-names.ts";
import { type OnPage, walk } from "./walk.ts";

export type ListOptions = { pageSize: number; maxPages: number; maxInFlight: number };

type Job = { api: Api; request: ListRequest; onPage: OnPage; context: ReadContext; namespaces: ObjectNames };

/** Lists a kind, or, where the server does not serve it, the first of its alternatives that it does. */
export async function listServed(job: Job, options: ListOptions): Promise<ListOutcome> {
  const { alternatives = [], ...request } = job.request;
  let absent: unknown;
  for (const kind of [request.kind, ...alternatives]) {
    try {
      return await listEverywhere({ ...job, request: { ...request, kind } }, options);
    } catch (error) {
      if (!(error instanceof ReadError) || error.reason.code !== "not-served") throw error;
      absent ??= error;
    }
  }
  throw absent;
}

/** Lists a kind everywhere; where that is forbidden, namespace by namespace, naming those that stay closed. */
async function listEverywhere(job: Job, options: ListOptions): Promise<ListOutcome> {
  const budget = { pages: options.maxPages };
  const { pageSize } = options;
  try {
    return await walk(job, { pageSize, budget });
  } catch (error) {
    if (!isForbidden(error) || !job.request.kind.namespaced) throw error;
    const namespaces = await job.namespaces.get(job.context).catch((second: unknown) => {
      throw isForbidden(second) ? error : second;
    });
    const outcome = await listEach(job, namespaces.names, { ...options, budget });
    if (outcome.closed === namespaces.names.length) throw error;
    return { objects: outcome.objects, missing: [...namespaces.missing, ...outcome.missing] };
  }
}

async function listEach(
  job: Job,
  namespaces: string[],
  options: ListOptions & { budget: { pages: number } },
): Promise<ListOutcome & { closed: number }> {
  const outcome = { objects: 0, missing: [] as Reason[], closed: 0 };
  const queue = [...namespaces];
  // A list that begins again here must not make the reader drop the other namespaces: it is marked as mixed instead.
  const context = { signal: job.context.signal, meter: job.context.meter };
  const workers = Array.from({ length: options.maxInFlight }, async () => {
    for (let namespace = queue.shift(); namespace !== undefined; namespace = queue.shift()) {
      try {
        const part = await walk({ ...job, context }, { ...options, namespace });
        outcome.objects += part.objects;
        outcome.missing.push(...part.missing);
      } catch (error) {
        if (!isForbidden(error)) {
          queue.length = 0;
          throw error;
        }
        outcome.missing.push(error.reason);
        outcome.closed += 1;
      }
    }
  });
  const settled = await Promise.allSettled(workers);
  for (const worker of settled) if (worker.status === "rejected") throw worker.reason;
  return outcome;
}

function isForbidden(error: unknown): error is ReadError {
  return error instanceof ReadError && error.reason.code === "forbidden";
}
