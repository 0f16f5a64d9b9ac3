/** Text that is markup already. Made by `html` alone, so that nothing else gets past its escaping. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Shown = Markup | string | number | null | undefined | false | readonly Shown[];

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** What turns the order of what is read around, or is not seen at all: spelt out instead. */
const hidden = /(?![\t\n\r])[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Escapes every value that is not markup itself. Values stand in text or in quoted attributes, and nowhere else. */
export function html(parts: TemplateStringsArray, ...values: Shown[]): Markup {
  return new Markup(parts.reduce((text, part, at) => text + show(values[at - 1]) + part));
}

function show(value: Shown): string {
  if (value === null || value === undefined || value === false) return "";
  if (value instanceof Markup) return value.text;
  if (typeof value === "object") return value.map(show).join("");
  return escaped(String(value));
}

function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(hidden, (character) => `[U+${codeOf(character)}]`)
    .replace(/[&<>"']/g, (character) => entities[character] ?? "");
}

function codeOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
}
