import { createHash } from "node:crypto";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Service, startService } from "./service-process.ts";

/** "me" with the password "correct-horse-battery", as htpasswd writes it. */
const htpasswd = "me:$2b$05$abcdefghijklmnopqrstuuSnF5tLPqPFqc0z9CY0HcSLFbSRlL67u\n";

export type RegistryAuth =
  | { type: "basic" }
  | { type: "token"; realm: string; service: string; issuer: string; rootPem: string };

export type DockerRegistry = Service & { storage: string };

/** A real registry (Debian's docker-registry) over plain http on loopback; `storage` may be another one's. */
export async function startDockerRegistry(
  options: { storage?: string; auth?: RegistryAuth } = {},
): Promise<DockerRegistry> {
  let storage = options.storage ?? "";
  const service = await startService("docker-registry", async ({ folder, port }) => {
    await chmod(folder, 0o755);
    storage ||= join(folder, "storage");
    await mkdir(storage, { recursive: true });
    const configuration = {
      version: 0.1,
      log: { level: "error", accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: storage } },
      http: { addr: `127.0.0.1:${port}`, secret: "for tests" },
      ...(await authOf(options.auth, folder)),
    };
    // JSON is YAML.
    await writeFile(join(folder, "config.yml"), JSON.stringify(configuration));
    return { command: "docker-registry", args: ["serve", join(folder, "config.yml")] };
  });
  return { ...service, storage };
}

async function authOf(auth: RegistryAuth | undefined, folder: string): Promise<object> {
  if (!auth) return {};
  if (auth.type === "basic") {
    await writeFile(join(folder, "htpasswd"), htpasswd);
    return { auth: { htpasswd: { realm: "test", path: join(folder, "htpasswd") } } };
  }
  const { realm, service, issuer, rootPem } = auth;
  await writeFile(join(folder, "root.pem"), rootPem);
  return { auth: { token: { realm, service, issuer, rootcertbundle: join(folder, "root.pem") } } };
}

export type Descriptor = { mediaType: string; digest: string; size: number };
export type PushedImage = { index: Descriptor; manifests: (Descriptor & { platform: object })[] };

/** Builds an image of each platform, all on one shared layer, and pushes them with their index. */
export async function pushImage(
  registry: { port: number },
  image: {
    repository: string;
    tag: string;
    platforms: string[];
    env?: string[] | ((platform: string) => string[]);
    flavour?: "oci" | "docker";
  },
): Promise<PushedImage> {
  const base = `http://127.0.0.1:${registry.port}/v2/${image.repository}`;
  const types = image.flavour === "docker" ? dockerTypes : ociTypes;
  const shared = await pushBlob(base, Buffer.alloc(50_000, "shared"), types.layer);
  const { env = ["PATH=/bin"] } = image;
  const envOf = (platform: string) => (typeof env === "function" ? env(platform) : env);
  const manifests: PushedImage["manifests"] = [];
  for (const platform of image.platforms) {
    const [os = "", architecture = "", variant] = platform.split("/");
    const config = {
      created: "2021-05-17T11:53:29Z",
      ...{ os, architecture, variant },
      config: { Entrypoint: ["/app"], Cmd: ["serve"], Env: envOf(platform) },
      rootfs: { type: "layers", diff_ids: [] },
    };
    const manifest = {
      schemaVersion: 2 as const,
      mediaType: types.manifest,
      config: await pushBlob(base, Buffer.from(JSON.stringify(config)), types.config),
      layers: [shared, await pushBlob(base, Buffer.alloc(20_000, platform), types.layer)],
    };
    const pushed = await pushManifest(base, undefined, manifest);
    manifests.push({ ...pushed, platform: { os, architecture, ...(variant ? { variant } : {}) } });
  }
  const index = await pushManifest(base, image.tag, { schemaVersion: 2, mediaType: types.index, manifests });
  return { index, manifests };
}

const ociTypes = {
  index: "application/vnd.oci.image.index.v1+json",
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar+gzip",
};
const dockerTypes = {
  index: "application/vnd.docker.distribution.manifest.list.v2+json",
  manifest: "application/vnd.docker.distribution.manifest.v2+json",
  config: "application/vnd.docker.container.image.v1+json",
  layer: "application/vnd.docker.image.rootfs.diff.tar.gzip",
};

async function pushBlob(base: string, bytes: Buffer<ArrayBuffer>, mediaType: string): Promise<Descriptor> {
  const digest = digestOf(bytes);
  const begun = await fetch(`${base}/blobs/uploads/`, { method: "POST" });
  const location = new URL(begun.headers.get("location") ?? "", base);
  location.searchParams.set("digest", digest);
  const headers = { "content-type": "application/octet-stream" };
  const done = await fetch(location, { method: "PUT", body: bytes, headers });
  if (done.status !== 201) throw new Error(`blob: ${done.status} ${await done.text()}`);
  return { mediaType, digest, size: bytes.length };
}

async function pushManifest(
  base: string,
  tag: string | undefined,
  content: { schemaVersion: 2; mediaType: string; [field: string]: unknown },
): Promise<Descriptor> {
  const bytes = Buffer.from(JSON.stringify(content));
  const digest = digestOf(bytes);
  const headers = { "content-type": content.mediaType };
  const done = await fetch(`${base}/manifests/${tag ?? digest}`, { method: "PUT", body: bytes, headers });
  if (done.status !== 201) throw new Error(`manifest: ${done.status} ${await done.text()}`);
  return { mediaType: content.mediaType, digest, size: bytes.length };
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
