export type Labels = Record<string, string>;
export type Sample = { labels: Labels; value: number };
/** How many observations were at most as large as each bound, and their sum; the last count is of all. */
export type Histogram = { labels: Labels; counts: number[]; sum: number };

type Described = {
  /** without the suffix of a counter or a histogram; ends with the unit where there is one */
  name: string;
  help: string;
  unit?: "seconds" | "bytes";
};
/** A family of series. Its names and labels are ours but for the values of labels, which come from the database. */
export type Metric = Described &
  (
    | { type: "gauge" | "counter"; samples: Sample[] }
    | { type: "histogram"; bounds: number[]; series: Histogram[] }
  );

export type Format = "openmetrics" | "prometheus";
export const contentTypes: Record<Format, string> = {
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
  prometheus: "text/plain; version=0.0.4; charset=utf-8",
};

/** The text that Prometheus reads: OpenMetrics 1.0, or for older readers its own format of before. */
export function exposition(metrics: readonly Metric[], format: Format): string {
  const families = metrics.map((metric) => familyText(metric, format)).join("");
  return format === "openmetrics" ? `${families}# EOF\n` : families;
}

function familyText(metric: Metric, format: Format): string {
  const { name, type, unit } = metric;
  // A counter is named with its suffix by the older format, and without by the newer; its samples have it in both.
  const family = type === "counter" && format === "prometheus" ? `${name}_total` : name;
  const lines = [
    `# HELP ${family} ${escaped(metric.help, format === "openmetrics")}`,
    `# TYPE ${family} ${type}`,
    ...(unit && format === "openmetrics" ? [`# UNIT ${family} ${unit}`] : []),
    ...(metric.type === "histogram"
      ? metric.series.flatMap((series) => histogramLines(name, metric.bounds, series))
      : metric.samples.map(({ labels, value }) =>
          line(type === "counter" ? `${name}_total` : name, labels, value),
        )),
  ];
  return lines.map((text) => `${text}\n`).join("");
}

function histogramLines(
  name: string,
  bounds: readonly number[],
  { labels, counts, sum }: Histogram,
): string[] {
  const buckets = [...bounds, Number.POSITIVE_INFINITY].map((bound, index) =>
    line(`${name}_bucket`, { ...labels, le: boundText(bound) }, counts[index] ?? 0),
  );
  return [...buckets, line(`${name}_sum`, labels, sum), line(`${name}_count`, labels, counts.at(-1) ?? 0)];
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text, true)}"`);
  return `${name}${pairs.length > 0 ? `{${pairs.join(",")}}` : ""} ${numberText(value)}`;
}

/** What follows a backslash is read as an escape, and a line break ends a line. */
function escaped(text: string, quotes: boolean): string {
  const safe = text.toWellFormed().replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return quotes ? safe.replaceAll('"', '\\"') : safe;
}

function boundText(bound: number): string {
  return Number.isInteger(bound) ? `${bound}.0` : numberText(bound);
}

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  return String(value);
}
