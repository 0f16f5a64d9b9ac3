import type { HttpPhases } from "../../checks/needs/endpoint-requests.ts";
import type { ReadContext } from "../connector.ts";
import { readError } from "../read-error.ts";
import { parseHttpUrl } from "./address.ts";
import type { Exchange, Exchanger } from "./exchange.ts";
import { headerOf } from "./headers.ts";
import type { Message } from "./send-http1.ts";

export type Followed = Exchange & { redirects: { status: number; url: string }[]; all: HttpPhases };

/** What a request may carry where; a redirect to another origin gets neither headers nor credential of the first. */
export type HeadersFor = (url: URL) => Record<string, string>;

/**
 * One exchange and the redirects behind it. As in curl, the phases of all steps are added up, and `redirectMs` is what
 * passed before the last one began.
 */
export async function follow(
  exchanger: Exchanger,
  message: Omit<Message, "headers"> & { what: string; redirects: number; headers: HeadersFor },
  context: ReadContext,
): Promise<Followed> {
  const { what, headers } = message;
  let startedAt: number | undefined;
  const redirects: Followed["redirects"] = [];
  const seen = new Set([message.url.href]);
  let sums = { lookupMs: 0, connectMs: 0, tlsMs: 0, pretransferMs: 0, firstByteMs: 0 };
  let url = message.url;
  for (;;) {
    const done = await exchanger.exchange({ ...message, url, headers: headers(url), what }, context);
    startedAt ??= done.startedAt;
    const redirectMs = redirects.length > 0 ? done.startedAt - startedAt : 0;
    sums = added(sums, done.phases);
    const all = { ...sums, redirectMs, totalMs: done.endedAt - startedAt };
    const next = message.redirects > 0 ? nextOf(done, what) : undefined;
    if (!next) return { ...done, redirects, all };
    if (redirects.length >= message.redirects || seen.has(next.href)) {
      const isLoop = seen.has(next.href);
      const sentence = isLoop
        ? "the redirects go round in a circle"
        : "there are more redirects than allowed";
      throw readError("malformed", what, isLoop ? "redirect-loop" : "too-many-redirects", sentence);
    }
    seen.add(next.href);
    redirects.push({ status: done.status, url: next.href });
    url = next;
  }
}

function nextOf({ status, headers, url }: Exchange, what: string): URL | undefined {
  const location = headerOf(headers, "location");
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined;
  const next = parseHttpUrl(location, what, url);
  if (url.protocol === "https:" && next.protocol === "http:") {
    const sentence = `the redirect leads from https to ${next.origin}`;
    throw readError("refused-address", what, "insecure-redirect", sentence);
  }
  return next;
}

type Sums = Omit<HttpPhases, "redirectMs" | "totalMs">;

function added(sums: Sums, phases: Sums): Sums {
  return {
    lookupMs: sums.lookupMs + phases.lookupMs,
    connectMs: sums.connectMs + phases.connectMs,
    tlsMs: sums.tlsMs + phases.tlsMs,
    pretransferMs: sums.pretransferMs + phases.pretransferMs,
    firstByteMs: sums.firstByteMs + phases.firstByteMs,
  };
}
