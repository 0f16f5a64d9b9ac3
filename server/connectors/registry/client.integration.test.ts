import { createHash, createPrivateKey, randomUUID, sign, X509Certificate } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { RegistryImage, RegistryRequest } from "#server/checks/needs/endpoint-requests.ts";
import { createDialler } from "#server/connectors/dialler.ts";
import { createCertificateAuthority, type IssuedCertificate } from "#testing/certificates.ts";
import {
  type DockerRegistry,
  type PushedImage,
  pushImage,
  startDockerRegistry,
} from "#testing/docker-registry.ts";
import { countingContext, readFailureOf } from "#testing/read-context.ts";
import { type ScriptedHttp, scriptedHttp } from "#testing/scripted-http.ts";
import { createRegistryConnector, type OwnRegistry, type RegistryConnectorOptions } from "./client.ts";

const password = "correct-horse-battery";
const platforms = ["linux/amd64", "linux/arm64/v8", "linux/s390x"];
let registry: DockerRegistry;
let oci: PushedImage;
let docker: PushedImage;
let rootPem: string;
let signer: IssuedCertificate;
beforeAll(async () => {
  const authority = await createCertificateAuthority();
  rootPem = authority.certPem;
  signer = await authority.issue({ names: ["a.test", "b.test"] });
  registry = await startDockerRegistry();
  const env = ["PATH=/bin", "EMPTY=", "API_TOKEN=s3cr3t-value"];
  oci = await pushImage(registry, { repository: "team/app", tag: "1.2", platforms, env });
  docker = await pushImage(registry, { repository: "app", tag: "latest", platforms, flavour: "docker" });
});
afterAll(() => registry?.stop());

const loopback = { allowedRanges: ["127.0.0.0/8"], forbidden: [] };
const resolve = async () => ["127.0.0.1"];
const connector = (own?: OwnRegistry, options: Partial<RegistryConnectorOptions> = {}) =>
  createRegistryConnector({ dialler: createDialler({ ...loopback, resolve }), own, ...options });
const asked = (reference: string, platform?: string): RegistryRequest => ({
  type: "registry.image",
  reference,
  platform,
});
async function pull(reference: string, own?: OwnRegistry, platform?: string): Promise<RegistryImage> {
  return (await connector(own).read(asked(reference, platform), countingContext())).value;
}
const failure = (reference: string, own?: OwnRegistry, platform?: string, options = {}) =>
  readFailureOf(connector(own, options).read(asked(reference, platform), countingContext()));
const at = (server: { port: number }, host = "127.0.0.1") => ({ baseUrl: `http://${host}:${server.port}` });
const stepsOf = (image: RegistryImage) => image.steps.map(({ step, status }) => `${step} ${status}`);

describe("a real registry", () => {
  test("every step of a pull, with its digests, for every platform", async () => {
    const image = await pull(`127.0.0.1:${registry.port}/team/app:1.2`);
    expect(image).toMatchObject({
      ...{ registry: `127.0.0.1:${registry.port}`, repository: "team/app", tag: "1.2" },
      ...{ digest: oci.index.digest, mediaType: oci.index.mediaType },
    });
    expect(image.platforms.map(({ platform, manifestDigest }) => [platform, manifestDigest])).toEqual(
      platforms.map((platform, index) => [platform, oci.manifests[index]?.digest]),
    );
    expect(stepsOf(image)).toEqual([
      ...["ping 200", "head-tag 200", "index 200", ...Array(3).fill("manifest 200")],
      // The shared layer is asked for once.
      ...[...Array(4).fill("layer 200"), ...Array(3).fill("config 200")],
    ]);
    const digests = image.steps.flatMap(({ digest }) => digest?.matches ?? []);
    expect(digests).toEqual(Array(7).fill(true));
    for (const { bytes, ms, url } of image.steps.slice(1)) {
      expect(bytes).toBeGreaterThan(0);
      expect(ms).toBeGreaterThan(0);
      expect(url).toContain("/v2/team/app/");
    }
    const [first] = image.platforms;
    expect(first).toMatchObject({
      createdAt: "2021-05-17T11:53:29Z",
      entrypoint: ["/app"],
      command: ["serve"],
    });
    expect(first?.layers.map(({ bytes, present }) => [bytes, present])).toEqual([
      [50_000, true],
      [20_000, true],
    ]);
    expect(first?.bytes).toBeGreaterThan(70_000);
  });

  test("the values of environment variables are left behind", async () => {
    const image = await pull(`127.0.0.1:${registry.port}/team/app:1.2`);
    expect(image.platforms[0]?.env).toEqual([
      { name: "PATH", empty: false },
      { name: "EMPTY", empty: true },
      { name: "API_TOKEN", empty: false },
    ]);
    expect(JSON.stringify(image)).not.toContain("s3cr3t");
  });

  test("one platform, Docker's media types, the registered registry and the tag latest", async () => {
    const image = await pull("app", at(registry), "linux/arm64");
    expect(image).toMatchObject({
      tag: "latest",
      digest: docker.index.digest,
      mediaType: docker.index.mediaType,
    });
    expect(image.platforms.map(({ platform }) => platform)).toEqual(["linux/arm64/v8"]);
  });

  test("by digest, of the index or of one manifest", async () => {
    const whole = await pull(`team/app@${oci.index.digest}`, at(registry));
    expect(whole).toMatchObject({ tag: "", digest: oci.index.digest });
    const single = await pull(`team/app:1.2@${oci.manifests[1]?.digest}`, at(registry));
    expect(single.platforms.map(({ platform }) => platform)).toEqual(["linux/arm64/v8"]);
  });

  test("what is not there", async () => {
    expect(await failure("team/app:9", at(registry))).toBe("not-found/no-such-image");
    expect(await failure("nobody/nothing:1", at(registry))).toBe("not-found/no-such-image");
    expect(await failure("team/app:1.2", at(registry), "windows/amd64")).toBe("not-found/no-such-platform");
  });

  test("with a user and a password", async () => {
    const secured = await startDockerRegistry({ storage: registry.storage, auth: { type: "basic" } });
    try {
      const own = { ...at(secured), username: "me", password };
      expect((await pull("team/app:1.2", own)).platforms).toHaveLength(3);
      expect(await failure("team/app:1.2", at(secured))).toBe("unauthorized/credential-refused");
      expect(await failure("team/app:1.2", { ...own, password: "wrong" })).toBe(
        "unauthorized/credential-refused",
      );
    } finally {
      await secured.stop();
    }
  });

  test("with tokens: the credential goes to the token server alone, the token to the registry alone", async () => {
    await using tokens = await scriptedHttp(handOutTokens);
    const auth = {
      type: "token",
      ...{ service: "test-registry", issuer: "test", rootPem },
      realm: `http://127.0.0.1:${tokens.port}/token`,
    } as const;
    const secured = await startDockerRegistry({ storage: registry.storage, auth });
    try {
      const image = await pull("team/app:1.2", { ...at(secured), username: "me", password });
      expect(stepsOf(image).slice(0, 4)).toEqual(["ping 401", "token 200", "ping 200", "head-tag 200"]);
      expect(image.platforms).toHaveLength(3);
      expect(tokens.requests).toHaveLength(1);
      const query = new URL(tokens.requests[0]?.url ?? "", "http://x").searchParams;
      expect([query.get("service"), query.get("scope")]).toEqual([
        "test-registry",
        "repository:team/app:pull",
      ]);
      expect(JSON.stringify(image)).not.toContain("eyJ");
      expect(await failure("team/app:1.2", { ...at(secured), username: "me", password: "no" })).toBe(
        "unauthorized/credential-refused",
      );
    } finally {
      await secured.stop();
    }
  });
});

/** A token server for the registry above: JSON web tokens signed with a certificate it knows. */
const handOutTokens: RequestListener = (request, response) => {
  const expected = `Basic ${Buffer.from(`me:${password}`).toString("base64")}`;
  if (request.headers.authorization !== expected) return response.writeHead(401).end();
  const scope = new URL(request.url ?? "", "http://x").searchParams.get("scope") ?? "";
  const [type, name, actions = ""] = scope.split(":");
  const now = Math.floor(Date.now() / 1000);
  const header = {
    typ: "JWT",
    alg: "ES256",
    x5c: [new X509Certificate(signer.certPem).raw.toString("base64")],
  };
  const claims = {
    ...{
      iss: "test",
      sub: "me",
      aud: "test-registry",
      exp: now + 60,
      nbf: now - 60,
      iat: now,
      jti: randomUUID(),
    },
    access: [{ type, name, actions: actions.split(",") }],
  };
  const encoded = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  const key = createPrivateKey(signer.keyPem);
  const signature = sign("sha256", Buffer.from(encoded), { key, dsaEncoding: "ieee-p1363" });
  response.setHeader("content-type", "application/json");
  return response.end(JSON.stringify({ token: `${encoded}.${signature.toString("base64url")}` }));
};

const sha256 = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;
const ociManifest = "application/vnd.oci.image.manifest.v1+json";
const config = JSON.stringify({ os: "linux", architecture: "amd64", config: {} });
const layer = sha256("layer");
const manifest = JSON.stringify({
  schemaVersion: 2,
  mediaType: ociManifest,
  config: {
    mediaType: "application/vnd.oci.image.config.v1+json",
    digest: sha256(config),
    size: config.length,
  },
  layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: layer, size: 5 }],
});

type Answers = Record<string, (request: IncomingMessage, response: ServerResponse) => unknown>;
/** A registry of one image, "app:1", of which a test changes what it wants. */
function scriptedRegistry(
  changed: Answers = {},
  options: Parameters<typeof scriptedHttp>[1] = {},
): Promise<ScriptedHttp> {
  const send =
    (body: string, headers: Record<string, string> = {}) =>
    (_request: IncomingMessage, response: ServerResponse) =>
      response.writeHead(200, { "content-length": body.length, ...headers }).end(body);
  const manifestHeaders = { "content-type": ociManifest, "docker-content-digest": sha256(manifest) };
  const answers: Answers = {
    "/v2/": send("{}"),
    "/v2/app/manifests/1": send(manifest, manifestHeaders),
    [`/v2/app/manifests/${sha256(manifest)}`]: send(manifest, manifestHeaders),
    [`/v2/app/blobs/${sha256(config)}`]: send(config),
    [`/v2/app/blobs/${layer}`]: send("layer"),
    ...changed,
  };
  return scriptedHttp((request, response) => {
    const answer = answers[request.url?.split("?")[0] ?? ""];
    if (answer) answer(request, response);
    else response.writeHead(404).end();
  }, options);
}
const redirect = (location: string) => (_request: IncomingMessage, response: ServerResponse) =>
  response.writeHead(307, { location }).end();
const status = (code: number) => (_request: IncomingMessage, response: ServerResponse) =>
  response.writeHead(code).end();
const challenge = (realm: string) => (request: IncomingMessage, response: ServerResponse) => {
  if (request.headers.authorization === "Bearer good") return response.writeHead(200).end();
  return response.writeHead(401, { "www-authenticate": `Bearer realm="${realm}",service="s"` }).end();
};
const giveToken: RequestListener = (_request, response) => response.end('{"token":"good"}');

describe("registries that mislead", () => {
  test("a single manifest without an index is an image of one platform", async () => {
    await using server = await scriptedRegistry();
    const image = await pull("app:1", at(server));
    expect(image.platforms.map(({ platform, bytes }) => [platform, bytes])).toEqual([
      ["linux/amd64", config.length + 5],
    ]);
    expect(stepsOf(image)).toEqual(["ping 200", "head-tag 200", "manifest 200", "layer 200", "config 200"]);
    expect(await failure("app:1", at(server), "linux/arm64")).toBe("not-found/no-such-platform");
  });

  test("a digest that the bytes do not have is told, of manifest and configuration", async () => {
    const send = (body: string) => (_request: IncomingMessage, response: ServerResponse) =>
      response.writeHead(200, { "content-type": ociManifest }).end(body);
    await using server = await scriptedRegistry({
      [`/v2/app/manifests/${sha256(manifest)}`]: send(`${manifest} `),
      [`/v2/app/blobs/${sha256(config)}`]: send(`${config} `),
    });
    const image = await pull("app:1", at(server));
    const wrong = image.steps.flatMap(({ step, digest }) => (digest?.matches === false ? [step] : []));
    expect(wrong).toEqual(["manifest", "config"]);
  });

  test("a layer that is missing is told, one that cannot be asked for is an error", async () => {
    await using without = await scriptedRegistry({ [`/v2/app/blobs/${layer}`]: status(404) });
    expect((await pull("app:1", at(without))).platforms[0]?.layers[0]?.present).toBe(false);
    await using broken = await scriptedRegistry({ [`/v2/app/blobs/${layer}`]: status(500) });
    expect(await failure("app:1", at(broken))).toBe("server-error/registry-status");
  });

  test.each([
    [429, "throttled/too-many-requests"],
    [403, "forbidden/pull-forbidden"],
    [500, "server-error/registry-status"],
  ])("status %d", async (code, expected) => {
    await using server = await scriptedRegistry({ "/v2/app/manifests/1": status(code) });
    expect(await failure("app:1", at(server))).toBe(expected);
  });

  test.each([
    [
      "schema 1",
      '{"schemaVersion":1,"name":"app"}',
      "application/vnd.docker.distribution.manifest.v1+prettyjws",
      "malformed/schema1-manifest",
    ],
    [
      "schema 1 without its type",
      '{"schemaVersion":1,"name":"app"}',
      "application/json",
      "malformed/schema1-manifest",
    ],
    ["a page", "<html>", "text/html", "malformed/not-json"],
    ["half a manifest", '{"schemaVersion":2,"layers":[]}', ociManifest, "malformed/bad-manifest"],
    [
      "a path for a digest",
      '{"schemaVersion":2,"config":{"digest":"../../x","size":1},"layers":[]}',
      ociManifest,
      "malformed/bad-manifest",
    ],
    ["five megabytes", `{"a":"${"x".repeat(5 << 20)}"}`, ociManifest, "truncated/answer-too-large"],
  ])("%s for a manifest is refused", async (_name, body, type, expected) => {
    const send = (_request: IncomingMessage, response: ServerResponse) =>
      response.writeHead(200, { "content-type": type }).end(body);
    await using server = await scriptedRegistry({ "/v2/app/manifests/1": send });
    expect(await failure("app:1", at(server))).toBe(expected);
  });

  test("an answer that never ends is waited for no longer than the limit", async () => {
    await using server = await scriptedRegistry({ "/v2/app/manifests/1": () => undefined });
    expect(await failure("app:1", at(server), undefined, { requestTimeoutMs: 50 })).toBe(
      "timed-out/request-timeout",
    );
  });
});

describe("blobs that lie elsewhere", () => {
  const blob = `/v2/app/blobs/${layer}`;

  test("are followed without the credential, and without their signature in the record", async () => {
    await using storage = await scriptedHttp((_request, response) => response.end("layer"));
    const expected = `Basic ${Buffer.from(`me:${password}`).toString("base64")}`;
    await using server = await scriptedRegistry({
      "/v2/": (request, response) =>
        request.headers.authorization === expected
          ? response.end()
          : response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end(),
      [blob]: redirect(`http://b.test:${storage.port}/layer?X-Signature=abc`),
    });
    const image = await pull("app:1", { ...at(server), username: "me", password });
    expect(image.platforms[0]?.layers[0]?.present).toBe(true);
    expect(storage.requests.map(({ headers, url }) => [headers.authorization, url])).toEqual([
      [undefined, "/layer?X-Signature=abc"],
    ]);
    expect(server.requests.at(-1)?.headers.authorization).toBe(expected);
    expect(JSON.stringify(image)).not.toContain("X-Signature");
  });

  test.each([
    ["http://169.254.169.254/latest/", "refused-address/metadata-address"],
    ["http://[fd00:ec2::254]/", "refused-address/metadata-address"],
    ["http://10.0.0.1/layer", "refused-address/private-address"],
    ["file:///etc/passwd", "refused-address/not-http"],
    ["http://me:pw@127.0.0.1/", "refused-address/user-in-url"],
  ])("at %s are not", async (location, expected) => {
    await using server = await scriptedRegistry({ [blob]: redirect(location) });
    expect(await failure("app:1", at(server))).toBe(expected);
  });

  test("nor from https to http, nor for ever", async () => {
    await using secure = await scriptedRegistry({ [blob]: redirect("http://b.test/layer") }, { tls: signer });
    const own = { baseUrl: `https://a.test:${secure.port}`, extraRootsPem: rootPem };
    expect(await failure("app:1", own)).toBe("refused-address/insecure-redirect");
    await using circle = await scriptedRegistry({ [blob]: redirect(blob) });
    expect(await failure("app:1", at(circle))).toBe("malformed/too-many-redirects");
  });
});

describe("token realms", () => {
  const credential = { username: "me", password };

  test.each([
    ["the metadata service", "https://169.254.169.254/token", "refused-address/metadata-address"],
    ["the metadata service, translated", "https://[64:ff9b::a9fe:a9fe]/", "refused-address/metadata-address"],
    ["as one number", "https://2852039166/", "refused-address/metadata-address"],
    ["a link-local address", "https://[fe80::1]/", "refused-address/link-local-address"],
    ["a closed range", "https://10.1.2.3/token", "refused-address/private-address"],
    ["plain http elsewhere", "http://b.test/token", "refused-address/insecure-realm"],
    ["a file", "file:///etc/passwd", "refused-address/not-http"],
    ["a user in it", "https://a:b@a.test/", "refused-address/user-in-url"],
    ["nothing", "", "malformed/not-a-url"],
  ])("%s is refused", async (_name, realm, expected) => {
    await using server = await scriptedRegistry({ "/v2/": challenge(realm) });
    expect(await failure("app:1", at(server, "a.test"))).toBe(expected);
  });

  test("of https registries are https", async () => {
    await using server = await scriptedRegistry(
      { "/v2/": challenge("http://a.test:80/token") },
      { tls: signer },
    );
    const own = { baseUrl: `https://a.test:${server.port}`, extraRootsPem: rootPem };
    expect(await failure("app:1", own)).toBe("refused-address/insecure-realm");
  });

  test("of another domain get the credential only where a person confirmed the host", async () => {
    await using tokens = await scriptedHttp(giveToken, { tls: signer });
    await using server = await scriptedRegistry({ "/v2/": challenge(`https://b.test:${tokens.port}/token`) });
    const own = { ...at(server, "a.test"), ...credential };
    expect(await failure("app:1", own)).toBe("refused-address/foreign-realm");
    expect(tokens.requests).toEqual([]);
    // Confirmed, it is gone to; its certificate is another matter.
    expect(await failure("app:1", { ...own, tokenHosts: ["b.test"] })).toBe(
      "unreachable/untrusted-certificate",
    );
    expect(await failure("app:1", at(server, "a.test"))).toBe("unreachable/untrusted-certificate");
  });

  test("of the registry's own host get it, and the token stays with the registry", async () => {
    await using tokens = await scriptedHttp(giveToken);
    await using server = await scriptedRegistry({ "/v2/": challenge(`http://a.test:${tokens.port}/token`) });
    const image = await pull("app:1", { ...at(server, "a.test"), ...credential });
    expect(stepsOf(image).slice(0, 3)).toEqual(["ping 401", "token 200", "ping 200"]);
    expect(tokens.requests[0]?.headers.authorization).toMatch(/^Basic /);
    expect(server.requests.slice(1).map(({ headers }) => headers.authorization)).toEqual(
      Array(5).fill("Bearer good"),
    );
    const anonymous = await pull("app:1", at(server, "a.test"));
    expect(anonymous.platforms).toHaveLength(1);
    expect(tokens.requests[1]?.headers.authorization).toBeUndefined();
  });

  test.each(["", "{}", '{"token":5}', '{"token":"a b"}', '{"token":"a\\r\\nx: y"}', "x".repeat(100_000)])(
    "that answer %.20j give no token",
    async (body) => {
      await using tokens = await scriptedHttp((_request, response) => response.end(body));
      await using server = await scriptedRegistry({
        "/v2/": challenge(`http://a.test:${tokens.port}/token`),
      });
      expect(await failure("app:1", at(server, "a.test"))).toBe("malformed/no-token");
    },
  );

  test("the credential of the registered registry is for it alone", async () => {
    await using other = await scriptedRegistry({
      "/v2/": (_request, response) =>
        response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end(),
      "/v2/app/manifests/1": status(401),
    });
    const own = { baseUrl: "http://a.test:1", ...credential };
    expect(await failure(`127.0.0.1:${other.port}/app:1`, own)).toBe("unauthorized/credential-refused");
    expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
  });
});

describe("the guarded dialler", () => {
  test("connects to the address that was checked, though the name leads elsewhere each time", async () => {
    await using trap = await scriptedRegistry({}, { host: "127.0.0.2" });
    await using server = await scriptedRegistry({}, { port: trap.port });
    const answers = [["127.0.0.1"], ["127.0.0.2"]];
    const lookup = vi.fn(async () => answers.shift() ?? ["169.254.169.254"]);
    const dialler = createDialler({ allowedRanges: ["127.0.0.1/32"], forbidden: [], resolve: lookup });
    const own = at(server, "rebinding.test");
    const first = await connector(own, { dialler }).read(asked("app:1"), countingContext());
    expect(first.value.platforms).toHaveLength(1);
    expect(await failure("app:1", own, undefined, { dialler })).toBe("refused-address/loopback-address");
    expect(await failure("app:1", own, undefined, { dialler })).toBe("refused-address/metadata-address");
    expect([lookup.mock.calls.length, trap.requests.length]).toEqual([3, 0]);
  });

  test.each(["169.254.169.254", "127.0.0.1:5000", "localhost:5000", "10.0.0.1:5000"])(
    "refuses %s until it is opened",
    async (host) => {
      const dialler = createDialler({ allowedRanges: [], forbidden: [], resolve });
      expect(await failure(`${host}/app:1`, undefined, undefined, { dialler })).toContain("refused-address/");
    },
  );
});
