import { createHmac } from "node:crypto";

export type Pseudonyms = {
  /** "pod-3fa2c1d0": the same name gets the same sign wherever it stands in what one link shows */
  of: (kind: string, name: string) => string;
  /** a sentence of which only the product's own words, numbers and units are left */
  text: (text: string, also?: ReadonlyMap<string, string>) => string;
};

/** `known`, and `also` of a sentence: names that may be words of the vocabulary too; name in lower case → what it is. */
type Given = { key: Uint8Array; vocabulary: ReadonlySet<string>; known: ReadonlyMap<string, string> };

const signLength = 8;
// Han characters are never part of a name in what a check reads; the checks' own Chinese sentences are made of them.
const token = /[^\s\p{Script=Han}"'`“”‘’(){}[\]<>,;|=，。；：、（）「」《》！？!?…·]+/gu;
const address =
  /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}|[0-9a-f]{2}([:-][0-9a-f]{2}){5})$/i;
const amount = /^[+\-±]?\d[\d.,]*(?:%|[kKMGTP]i?B?|B|ns|us|µs|ms|s|m|h|d|min|x)?$/;
const moment = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?)?$/;

/** Replaces whatever might be a name: what is not known to be harmless does not stay. */
export function createPseudonyms({ key, vocabulary, known }: Given): Pseudonyms {
  const of = (kind: string, name: string) => {
    const sign = createHmac("sha256", key).update(name.toLowerCase()).digest("hex").slice(0, signLength);
    return `${/^[a-z]+$/i.test(kind) ? kind.toLowerCase() : "name"}-${sign}`;
  };
  const word = (text: string, also?: ReadonlyMap<string, string>): string => {
    const kind = also?.get(text.toLowerCase()) ?? known.get(text.toLowerCase());
    if (kind !== undefined) return of(kind, text);
    if (address.test(text)) return of("address", text);
    if (isHarmless(text, vocabulary)) return text;
    const parts = text.split(/([:/@]+)/);
    if (parts.length === 1) return of("name", text);
    return parts.map((part) => (/[:/@]/.test(part) ? part : inside(part, also))).join("");
  };
  // A long number inside of something longer is an account or an id, and no amount.
  const inside = (part: string, also?: ReadonlyMap<string, string>) =>
    /^\d{6,}$/.test(part) ? of("name", part) : word(part, also);
  return {
    of,
    text: (text, also) =>
      text.replace(token, (found) => {
        const [, before = "", core = "", after = ""] = /^([-.:*~^]*)(.*?)([.:*]*)$/su.exec(found) ?? [];
        return core === "" ? found : `${before}${word(core, also)}${after}`;
      }),
  };
}

function isHarmless(text: string, vocabulary: ReadonlySet<string>): boolean {
  if (text.length <= 1 || amount.test(text) || moment.test(text)) return true;
  return vocabulary.has(text.toLowerCase());
}
