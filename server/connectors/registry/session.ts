import type { RegistryStep } from "../../checks/needs/endpoint-requests.ts";
import type { ReadContext, ReadError } from "../connector.ts";
import { parseHttpUrl } from "../http/address.ts";
import type { Exchange, Exchanger } from "../http/exchange.ts";
import { headerOf, requestHeaders } from "../http/headers.ts";
import { readError } from "../read-error.ts";
import { parseChallenge } from "./challenge.ts";
import type { Reference } from "./reference.ts";
import { type RegistryCredential, tokenOf, tokenRequest } from "./token.ts";

export type SessionOptions = {
  exchanger: Exchanger;
  reference: Reference;
  credential: RegistryCredential | undefined;
  confirmedHosts: readonly string[];
  what: string;
  context: ReadContext;
};

export type Ask = {
  step: RegistryStep["step"];
  method: "GET" | "HEAD";
  /** below /v2/ */
  path: string;
  accept?: string;
  maxBytes?: number;
};

export type Session = {
  readonly steps: RegistryStep[];
  /** The final answer, whatever its status, and its step, which the caller may complete. */
  ask(ask: Ask): Promise<{ answer: Exchange; step: RegistryStep; redirected: boolean }>;
};

const maxTokenBytes = 64 << 10;
const maxRedirects = 5;
const defaultBytes = 4 << 20;

/** Requests to one registry, with its token dance; every one is noted. */
export function createSession(options: SessionOptions): Session {
  const { exchanger, reference, what, context } = options;
  const steps: RegistryStep[] = [];
  let authorization: string | undefined;

  async function send(url: URL, { step, method, accept, maxBytes }: Ask, secret: string | undefined) {
    const headers = requestHeaders(accept ? { accept } : undefined, what);
    const answer = await exchanger.exchange(
      {
        ...{ what, method, url, maxBodyBytes: maxBytes ?? defaultBytes },
        headers: secret ? { ...headers, authorization: secret } : headers,
      },
      context,
    );
    const noted = stepOf(step, method, answer);
    steps.push(noted);
    return { answer, step: noted };
  }

  /** Blobs often lie elsewhere: each address is admitted anew, and no credential leaves the registry. */
  async function followed(first: Awaited<ReturnType<typeof send>>, ask: Ask) {
    let current = first;
    for (let count = 0; count <= maxRedirects; count++) {
      const next = redirectOf(current.answer, what);
      if (!next) return { ...current, redirected: count > 0 };
      current = await send(next, ask, next.origin === reference.base.origin ? authorization : undefined);
    }
    throw readError("malformed", what, "too-many-redirects", "there are more redirects than allowed");
  }

  async function authorize(answer: Exchange): Promise<string | undefined> {
    const challenge = parseChallenge(headerOf(answer.headers, "www-authenticate"));
    const { credential } = options;
    const basic = credential && basicOf(credential);
    if (challenge?.scheme === "basic") return basic;
    if (!challenge) return undefined;
    const { base: registry, repository } = reference;
    const { confirmedHosts } = options;
    const request = tokenRequest(challenge, { registry, repository, credential, confirmedHosts, what });
    const ask: Ask = { step: "token", method: "GET", path: "", maxBytes: maxTokenBytes };
    const { answer: given } = await send(request.url, ask, request.withCredential ? basic : undefined);
    if (given.status !== 200) throw refused(given.status, what, "token");
    return `Bearer ${tokenOf(given.kept.toString("utf8"), what)}`;
  }

  return {
    steps,
    async ask(ask) {
      const url = new URL(`${reference.base.href.replace(/\/$/, "")}/v2/${ask.path}`);
      const first = await send(url, ask, authorization);
      if (first.answer.status !== 401) return followed(first, ask);
      const before = authorization;
      authorization = await authorize(first.answer);
      if (authorization === undefined || authorization === before) return { ...first, redirected: false };
      return followed(await send(url, ask, authorization), ask);
    },
  };
}

/** What a registry's refusal comes to. */
export function refused(status: number, what: string, step: string): ReadError {
  const says = `the registry answered the step "${step}" with HTTP status ${status}`;
  if (status === 401) return readError("unauthorized", what, "credential-refused", says);
  if (status === 403) return readError("forbidden", what, "pull-forbidden", says);
  if (status === 404) return readError("not-found", what, "no-such-image", says);
  if (status === 429) return readError("throttled", what, "too-many-requests", says);
  return readError("server-error", what, "registry-status", says);
}

function redirectOf({ status, headers, url }: Exchange, what: string): URL | undefined {
  const location = headerOf(headers, "location");
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined;
  const next = parseHttpUrl(location, what, url);
  if (url.protocol === "https:" && next.protocol === "http:") {
    const sentence = `the registry leads from https to ${next.origin}`;
    throw readError("refused-address", what, "insecure-redirect", sentence);
  }
  return next;
}

function stepOf(step: RegistryStep["step"], method: "GET" | "HEAD", answer: Exchange): RegistryStep {
  const { url, status, headers, receivedBytes, phases } = answer;
  const announced = Number(headerOf(headers, "content-length") ?? 0);
  return {
    step,
    method,
    // Storage puts signatures into the query: they open the blob to anybody.
    url: `${url.origin}${url.pathname}`,
    status,
    contentType: (headerOf(headers, "content-type") ?? "").slice(0, 200),
    bytes: method === "HEAD" && Number.isSafeInteger(announced) ? announced : receivedBytes,
    ms: Math.round(phases.totalMs * 100) / 100,
  };
}

function basicOf({ username, password }: RegistryCredential): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}
