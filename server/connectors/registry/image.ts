import type { Reason } from "#common/result.ts";
import type { RegistryImage, RegistryStep } from "../../checks/needs/endpoint-requests.ts";
import type { Reading } from "../connector.ts";
import type { Exchange } from "../http/exchange.ts";
import { headerOf } from "../http/headers.ts";
import { readError } from "../read-error.ts";
import {
  acceptManifests,
  digestOf,
  type Manifest,
  matchesDigest,
  mediaTypeOf,
  parseConfig,
  parseManifest,
  parseTopLevel,
  type TopLevel,
} from "./manifests.ts";
import { digestPattern, type Reference } from "./reference.ts";
import { refused, type Session } from "./session.ts";

type Platform = RegistryImage["platforms"][number];
type Entry = { platform: string; manifestDigest: string; manifest: Manifest };
const maxPlatforms = 30;
const maxLayers = 500;

/** Everything a pull asks for, short of the layers' bytes. */
export async function readImage(
  session: Session,
  reference: Reference,
  asked: { reference: string; platform: string | undefined; what: string },
): Promise<Reading<RegistryImage>> {
  const { what } = asked;
  const missing: Reason[] = [];
  const ping = await session.ask({ step: "ping", method: "GET", path: "", maxBytes: 1 << 16 });
  if (![200, 401].includes(ping.answer.status)) throw refused(ping.answer.status, what, "ping");
  const top = await readTop(session, reference, what);
  const entries = await readEntries(session, { reference, top, platform: asked.platform, what, missing });
  const layers = await readLayers(session, { reference, entries, what, missing });
  const platforms: Platform[] = [];
  for (const entry of entries)
    platforms.push(await readPlatform(session, { reference, entry, layers, what }));
  const [single] = platforms;
  // A manifest without an index tells its platform only in its configuration.
  if (asked.platform && single && !isPlatform(single.platform, asked.platform)) {
    const sentence = `the image is for ${single.platform} alone`;
    throw readError("not-found", what, "no-such-platform", sentence);
  }
  return {
    value: {
      reference: asked.reference,
      registry: reference.base.host,
      repository: reference.repository,
      tag: reference.tag,
      digest: top.digest,
      mediaType: top.mediaType,
      steps: session.steps,
      platforms,
    },
    missing,
  };
}

type Top = { digest: string; mediaType: string; content: TopLevel };

/** HEAD tells which digest the tag has, GET by that digest what it is: what is read is what was meant. */
async function readTop(session: Session, reference: Reference, what: string): Promise<Top> {
  const wanted = reference.digest ?? reference.tag;
  const head = await session.ask({
    ...{ step: "head-tag", method: "HEAD", accept: acceptManifests },
    path: `${reference.repository}/manifests/${wanted}`,
  });
  // Some proxies serve no HEAD; then the tag's own answer has to do.
  if (![200, 405, 501].includes(head.answer.status)) throw refused(head.answer.status, what, "head-tag");
  const told = headerOf(head.answer.headers, "docker-content-digest") ?? "";
  const expected = reference.digest ?? (digestPattern.test(told) ? told : undefined);
  const got = await session.ask({
    ...{ step: "index", method: "GET", accept: acceptManifests },
    path: `${reference.repository}/manifests/${expected ?? wanted}`,
  });
  if (got.answer.status !== 200) throw refused(got.answer.status, what, "index");
  verify(got.answer, got.step, { expected, what });
  const contentType = headerOf(got.answer.headers, "content-type") ?? "";
  const content = parseTopLevel(got.answer.kept, contentType, what);
  if ("manifest" in content) got.step.step = "manifest";
  return { digest: expected ?? digestOf(got.answer.kept), mediaType: mediaTypeOf(contentType), content };
}

type Place = { reference: Reference; what: string };

async function readEntries(
  session: Session,
  at: Place & { top: Top; platform: string | undefined; missing: Reason[] },
): Promise<Entry[]> {
  const { top, platform: wanted, reference, what } = at;
  if ("manifest" in top.content) {
    return [{ platform: "", manifestDigest: top.digest, manifest: top.content.manifest }];
  }
  const entries: Entry[] = [];
  // An index also lists attestations, for a platform that is none.
  const images = top.content.index.manifests
    .map((each) => ({ ...each, name: platformName(each.platform) }))
    .filter(({ name }) => !name.startsWith("unknown/") && (wanted === undefined || isPlatform(name, wanted)));
  if (images.length === 0) {
    const sentence = wanted ? `the index has no image for ${wanted}` : "the index lists no image";
    throw readError("not-found", what, "no-such-platform", sentence);
  }
  for (const { digest, name } of images.slice(0, maxPlatforms)) {
    const path = `${reference.repository}/manifests/${digest}`;
    const got = await session.ask({ step: "manifest", method: "GET", path, accept: acceptManifests });
    if (got.answer.status !== 200) throw refused(got.answer.status, what, `manifest of ${name}`);
    verify(got.answer, got.step, { expected: digest, what });
    entries.push({ platform: name, manifestDigest: digest, manifest: parseManifest(got.answer.kept, what) });
  }
  if (images.length > maxPlatforms)
    at.missing.push(cut(what, `platforms, ${maxPlatforms} of ${images.length} read`));
  return entries;
}

/** Platforms share layers: each is asked for once. */
async function readLayers(
  session: Session,
  at: Place & { entries: Entry[]; missing: Reason[] },
): Promise<Map<string, boolean>> {
  const present = new Map<string, boolean>();
  const all = new Map(
    at.entries.flatMap(({ manifest }) => manifest.layers.map((layer) => [layer.digest, layer])),
  );
  for (const { digest, mediaType } of [...all.values()].slice(0, maxLayers)) {
    // By their licence such layers lie with their maker; a registry need not have them.
    if (/foreign|nondistributable/.test(mediaType)) present.set(digest, true);
    else present.set(digest, await hasLayer(session, at, digest));
  }
  if (all.size > maxLayers) at.missing.push(cut(at.what, `layers, ${maxLayers} of ${all.size} asked for`));
  return present;
}

async function hasLayer(session: Session, { reference, what }: Place, digest: string): Promise<boolean> {
  const path = `${reference.repository}/blobs/${digest}`;
  const { answer, redirected } = await session.ask({ step: "layer", method: "HEAD", path });
  if (answer.status === 200) return true;
  // Some storage signs its addresses for GET alone; that the registry leads there says that it has the layer.
  if (redirected && [403, 405, 501].includes(answer.status)) return true;
  if (answer.status === 404) return false;
  throw refused(answer.status, what, "layer");
}

async function readPlatform(
  session: Session,
  at: Place & { entry: Entry; layers: Map<string, boolean> },
): Promise<Platform> {
  const { entry, reference, what } = at;
  const { digest, size } = entry.manifest.config;
  const path = `${reference.repository}/blobs/${digest}`;
  const got = await session.ask({ step: "config", method: "GET", path });
  if (got.answer.status !== 200) throw refused(got.answer.status, what, "config");
  verify(got.answer, got.step, { expected: digest, what });
  const { created, config, ...image } = parseConfig(got.answer.kept, what);
  const layers = entry.manifest.layers.map((layer) => ({
    digest: layer.digest,
    bytes: layer.size,
    present: at.layers.get(layer.digest) ?? false,
  }));
  return {
    platform:
      entry.platform ||
      platformName({ architecture: image.architecture, os: image.os, variant: image.variant }),
    manifestDigest: entry.manifestDigest,
    configDigest: digest,
    createdAt: created ?? null,
    entrypoint: config?.Entrypoint ?? [],
    command: config?.Cmd ?? [],
    env: (config?.Env ?? []).slice(0, 500).map((pair) => {
      const [name = ""] = pair.split("=", 1);
      return { name: name.slice(0, 200), empty: pair.length <= name.length + 1 };
    }),
    layers,
    bytes: layers.reduce((sum, { bytes }) => sum + bytes, size),
  };
}

function verify(
  answer: Exchange,
  step: RegistryStep,
  at: { expected: string | undefined; what: string },
): void {
  if (answer.truncated) {
    throw readError(
      "truncated",
      at.what,
      "answer-too-large",
      "a manifest or configuration is larger than 4 MiB",
    );
  }
  if (at.expected) step.digest = { expected: at.expected, matches: matchesDigest(answer.kept, at.expected) };
}

function platformName(platform: { os: string; architecture: string; variant?: string } | undefined): string {
  if (!platform) return "unknown/unknown";
  return [platform.os, platform.architecture, ...(platform.variant ? [platform.variant] : [])].join("/");
}

/** "linux/arm64" is also linux/arm64/v8. */
function isPlatform(name: string, wanted: string): boolean {
  return name === wanted || name.startsWith(`${wanted}/`);
}

function cut(what: string, detail: string): Reason {
  return { code: "truncated", what, detail };
}
