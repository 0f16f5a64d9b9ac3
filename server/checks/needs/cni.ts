import { z } from "zod";
import type { Finding } from "#common/result.ts";
import { host } from "./host.ts";
import { type HostStat, optional, type Unread } from "./need.ts";

/** What a node's container network keeps on disk. Parsers throw nothing: a broken file is a fact, too. */

export type CniConfig = {
  name: string;
  plugins: { type: string; portMappings: boolean; ipam: string | null }[];
} | null;

const pluginSchema = z.object({
  type: z.string().default(""),
  name: z.string().optional(),
  capabilities: z.object({ portMappings: z.boolean().optional() }).optional(),
  ipam: z.object({ type: z.string().optional() }).optional(),
});
const configSchema = pluginSchema.partial().extend({ plugins: z.array(pluginSchema).optional() });

/** A configuration (list) file: names and types only, no addresses and no credentials. Null where it is none. */
export function parseCniConfig(text: string): CniConfig {
  const parsed = configSchema.safeParse(json(text));
  if (!parsed.success) return null;
  const { name = "", plugins, ...single } = parsed.data;
  return {
    name,
    plugins: (plugins ?? [single]).map(({ type = "", capabilities, ipam }) => ({
      type,
      portMappings: capabilities?.portMappings === true,
      ipam: ipam?.type ?? null,
    })),
  };
}

export type CachedResult = {
  network: string;
  sandbox: string;
  interface: string;
  addresses: string[];
  hostPorts: { port: number; protocol: string }[];
} | null;

/** containerd writes HostPort and Protocol with capitals, Podman and CRI-O without. */
const mappingSchema = z
  .object({
    hostPort: z.number().optional(),
    HostPort: z.number().optional(),
    protocol: z.string().optional(),
    Protocol: z.string().optional(),
  })
  .transform((one) => ({
    port: one.hostPort ?? one.HostPort ?? 0,
    protocol: (one.protocol || one.Protocol || "tcp").toUpperCase(),
  }));

const cacheSchema = z.object({
  containerId: z.string(),
  ifName: z.string().default(""),
  networkName: z.string().default(""),
  capabilityArgs: z
    .object({
      portMappings: z.array(mappingSchema).nullish(),
    })
    .nullish(),
  result: z.object({ ips: z.array(z.object({ address: z.string() })).nullish() }).nullish(),
});

/** What libcni keeps about an attachment (/var/lib/cni/results) from ADD until DEL. */
export function parseCachedResult(text: string): CachedResult {
  const parsed = cacheSchema.safeParse(json(text));
  if (!parsed.success) return null;
  const { containerId, ifName, networkName, capabilityArgs, result } = parsed.data;
  return {
    network: networkName,
    sandbox: containerId,
    interface: ifName,
    addresses: (result?.ips ?? []).map(({ address }) => address.replace(/\/\d+$/, "")),
    hostPorts: (capabilityArgs?.portMappings ?? []).filter(({ port }) => port > 0),
  };
}

/** A host-local reservation: the sandbox it is for and, since version 0.8 of the plugins, its interface. */
export type Reservation = { sandbox: string; interface: string };

export function parseReservation(text: string): Reservation {
  const [sandbox = "", name = ""] = text.trim().split(/\r?\n/);
  return { sandbox: sandbox.trim(), interface: name.trim() };
}

const podsSchema = z.object({ items: z.array(z.object({ id: z.string() })).nullish() });

/** Ids of all sandboxes, also stopped ones; null where the runtime gave no answer. */
export function parseCrictlPods(output: { stdout: string; exitCode: number }): string[] | null {
  if (output.exitCode !== 0) return null;
  const parsed = podsSchema.safeParse(json(output.stdout));
  return parsed.success ? (parsed.data.items ?? []).map(({ id }) => id) : null;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Attachments that nobody could read: what they hold is not known, which is not the same as nothing. */
export function attachmentsMalformed(
  machine: string,
  attachments: { path: string; value: CachedResult }[],
): Finding[] {
  const broken = attachments.filter(({ value }) => value === null).map(({ path }) => path);
  if (broken.length === 0) return [];
  return [
    {
      verdict: "unknown",
      code: "attachments-malformed",
      subject: { kind: "host", name: machine },
      message: {
        en: `${broken.length} of ${attachments.length} files in libcni's cache could not be understood; the pods they belong to were not judged.`,
        "zh-CN": `libcni 缓存的 ${attachments.length} 个文件中有 ${broken.length} 个无法解析，对应的 Pod 没有判断。`,
      },
      observed: broken.slice(0, 5).join(", "),
    },
  ];
}

export type SandboxFacts = {
  runtimePods: string[] | null | Unread;
  sandboxFiles: { path: string; value: null }[] | Unread;
  containersStorage?: HostStat[] | Unread;
  nerdctl?: HostStat[] | Unread;
  crio?: HostStat[] | Unread;
};

/**
 * Which sandboxes exist: by the runtime's own client, or by the folders that containerd keeps one each for. Podman and
 * nerdctl attach containers to networks beside the runtime, which does not know of them; CRI-O's folders are Podman's.
 */
export const sandboxNeeds = {
  runtimePods: optional(host.command(["crictl", "pods", "-o", "json"], parseCrictlPods)),
  sandboxFiles: optional(
    host.glob("/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/*/hostname", () => null),
  ),
  containersStorage: optional(host.stats("/var/lib/containers/storage/*-containers/*")),
  nerdctl: optional(host.stats("/var/lib/nerdctl/*/containers/*/*")),
  crio: optional(host.stats("/run/crio/crio.sock", 1)),
};

/**
 * Null where no source could tell of pods: an empty folder may only be one that this user may not look into, and what
 * stands beside a runtime says nothing of the runtime's own, unless that is CRI-O.
 */
export function knownSandboxes(facts: SandboxFacts): Set<string> | null {
  const { runtimePods, sandboxFiles, containersStorage, nerdctl, crio } = facts;
  const folders = (fact: HostStat[] | Unread | undefined) =>
    (Array.isArray(fact) ? fact : [])
      .filter(({ kind }) => kind === "folder")
      .map(({ path }) => path.split("/"));
  const beside = [
    ...folders(containersStorage).map((parts) => parts.at(-1) ?? ""),
    // nerdctl calls a container of the namespace default "default-3f0c…" here.
    ...folders(nerdctl).map((parts) => parts.slice(-2).join("-")),
  ];
  if (Array.isArray(runtimePods)) return new Set([...runtimePods, ...beside]);
  const files = Array.isArray(sandboxFiles)
    ? sandboxFiles.map(({ path }) => path.split("/").at(-2) ?? "")
    : [];
  const isCrio = Array.isArray(crio) && crio.length > 0;
  const tellsOfPods = files.length > 0 || (isCrio && beside.length > 0);
  return tellsOfPods ? new Set([...files, ...beside]) : null;
}
