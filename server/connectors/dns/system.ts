import { lookup, Resolver } from "node:dns/promises";
import type { DnsAnswer } from "../../checks/needs/endpoint-requests.ts";
import type { ReadContext } from "../connector.ts";
import { raceAbort } from "../dialler.ts";
import { readError, systemCode } from "../read-error.ts";
import { printable, type Question } from "./wire.ts";

type Found = { data: string; ttlSeconds: number | null }[];
export type SystemResolver = (question: Question) => Promise<Found>;

/** What programs on this machine get: for addresses with its hosts file and search order, for others from its servers. */
export async function askSystem(
  question: Question & { what: string },
  resolve: SystemResolver,
  { context, timeoutMs }: { context: ReadContext; timeoutMs: number },
): Promise<DnsAnswer> {
  const started = performance.now();
  const timeout = AbortSignal.timeout(timeoutMs);
  context.meter.call();
  const answered = (rcode: string, found: Found): DnsAnswer => ({
    server: "system",
    transport: "system",
    rcode,
    // The system's resolver tells none of these.
    ...{ authoritative: false, truncated: false, authenticated: false },
    answers: found.map(({ data, ttlSeconds }) => ({
      name: question.name,
      type: question.recordType,
      ttlSeconds,
      data: printable(data),
    })),
    ms: performance.now() - started,
  });
  try {
    const stop = AbortSignal.any([context.signal, timeout]);
    return answered("NOERROR", await raceAbort(resolve(question), stop));
  } catch (error) {
    context.signal.throwIfAborted();
    if (timeout.aborted) {
      const sentence = `the system's resolver gave no answer within ${timeoutMs} ms`;
      throw readError("timed-out", question.what, "dns-timeout", sentence, error);
    }
    const code = systemCode(error) ?? "unknown error";
    if (code === "ENODATA") return answered("NOERROR", []);
    // Whether the name or only its addresses are missing, getaddrinfo does not tell.
    if (code === "ENOTFOUND") return answered("NXDOMAIN", []);
    if (code === "ESERVFAIL") return answered("SERVFAIL", []);
    if (code === "EREFUSED") return answered("REFUSED", []);
    const sentence = `the system's resolver gave no answer (${code})`;
    throw readError("unreachable", question.what, "resolver-failed", sentence, error);
  }
}

export const systemResolver: SystemResolver = async ({ name, recordType }) => {
  if (recordType === "A" || recordType === "AAAA") {
    const found = await lookup(name, { all: true, family: recordType === "A" ? 4 : 6 });
    return found.map(({ address }) => ({ data: address, ttlSeconds: null }));
  }
  const resolver = new Resolver({ timeout: 3_000, tries: 2 });
  const records: unknown = await resolver.resolve(name, recordType);
  return [records].flat().map((record) => ({ data: dataOf(record), ttlSeconds: null }));
};

function dataOf(record: unknown): string {
  if (typeof record !== "object" || record === null) return String(record);
  const values = Object.entries(record).filter(([name]) => name !== "type");
  return values.map(([, value]) => String(value)).join(" ");
}
