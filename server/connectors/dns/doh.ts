import { z } from "zod";
import type { DnsAnswer } from "../../checks/needs/endpoint-requests.ts";
import type { ReadContext } from "../connector.ts";
import type { Dialler } from "../dialler.ts";
import { parseHttpUrl } from "../http/address.ts";
import { createExchanger, type Exchange, type Exchanger } from "../http/exchange.ts";
import { headerOf, requestHeaders } from "../http/headers.ts";
import type { Trust } from "../http/open-connection.ts";
import { readError } from "../read-error.ts";
import { recordTypeName } from "./record-types.ts";
import {
  type DecodedAnswer,
  decodeAnswer,
  encodeQuestion,
  maxAnswers,
  printable,
  type Question,
} from "./wire.ts";

export type DohOptions = {
  dialler: Dialler;
  trust: Trust;
  connectTimeoutMs: number;
  answerTimeoutMs: number;
};
type Asking = Question & { what: string };
const wireType = "application/dns-message";
const jsonType = "application/dns-json";
const maxMessageBytes = 64 << 10;
const maxJsonBytes = 512 << 10;

/** DNS over HTTPS, in the messages of RFC 8484 or in the JSON that some resolvers speak beside them. */
export async function askDoh(
  question: Asking,
  { transport, url: address }: { transport: "doh-wire" | "doh-json"; url: string },
  { options, context }: { options: DohOptions; context: ReadContext },
): Promise<DnsAnswer> {
  // Providers print their address as a URI template.
  const url = parseHttpUrl(address.replace(/\{\?[^}]*\}$/, ""), question.what);
  if (url.protocol !== "https:") {
    throw readError(
      "refused-address",
      question.what,
      "not-https",
      "DNS over HTTPS is asked over https alone",
    );
  }
  const exchanger = createExchanger(
    {
      dialler: options.dialler,
      trust: () => options.trust,
      // Some resolvers speak HTTP/2 and nothing else.
      protocols: ["h2", "http/1.1"],
      connectTimeoutMs: options.connectTimeoutMs,
      requestTimeoutMs: options.answerTimeoutMs,
    },
    { keepAlive: true },
  );
  try {
    const ask = transport === "doh-wire" ? askWire : askJson;
    const answer = await ask(question, url, { exchanger, context });
    return { server: url.href, transport, ...answer };
  } finally {
    exchanger.close();
  }
}

type TimedAnswer = DecodedAnswer & { ms: number };
type Via = { exchanger: Exchanger; context: ReadContext };

/** GET, which caches can serve; POST where the server wants that. The id is 0, as caches need it. */
async function askWire(question: Asking, url: URL, { exchanger, context }: Via): Promise<TimedAnswer> {
  const { what } = question;
  const body = encodeQuestion(question, 0);
  const headers = requestHeaders({ accept: wireType }, what);
  const rest = { headers, what, maxBodyBytes: maxMessageBytes };
  const get = new URL(url);
  get.searchParams.set("dns", body.toString("base64url"));
  let done = await exchanger.exchange({ method: "GET", url: get, ...rest }, context);
  const { startedAt } = done;
  if ([404, 405, 415, 501].includes(done.status)) {
    const posted = { ...rest, headers: { ...headers, "content-type": wireType }, body };
    done = await exchanger.exchange({ method: "POST", url, ...posted }, context);
  }
  expectType(done, wireType, what);
  const answer = decodeAnswer(done.kept, question, 0);
  if (!answer) throw readError("malformed", what, "not-dns", "what came is no answer to the question");
  return { ...answer, ms: done.endedAt - startedAt };
}

const jsonAnswer = z.object({
  Status: z.number().int().min(0).max(4095),
  TC: z.boolean().default(false),
  AD: z.boolean().default(false),
  Answer: z
    .array(
      z.object({
        name: z.string().max(1024),
        type: z.number().int().min(0).max(65_535),
        TTL: z.number().int().nonnegative().optional(),
        data: z.string().max(65_535),
      }),
    )
    .default([]),
});

const rcodes = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"];

async function askJson(question: Asking, url: URL, { exchanger, context }: Via): Promise<TimedAnswer> {
  const { what, name, recordType } = question;
  const get = new URL(url);
  get.searchParams.set("name", name);
  get.searchParams.set("type", recordType);
  const headers = requestHeaders({ accept: jsonType }, what);
  const message = { method: "GET", url: get, headers, what, maxBodyBytes: maxJsonBytes } as const;
  const done = await exchanger.exchange(message, context);
  expectType(done, jsonType, what);
  const parsed = jsonAnswer.safeParse(jsonOf(done.kept.toString("utf8")));
  if (!parsed.success) {
    throw readError("malformed", what, "not-dns-json", "the answer is not the JSON of DNS over HTTPS");
  }
  const { Status, TC, AD, Answer } = parsed.data;
  return {
    ms: done.endedAt - done.startedAt,
    rcode: rcodes[Status] ?? `RCODE_${Status}`,
    // The JSON form does not tell.
    authoritative: false,
    truncated: TC,
    authenticated: AD,
    answers: Answer.slice(0, maxAnswers).map((each) => ({
      name: printable(each.name.replace(/(.)\.$/, "$1")),
      type: recordTypeName(each.type),
      ttlSeconds: each.TTL ?? null,
      data: printable(each.data.replace(/^([^" ]+)\.$/, "$1")),
    })),
  };
}

function expectType({ status, headers, truncated }: Exchange, type: string, what: string): void {
  if (status !== 200) {
    const code =
      status === 401 || status === 403 ? "forbidden" : status === 429 ? "throttled" : "server-error";
    throw readError(code, what, "doh-status", `the server answered with HTTP status ${status}`);
  }
  const given = (headerOf(headers, "content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  // Some name the JSON form by its syntax alone.
  const isRight = given === type || (type === jsonType && given === "application/json");
  if (!isRight) {
    throw readError("malformed", what, "not-dns", `the answer is ${given || "of no type"}, not ${type}`);
  }
  if (truncated)
    throw readError("truncated", what, "answer-too-large", "the answer is larger than a DNS answer");
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
