export type Redactor = {
  text(input: string): string;
  /** plain JSON with every string redacted, keys too; what holds nothing to hide is the input itself */
  value<T>(input: T): T;
};

const mark = "[redacted]";
const shortestForForms = 6;

/** What looks like a secret, whoever it belongs to. Group 1, where there is one, is kept. */
const patterns: RegExp[] = [
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g,
  // Looked for near the start of a run only: tried from everywhere inside a long one, it would be quadratic.
  /(?<![A-Za-z0-9_-])((?:[A-Za-z0-9_-]{0,64}-)?)eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g,
  /\b((?:bearer|basic)\s+)[A-Za-z0-9+/_.~=-]{6,}/gi,
  /([a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@"']*:)[^\s/@"']+(?=@)/gi,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bwbk_[A-Za-z0-9_-]{43}/g,
  /\bwhsec_[A-Za-z0-9+/_=-]{24,}/g,
  /(\bhooks\.slack\.com\/(?:services|workflows|triggers)\/)[A-Za-z0-9/_-]+/g,
  // The word has to end the key: "secretName: tls" and "automountServiceAccountToken: false" are no secrets.
  /((?:password|passwd|passphrase|pwd|secret)\\?["']?\s{0,4}[=:]\s{0,4})(?:\\"[^"\n]+"?|"(?:[^"\\\n]|\\.)+"?|'[^'\n]+'?|[^\s"',;&}\]]+)/gi,
  /((?:token|(?:api|access|secret|private)[_-]?key)\\?["']?\s{0,4}[=:]\s{0,4})(?:\\"[^"\n]{8,}"?|"(?:[^"\\\n]|\\.){8,}"?|'[^'\n]{8,}'?|[^\s"',;&}\]]{8,})/gi,
];

/** No pattern can match such a text unless it holds one of `telltales`; most of what is read is of this kind. */
const plain = /^[A-Za-z0-9_./-]*$/;
const telltales = ["eyJ", "AKIA", "ASIA", "wbk_", "whsec_", "hooks.slack.com"];
/** Texts as short as names and states come again and again; the longer ones are not worth the memory. */
const longestRemembered = 128;
const mostRemembered = 20_000;

const shortestListRemembered = 200;

/** Hides the given secrets, in every form they are likely to travel in, and whatever looks like a secret. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const parts = secrets.flatMap((secret) => [secret, secret.trim()]).filter((secret) => secret !== "");
  const long = parts.filter((secret) => secret.length >= shortestForForms);
  const forms = [...new Set(long.flatMap(formsOf))].sort((a, b) => b.length - a.length);
  const exact = forms.length > 0 ? new RegExp(forms.map(quoted).join("|"), "g") : undefined;
  const short = parts.filter((secret) => secret.length < shortestForForms).map(quoted);
  const words =
    short.length > 0
      ? new RegExp(`(?<![\\p{L}\\p{N}_])(?:${short.join("|")})(?![\\p{L}\\p{N}_])`, "gu")
      : undefined;

  function redacted(input: string): string {
    let output = exact ? input.replace(exact, mark) : input;
    if (words) output = output.replace(words, mark);
    if (plain.test(output) && !telltales.some((telltale) => output.includes(telltale))) return output;
    for (const pattern of patterns) {
      output = output.replace(
        pattern,
        (_match, kept: unknown) => `${typeof kept === "string" ? kept : ""}${mark}`,
      );
    }
    return output;
  }

  const remembered = new Map<string, string>();
  function text(input: string): string {
    if (input.length > longestRemembered) return redacted(input);
    const known = remembered.get(input);
    if (known !== undefined) return known;
    const output = redacted(input);
    if (remembered.size >= mostRemembered) remembered.clear();
    remembered.set(input, output);
    return output;
  }

  function value(input: unknown): unknown {
    if (typeof input === "string") return text(input);
    if (typeof input !== "object" || input === null) return input;
    return Object.isFrozen(input) ? once(input) : inside(input);
  }

  function once(input: object): unknown {
    if (frozen.has(input)) return frozen.get(input);
    const output = inside(input);
    frozen.set(input, output);
    return output;
  }

  function inside(input: object): unknown {
    if (Array.isArray(input)) return list(input);
    if (Object.getPrototypeOf(input) !== Object.prototype) return input;
    return record(input as Record<string, unknown>);
  }

  /** Checks of one run share what they pick alike, and objects what is frozen; either is gone through once. */
  const lists = new WeakMap<unknown[], unknown[]>();
  const frozen = new WeakMap<object, unknown>();
  // Facts of a large cluster are hundreds of thousands of objects: nothing is made anew before something changes.
  function list(input: unknown[]): unknown[] {
    const known = lists.get(input);
    if (known) return known;
    let output: unknown[] | undefined;
    for (let index = 0; index < input.length; index += 1) {
      const entry = value(input[index]);
      if (entry !== input[index]) output ??= input.slice();
      if (output) output[index] = entry;
    }
    const kept = output ?? input;
    if (input.length >= shortestListRemembered) lists.set(input, kept);
    return kept;
  }

  function record(input: Record<string, unknown>): Record<string, unknown> {
    let entries: [string, unknown][] | undefined;
    const keys = Object.keys(input);
    for (const [index, key] of keys.entries()) {
      const entry: [string, unknown] = [text(key), value(input[key])];
      const isSame = entry[0] === key && entry[1] === input[key];
      if (!isSame) entries ??= keys.slice(0, index).map((before) => [before, input[before]]);
      entries?.push(entry);
    }
    return entries ? Object.fromEntries(entries) : input;
  }

  return { text, value: <T>(input: T) => value(input) as T };
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, "utf8");
  const url = encodeURIComponent(secret);
  return [
    secret,
    ...[0, 1, 2].flatMap((offset) => embeddedBase64(bytes, offset)),
    bytes.toString("base64"),
    bytes.toString("base64url"),
    url,
    url.replaceAll("%20", "+"),
    url.toLowerCase(),
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1),
    bytes.toString("hex"),
    bytes.toString("hex").toUpperCase(),
    ...lines(secret),
  ].filter((form) => form.length >= shortestForForms);
}

/** The characters of base64 that this secret alone decides when `offset` other bytes stand before it. */
function embeddedBase64(bytes: Buffer, offset: number): string[] {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString("base64")
    .replace(/=+$/, "");
  const firstWhole = Math.ceil((offset * 8) / 6);
  const lastWhole = Math.floor(((offset + bytes.length) * 8) / 6);
  const inner = encoded.slice(firstWhole, lastWhole);
  return [inner, inner.replaceAll("+", "-").replaceAll("/", "_")].filter((form) => form.length >= 8);
}

/** A key or certificate may appear line by line; its frame is no secret. */
function lines(secret: string): string[] {
  const all = secret.split(/\r?\n/).map((line) => line.trim());
  return all.length < 2 ? [] : all.filter((line) => line.length >= 16 && !line.startsWith("-----"));
}

function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
