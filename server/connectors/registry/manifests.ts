import { createHash, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { readError } from "../read-error.ts";
import { digestPattern } from "./reference.ts";

const indexTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];
const manifestTypes = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];
export const acceptManifests = [...indexTypes, ...manifestTypes].join(", ");

const digest = z.string().regex(digestPattern);
const size = z.number().int().nonnegative();
const descriptor = z.object({ digest, size, mediaType: z.string().max(200).default("") });
const word = z.string().max(100);

const indexSchema = z.object({
  mediaType: z.string().optional(),
  manifests: z.array(
    descriptor.extend({
      platform: z.object({ architecture: word, os: word, variant: word.optional() }).optional(),
      annotations: z.record(z.string(), z.string()).optional(),
    }),
  ),
});
const manifestSchema = z.object({ config: descriptor, layers: z.array(descriptor) });
const line = z.string().max(10_000);
const configSchema = z.object({
  created: z.string().max(100).optional(),
  architecture: word.default(""),
  os: word.default(""),
  variant: word.optional(),
  config: z
    .object({
      Entrypoint: z.array(line).nullish(),
      Cmd: z.array(line).nullish(),
      Env: z.array(z.string()).nullish(),
    })
    .nullish(),
});

export type Index = z.infer<typeof indexSchema>;
export type Manifest = z.infer<typeof manifestSchema>;
export type ImageConfig = z.infer<typeof configSchema>;

export type TopLevel = { index: Index } | { manifest: Manifest };

/** An index or a single manifest, by its media type or, where that is not told, by its shape. */
export function parseTopLevel(bytes: Buffer, contentType: string, what: string): TopLevel {
  const json = jsonOf(bytes, what);
  const type = mediaTypeOf(contentType, json);
  if (/distribution\.manifest\.v1\+(json|prettyjws)/.test(type) || isSchema1(json)) {
    const sentence =
      "the registry has it only as a schema 1 manifest, which engines no longer pull; push it again";
    throw readError("malformed", what, "schema1-manifest", sentence);
  }
  const isIndex = indexTypes.includes(type) || (!manifestTypes.includes(type) && hasKey(json, "manifests"));
  return isIndex
    ? { index: parseAs(indexSchema, json, what, "index") }
    : { manifest: parseAs(manifestSchema, json, what, "manifest") };
}

export function parseManifest(bytes: Buffer, what: string): Manifest {
  return parseAs(manifestSchema, jsonOf(bytes, what), what, "manifest");
}

export function parseConfig(bytes: Buffer, what: string): ImageConfig {
  return parseAs(configSchema, jsonOf(bytes, what), what, "config");
}

/** Whether bytes are what their digest says. */
export function matchesDigest(bytes: Buffer, expected: string): boolean {
  const [algorithm = "", hex = ""] = expected.split(":");
  if (!digestPattern.test(expected)) return false;
  return timingSafeEqual(createHash(algorithm).update(bytes).digest(), Buffer.from(hex, "hex"));
}

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

export function mediaTypeOf(contentType: string, json?: unknown): string {
  const given = contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (given.includes("vnd.")) return given;
  const own = hasKey(json, "mediaType") ? json.mediaType : undefined;
  return typeof own === "string" ? own.slice(0, 200) : given;
}

function isSchema1(json: unknown): boolean {
  return hasKey(json, "schemaVersion") && json.schemaVersion === 1;
}

function hasKey(json: unknown, key: string): json is Record<string, unknown> {
  return typeof json === "object" && json !== null && Object.hasOwn(json, key);
}

function jsonOf(bytes: Buffer, what: string): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    throw readError("malformed", what, "not-json", "the registry's answer is no JSON", error);
  }
}

function parseAs<S extends z.ZodType>(schema: S, json: unknown, what: string, name: string): z.output<S> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const at = parsed.error.issues[0]?.path.join(".") ?? "";
  throw readError("malformed", what, `bad-${name}`, `the ${name} is not what it should be (at "${at}")`);
}
