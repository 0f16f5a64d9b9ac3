import type { HttpExchange } from "./endpoint-requests.ts";

/** What a back end says it received: fields that hold an address, by their plain names. */
export type Echo = {
  status: number;
  /** the page without its query, which may hold secrets */
  url?: string;
  fields: { name: string; value: string }[];
};

/** "X-Forwarded-For", "x_forwarded_for" and "xForwardedFor" are one. */
const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

/** Names under which an echo tells whom it takes for the client. */
const client = new Set([
  ...["clientaddress", "clientaddr", "clientip", "remoteaddr", "remoteaddress", "remoteip", "realip", "ip"],
  ...["origin", "address", "peer", "body", "xrealip", "trueclientip", "xclientip", "cfconnectingip"],
  ...["xenvoyexternaladdress", "xclusterclientip"],
]);
/** Names of lists of addresses, each proxy adding one. */
const lists = new Set(["xforwardedfor", "forwarded", "xoriginalforwardedfor"]);

/** Of a page that echoes a request, the fields that tell of addresses and nothing else: others may be secrets. */
export function pickEcho([exchange]: HttpExchange[]): Echo | null {
  if (!exchange) return null;
  const fields = new Map<string, string>();
  const keep = (name: string, value: unknown) => {
    const key = plain(name);
    const text = (Array.isArray(value) ? value.join(", ") : String(value ?? "")).trim().slice(0, 300);
    if ((client.has(key) || lists.has(key)) && /[0-9a-f]*[.:][0-9a-f]/i.test(text)) fields.set(key, text);
  };
  const body = exchange.body.trim();
  if (body.length <= 60 && /^[0-9a-fA-F.:]+$/.test(body)) keep("body", body);
  const json = parsed(body);
  if (json === undefined)
    for (const line of body.split(/\r?\n|<br\s*\/?>/)) {
      const [, name, value] = /^\s*"?([A-Za-z][\w .-]{0,60}?)"?\s*[:=]\s*(.+?)\s*$/.exec(line) ?? [];
      if (name && value) keep(name, value.replaceAll(/^"|",?$/g, ""));
    }
  else walk(json, keep, 0);
  return {
    status: exchange.status,
    url: exchange.url.split(/[?#]/, 1)[0],
    fields: [...fields].map(([name, value]) => ({ name, value })),
  };
}

function parsed(text: string): unknown {
  try {
    return /^[[{]/.test(text) ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

function walk(value: unknown, keep: (name: string, value: unknown) => void, depth: number): void {
  if (typeof value !== "object" || value === null || depth > 4) return;
  for (const [name, inner] of Object.entries(value)) {
    const isList = Array.isArray(inner) && inner.every((one) => typeof one === "string");
    if (typeof inner === "string" || isList) keep(name, inner);
    else walk(inner, keep, depth + 1);
  }
}

export type Believed = { field: string; value: string; how: "address" | "alone" | "first" | "aside" };

/** Where a made-up address came out again. `alone`: nobody added the real one; `aside`: in the header that is for it. */
export function believed(echo: Echo, spoofed: string): Believed[] {
  return echo.fields.flatMap(({ name, value }): Believed[] => {
    const addresses = value.split(",").map((one) =>
      one
        .trim()
        .replace(/^for=/i, "")
        .replaceAll(/^"?\[?|\]?"?$/g, "")
        .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1"),
    );
    if (!addresses.includes(spoofed)) return [];
    if (client.has(name)) return addresses[0] === spoofed ? [{ field: name, value, how: "address" }] : [];
    if (name === "xoriginalforwardedfor") return [{ field: name, value, how: "aside" }];
    return [{ field: name, value, how: addresses.every((one) => one === spoofed) ? "alone" : "first" }];
  });
}
