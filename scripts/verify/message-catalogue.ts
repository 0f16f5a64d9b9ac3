/** namespace → key → text */
export type Catalogue = Map<string, Map<string, string>>;

/** { run: { title: "…" } } → "run.title" → "…" */
export function flatten(value: unknown, prefix = ""): Map<string, string> {
  const flat = new Map<string, string>();
  if (typeof value !== "object" || value === null) return flat;
  for (const [key, inner] of Object.entries(value)) {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    if (typeof inner === "string") flat.set(path, inner);
    else for (const [deeper, text] of flatten(inner, path)) flat.set(deeper, text);
  }
  return flat;
}

/** The arguments and rich-text tags of an ICU message: {count, plural, …} → "{count}", <link> → "<link>". */
export function placeholders(message: string): Set<string> {
  const found = new Set<string>();
  for (const [, name] of message.matchAll(/<([a-zA-Z][\w-]*)\s*\/?>/g)) found.add(`<${name}>`);
  collectArguments(message, found);
  return found;
}

/** A brace opens an argument in text, and a text in the options of an argument: the two alternate. */
function collectArguments(text: string, found: Set<string>): void {
  for (const argument of bracedParts(text)) {
    const comma = argument.indexOf(",");
    const name = (comma < 0 ? argument : argument.slice(0, comma)).trim();
    if (/^\w+$/.test(name)) found.add(`{${name}}`);
    if (comma >= 0) for (const option of bracedParts(argument)) collectArguments(option, found);
  }
}

function bracedParts(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "{" && depth++ === 0) start = at + 1;
    else if (text[at] === "}" && depth > 0 && --depth === 0) parts.push(text.slice(start, at));
  }
  return parts;
}

function compareMessages(where: string, original: string, translated: string): string[] {
  const [expected, actual] = [placeholders(original), placeholders(translated)];
  const lost = [...expected].filter((name) => !actual.has(name));
  const extra = [...actual].filter((name) => !expected.has(name));
  const problems: string[] = [];
  if (lost.length > 0) problems.push(`${where} lacks ${lost.join(", ")}`);
  if (extra.length > 0) problems.push(`${where} has ${extra.join(", ")}, which the original has not`);
  if (translated.trim() === "") problems.push(`${where} is empty`);
  return problems;
}

/** How `other` departs from `original`, in sentences. */
export function differences(
  originalLocale: string,
  original: Catalogue,
  locale: string,
  other: Catalogue,
): string[] {
  const problems: string[] = [];
  for (const namespace of new Set([...original.keys(), ...other.keys()])) {
    const [from, to] = [original.get(namespace), other.get(namespace)];
    const file = (language: string) => `messages/${language}/${namespace}.json`;
    if (!from || !to) {
      problems.push(`${file(from ? locale : originalLocale)} is missing`);
      continue;
    }
    for (const [key, text] of from) {
      const translated = to.get(key);
      if (translated === undefined) problems.push(`${file(locale)} lacks "${key}"`);
      else problems.push(...compareMessages(`${file(locale)} "${key}"`, text, translated));
    }
    for (const key of to.keys()) if (!from.has(key)) problems.push(`${file(originalLocale)} lacks "${key}"`);
  }
  return problems;
}
