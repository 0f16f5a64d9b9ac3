import { parseXml } from "@rgrove/parse-xml";
import { parseAllDocuments } from "yaml";

/** What may be said of a setting's value without keeping it. */

export type ValueVerdict = {
  key: string;
  bytes: number;
  /** tells equal values apart from others; not of short ones and not of what looks secret */
  mark?: string;
  /** it does not parse as the ending of its key says: the ending, and where if that is known */
  broken?: { as: string; where: string };
  /** what it looks like: never the value itself */
  secret?: SecretLook;
};

export type SecretLook = "private-key" | "password-in-address" | "access-key" | "token" | "password";

/** Not for security: a short mark by which equal texts are found (cyrb53). */
export function markOf(text: string): string {
  let [one, two] = [0xdeadbeef, 0x41c6ce57];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    one = Math.imul(one ^ code, 2654435761);
    two = Math.imul(two ^ code, 1597334677);
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(two ^ (two >>> 13), 3266489909);
  two = Math.imul(two ^ (two >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
  return `${(4294967296 * (2097151 & two) + (one >>> 0)).toString(36)}-${text.length.toString(36)}`;
}

/** Something that other software fills in: no value yet, neither to be parsed nor a secret. */
const template = /\{\{|<%|\$\{[^}]{0,200}\}|\$\([^)]{0,200}\)|__[A-Z_]{1,60}__/;
const largest = 64 * 1024;

function lineOf(text: string, offset: number): string {
  return `line ${text.slice(0, offset).split("\n").length}`;
}

function jsonProblem(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const at = /position (\d+)/.exec(error instanceof Error ? error.message : "")?.[1];
    return at === undefined ? "" : lineOf(text, Number(at));
  }
}

function yamlProblem(text: string): string | undefined {
  const documents = parseAllDocuments(text, { logLevel: "silent", prettyErrors: false, uniqueKeys: true });
  if (!Array.isArray(documents)) return undefined;
  const [first] = documents.flatMap(({ errors }) => errors);
  return first && lineOf(text, first.pos[0]);
}

function xmlProblem(text: string): string | undefined {
  try {
    parseXml(text);
    return undefined;
  } catch (error) {
    return /line (\d+)/.exec(error instanceof Error ? error.message : "")?.[0] ?? "";
  }
}

const parsers: Record<string, (text: string) => string | undefined> = {
  json: jsonProblem,
  yaml: yamlProblem,
  yml: yamlProblem,
  xml: xmlProblem,
};

export function syntaxProblem(key: string, text: string): ValueVerdict["broken"] {
  const as = /\.([a-z]+)$/.exec(key.toLowerCase())?.[1] ?? "";
  const parse = parsers[as];
  if (!parse || text.trim() === "" || text.length > largest || template.test(text)) return undefined;
  const where = parse(text);
  return where === undefined ? undefined : { as, where };
}

const secretName =
  "(?:[a-z0-9_.-]*[._-])?(?:password|passwd|secret[_-]?key|client[_-]?secret|api[_-]?key|access[_-]?token|auth[_-]?token)";
const secretKey = new RegExp(`^${secretName}$`, "i");
const secretLine = new RegExp(`^[ \\t]*["']?${secretName}["']?[ \\t]*[:=][ \\t]*(\\S.*)$`, "gim");
/** a place where the secret is, or that there is none yet */
const noValue =
  /^["']?(|true|false|null|none|~|\d{1,3}|changeme|change-me|replace-?me|\*+|x{3,}|<.*>|[$%{].*|file:.*|\/.*|vault:.*|env:.*|secretref:.*)["']?,?$/i;

function isReal(value: string): boolean {
  const bare = value.trim();
  return bare.length >= 4 && !noValue.test(bare) && !template.test(bare);
}

/** Looks at what stands around each "://" alone, so that no text makes it slow. */
function hasPasswordInAddress(text: string): boolean {
  for (let at = text.indexOf("://"); at !== -1; at = text.indexOf("://", at + 3)) {
    const [, password = ""] =
      /^[^\s/:@"']{1,100}:([^\s/@"']{1,200})@[^\s]/.exec(text.slice(at + 3, at + 310)) ?? [];
    if (/[a-z0-9]$/i.test(text.slice(at - 1, at)) && isReal(password)) return true;
  }
  return false;
}

/** What a value looks like, by the strongest sign. */
export function secretLook(key: string, text: string): SecretLook | undefined {
  if (/-----BEGIN (?:[A-Z]{1,20} ){0,3}PRIVATE KEY-----/.test(text)) return "private-key";
  if (/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/.test(text)) return "access-key";
  if (/\beyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,2000}\.[A-Za-z0-9_-]{10}/.test(text)) return "token";
  if (hasPasswordInAddress(text)) return "password-in-address";
  if (secretKey.test(key) && !text.includes("\n") && isReal(text)) return "password";
  if (text.length <= largest)
    for (const [, value = ""] of text.matchAll(secretLine)) if (isReal(value)) return "password";
  return undefined;
}

/** `markedBytes`: shorter values are equal by chance. */
export function judgeValue(key: string, text: string, markedBytes: number): ValueVerdict {
  const secret = secretLook(key, text);
  const broken = syntaxProblem(key, text);
  return {
    key,
    bytes: text.length,
    ...(text.length >= markedBytes && !secret && { mark: markOf(text) }),
    ...(broken && { broken }),
    ...(secret && { secret }),
  };
}
