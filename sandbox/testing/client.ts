import { request } from "node:https";
import { gunzipSync } from "node:zlib";
import { parse } from "yaml";
import type { PracticeCluster } from "../practice-cluster.ts";

export type As = keyof PracticeCluster["kubeconfig"] | "anonymous" | { token: string };

export type Reply = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** the body as JSON; undefined where it is none */
  body: unknown;
  wireBytes: number;
};

export type Ask = {
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
};

type KubeconfigUser = {
  token?: string;
  "client-certificate-data"?: string;
  "client-key-data"?: string;
};

const decoded = (base64: string | undefined) => base64 && Buffer.from(base64, "base64").toString();

function credentialOf(cluster: PracticeCluster, as: As): KubeconfigUser {
  if (as === "anonymous") return {};
  if (typeof as === "object") return as;
  const config = parse(cluster.kubeconfig[as]) as { users: { user: KubeconfigUser }[] };
  return config.users[0]?.user ?? {};
}

/** One request as a client with that kubeconfig would send it, the server's certificate checked against its CA. */
export function ask(cluster: PracticeCluster, as: As, path: string, options: Ask = {}): Promise<Reply> {
  const user = credentialOf(cluster, as);
  const { body } = options;
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      new URL(path, cluster.url),
      {
        method: options.method ?? "GET",
        ca: cluster.caPem,
        agent: false,
        cert: decoded(user["client-certificate-data"]),
        key: decoded(user["client-key-data"]),
        headers: {
          ...(user.token && { Authorization: `Bearer ${user.token}` }),
          ...(text !== undefined && {
            "Content-Type": "application/json",
            "Content-Length": String(Buffer.byteLength(text)),
          }),
          ...options.headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => resolve(replyOf(response.statusCode ?? 0, response.headers, chunks)));
      },
    );
    sent.on("error", reject);
    sent.end(text);
  });
}

function replyOf(status: number, headers: Reply["headers"], chunks: Buffer[]): Reply {
  const wire = Buffer.concat(chunks);
  const text = (headers["content-encoding"] === "gzip" ? gunzipSync(wire) : wire).toString();
  return { status, headers, text, body: jsonOf(text), wireBytes: wire.length };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export type List = {
  kind: string;
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
  items: Item[];
};
type Item = {
  metadata: {
    name: string;
    namespace: string;
    uid: string;
    resourceVersion: string;
    labels?: Record<string, string>;
  };
  [field: string]: unknown;
};

export async function getList(cluster: PracticeCluster, as: As, path: string): Promise<List> {
  const { body, status, text } = await ask(cluster, as, path);
  if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
  return body as List;
}

/** Every page of a list. */
export async function walk(cluster: PracticeCluster, as: As, path: string): Promise<List[]> {
  const pages: List[] = [];
  let token: string | undefined;
  do {
    const url = new URL(path, "https://practice");
    if (token !== undefined) url.searchParams.set("continue", token);
    const page = await getList(cluster, as, url.pathname + url.search);
    pages.push(page);
    token = page.metadata.continue;
  } while (token !== undefined);
  return pages;
}
