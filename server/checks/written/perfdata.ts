import type { Measurement } from "#common/result.ts";

/** A Nagios range: alert outside [start, end], or inside it with a leading @. */
export type Range = { start: number; end: number; inside: boolean };
export type Perf = {
  label: string;
  /** null where the plugin says U: it could not be determined */
  value: number | null;
  unit: string;
  warn?: Range;
  crit?: Range;
  min?: number;
  max?: number;
};

const mostValues = 500;
const number = "[-+]?(?:\\d+(?:[.,]\\d*)?|[.,]\\d+)(?:[eE][-+]?\\d+)?";
const valuePattern = new RegExp(`^(?:(${number})([a-zA-Z%/µ]*)|(U))$`);
const numberPattern = new RegExp(`^${number}$`);

/** The text and the performance data of a plugin's output: the first line, more text, and more data after a second |. */
export function splitOutput(stdout: string): { first: string; more: string; perf: Perf[] } {
  const lines = stdout.replace(/\r\n?/g, "\n").split("\n");
  const [first = "", firstPerf = ""] = atBar(lines[0] ?? "");
  const rest = lines.slice(1);
  const barAt = rest.findIndex((line) => line.includes("|"));
  const text = barAt < 0 ? rest : rest.slice(0, barAt);
  const [before = "", after = ""] = barAt < 0 ? [] : atBar(rest[barAt] ?? "");
  const data = barAt < 0 ? [] : [after, ...rest.slice(barAt + 1)];
  const more = [...text, ...(before ? [before] : [])].join("\n").trim();
  return {
    first: first.trim(),
    more,
    perf: [firstPerf, ...data].flatMap(parsePerfdata).slice(0, mostValues),
  };
}

function atBar(line: string): [string, string] {
  const at = line.indexOf("|");
  return at < 0 ? [line, ""] : [line.slice(0, at), line.slice(at + 1)];
}

/** 'label'=value[UOM];[warn];[crit];[min];[max], one after the other; what is not of that form is left out. */
export function parsePerfdata(text: string): Perf[] {
  const found: Perf[] = [];
  // A label in quotes may hold anything, with '' for a quote; without them neither space nor quote nor =.
  const entry = /(?:'((?:[^']|'')*)'|([^\s'=]+))=(\S*)/gy;
  let at = 0;
  while (at < text.length && found.length < mostValues) {
    at += /^\s*/.exec(text.slice(at, at + 1_000))?.[0].length ?? 0;
    entry.lastIndex = at;
    const match = entry.exec(text);
    if (match) {
      const perf = toPerf(match[1]?.replaceAll("''", "'") ?? match[2] ?? "", match[3] ?? "");
      if (perf) found.push(perf);
      at = entry.lastIndex;
    } else {
      const next = text.slice(at).search(/\s/);
      if (next < 0) break;
      at += Math.max(1, next);
    }
  }
  return found;
}

function toPerf(label: string, written: string): Perf | undefined {
  const [first = "", warn, crit, min, max] = written.split(";");
  const match = valuePattern.exec(first);
  if (!match || label === "") return undefined;
  return {
    label,
    value: match[3] ? null : toNumber(match[1] ?? ""),
    unit: match[2] ?? "",
    ...defined({ warn: parseRange(warn), crit: parseRange(crit), min: limit(min), max: limit(max) }),
  };
}

function defined<T extends Record<string, unknown>>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

function limit(text: string | undefined): number | undefined {
  return text && numberPattern.test(text) ? toNumber(text) : undefined;
}

function toNumber(text: string): number {
  return Number(text.replace(",", "."));
}

/** "10", "10:", "~:10", "10:20", "@10:20". */
export function parseRange(text: string | undefined): Range | undefined {
  if (!text) return undefined;
  const inside = text.startsWith("@");
  const parts = text.slice(inside ? 1 : 0).split(":");
  const [from, to] = parts.length === 1 ? ["0", parts[0]] : parts;
  if (parts.length > 2 || (parts.length === 1 && !to)) return undefined;
  const start = from === "~" ? Number.NEGATIVE_INFINITY : from === "" ? 0 : limit(from);
  const end = to === "" || to === undefined ? Number.POSITIVE_INFINITY : limit(to);
  return start === undefined || end === undefined || start > end ? undefined : { start, end, inside };
}

export function alerts(range: Range, value: number): boolean {
  const within = value >= range.start && value <= range.end;
  return range.inside ? within : !within;
}

/** Units of plugins in the words of measurements; what is sized is given in bytes, what takes time in its own unit. */
const units: Record<string, [unit: string, factor: number]> = {
  "": ["1", 1],
  "%": ["%", 1],
  s: ["s", 1],
  ms: ["ms", 1],
  us: ["us", 1],
  µs: ["us", 1],
  ns: ["ns", 1],
  c: ["{count}", 1],
  B: ["By", 1],
  KB: ["By", 1024],
  MB: ["By", 1024 ** 2],
  GB: ["By", 1024 ** 3],
  TB: ["By", 1024 ** 4],
  PB: ["By", 1024 ** 5],
  KiB: ["By", 1024],
  MiB: ["By", 1024 ** 2],
  GiB: ["By", 1024 ** 3],
  TiB: ["By", 1024 ** 4],
};

export function toMeasurements(perf: readonly Perf[]): Measurement[] {
  return perf.flatMap(({ label, value, unit }) => {
    if (value === null) return [];
    const [name, factor] = units[unit] ?? [unit.slice(0, 20), 1];
    return { name: label.slice(0, 120), value: value * factor, unit: name };
  });
}

export function rangeWords({ start, end, inside }: Range): string {
  const from = start === Number.NEGATIVE_INFINITY ? "-∞" : String(start);
  const to = end === Number.POSITIVE_INFINITY ? "∞" : String(end);
  return inside ? `outside ${from}…${to}` : `${from}…${to}`;
}
