import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PracticeCluster } from "../practice-cluster.ts";
import { type As, ask, type Reply } from "./client.ts";

const folder = join(import.meta.dirname, "../recordings");

/** One exchange with a real API server. */
type Recording = {
  shows: string;
  request: {
    method: string;
    path: string;
    query?: string;
    accept?: string;
    contentType?: string;
    body?: unknown;
  };
  status: number;
  headers: Record<string, string>;
  body: unknown;
};

function read<T>(file: string): T {
  return JSON.parse(readFileSync(join(folder, file), "utf8"));
}

const files = readdirSync(folder).filter((file) => /^\d/.test(file));
const recordings = new Map(files.map((file) => [file.slice(0, 3), read<Recording>(file)]));

/** Per kind, the path of every field that was set in a recorded object. */
export const shapes = read<Record<string, string[]>>("shapes.json");

export function recording(number: string): Recording {
  const found = recordings.get(number);
  if (!found) throw new Error(`There is no recording ${number}.`);
  return found;
}

export type Rename = (text: string) => string;

/** The recorded request, its names replaced, sent to the practice cluster. */
export function replay(
  cluster: PracticeCluster,
  number: string,
  as: As,
  rename: Rename = (text) => text,
): Promise<Reply> {
  const { request } = recording(number);
  const { body, contentType, accept } = request;
  const path = rename(request.path) + (request.query === undefined ? "" : `?${request.query}`);
  return ask(cluster, as, path, {
    method: request.method,
    headers: {
      ...(accept !== undefined && { Accept: accept }),
      ...(contentType !== undefined && { "Content-Type": contentType }),
    },
    ...(body !== undefined && {
      body: typeof body === "string" ? body : JSON.parse(rename(JSON.stringify(body))),
    }),
  });
}

/** Where status and headers are not the recorded ones. */
export function headDifferences(reply: Reply, { status, headers }: Recording): string[] {
  const differences = reply.status === status ? [] : [`status ${reply.status}, not ${status}`];
  for (const [name, value] of Object.entries(headers)) {
    const mine = reply.headers[name.toLowerCase()];
    const same = name === "Etag" ? /^"[0-9A-F]{128}"$/.test(String(mine)) : mine === value;
    if (!same) differences.push(`${name} ${mine}, not ${value}`);
  }
  return differences;
}

/** What is generated, or differs from cluster to cluster. */
const generated =
  /^(uid|resourceVersion|creationTimestamp|deletionTimestamp|continue|remainingItemCount|storageVersionHash|serverAddress|gitVersion|gitCommit|buildDate|authentication\.kubernetes\.io\/credential-id)$/;

export function masked(value: unknown): unknown {
  const text = JSON.stringify(value, (key, inner) => (generated.test(key) && inner !== null ? "…" : inner));
  return JSON.parse(text);
}

/** Every path of keys in a value; what lies below labels, limits and the like is left out. */
const maps =
  /^(labels|annotations|nodeSelector|limits|requests|capacity|allocatable|allocatedResources|matchLabels|data|selector|rollingUpdate)$/;

export function keyPaths(value: unknown, path = "", found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) keyPaths(item, `${path}[]`, found);
  else if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      const next = path === "" ? key : `${path}.${key}`;
      found.add(next);
      const flat =
        typeof inner === "object" &&
        inner !== null &&
        Object.values(inner).every((one) => typeof one !== "object");
      if (!(maps.test(key) && flat)) keyPaths(inner, next, found);
    }
  }
  return found;
}
