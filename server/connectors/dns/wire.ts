import { type Answer, AUTHENTIC_DATA, decode, encode, RECURSION_DESIRED } from "dns-packet";
import type { DnsAnswer, DnsRecordType } from "../../checks/needs/endpoint-requests.ts";
import { readError } from "../read-error.ts";

export type Question = { name: string; recordType: DnsRecordType };
export type DecodedAnswer = Omit<DnsAnswer, "server" | "transport" | "ms">;

/** What fits through every network in one piece, as resolvers have agreed since 2020. */
export const udpBytes = 1232;
export const maxAnswers = 500;
const maxDataLength = 4096;
const label = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i;

/** A name as it is asked for: without the dot at its end, and nothing that is no plain name. */
export function questionName(name: string, what: string): string {
  const plain = name.endsWith(".") ? name.slice(0, -1) : name;
  if (plain.length <= 253 && plain.split(".").every((part) => label.test(part))) return plain;
  throw readError("malformed", what, "bad-name", "this is not a plain domain name (write xn-- for others)");
}

/** A question with EDNS, which also asks to be told whether the answer was validated. */
export function encodeQuestion({ name, recordType }: Question, id: number): Buffer {
  return encode({
    type: "query",
    id,
    flags: RECURSION_DESIRED | AUTHENTIC_DATA,
    questions: [{ type: recordType, name, class: "IN" }],
    additionals: [
      {
        type: "OPT",
        name: ".",
        udpPayloadSize: udpBytes,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: [],
      },
    ],
  });
}

/** The answer to this very question, or undefined where the message is another's or none at all. */
export function decodeAnswer(message: Buffer, question: Question, id: number): DecodedAnswer | undefined {
  try {
    const { id: answered, type, questions = [], answers = [], ...flags } = decode(message);
    const rcode = "rcode" in flags ? String(flags.rcode) : "";
    const [asked] = questions;
    if (type !== "response" || answered !== id || questions.length > 1) return undefined;
    // A server that could not even read the question need not repeat it.
    const isSame = asked
      ? asked.type === question.recordType && plainName(asked.name) === plainName(question.name)
      : rcode !== "NOERROR";
    if (!isSame) return undefined;
    return {
      rcode,
      authoritative: flags.flag_aa,
      truncated: flags.flag_tc,
      authenticated: flags.flag_ad,
      answers: answers.slice(0, maxAnswers).map(shown),
    };
  } catch {
    return undefined;
  }
}

export function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}

function shown(answer: Answer): DnsAnswer["answers"][number] {
  const ttlSeconds = "ttl" in answer && typeof answer.ttl === "number" ? answer.ttl : null;
  return {
    name: printable(answer.name),
    type: String(answer.type),
    ttlSeconds,
    data: printable(dataOf(answer)),
  };
}

/** As in a zone file, near enough for people to compare. */
function dataOf(answer: Answer): string {
  switch (answer.type) {
    case "MX":
      return `${answer.data.preference ?? 0} ${answer.data.exchange}`;
    case "SRV": {
      const { priority = 0, weight = 0, port, target } = answer.data;
      return `${priority} ${weight} ${port} ${target}`;
    }
    case "CAA":
      return `${answer.data.flags ?? 0} ${answer.data.tag} "${answer.data.value}"`;
    case "SOA": {
      const { mname, rname, serial, refresh, retry, expire, minimum } = answer.data;
      return [mname, rname, serial, refresh, retry, expire, minimum].join(" ");
    }
    case "TXT":
      return [answer.data]
        .flat()
        .map((part) => `"${part}"`)
        .join(" ");
    default:
      return "data" in answer ? plainData(answer.data) : "";
  }
}

function plainData(data: unknown): string {
  if (typeof data === "string") return data;
  return Buffer.isBuffer(data) ? `\\# ${data.length} ${data.toString("hex")}` : JSON.stringify(data);
}

/** Names and texts are bytes of strangers: nothing that moves a cursor or reorders a line gets through. */
export function printable(text: string): string {
  const plain = text.slice(0, maxDataLength).replace(/[^\P{C}]|\u2028|\u2029/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 256 ? `\\${String(code).padStart(3, "0")}` : "\uFFFD";
  });
  return plain;
}
