import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { connectorTo, countingMeter, jumpingClock, testAuthority } from "#testing/kubernetes-client.ts";
import { type Script, startScriptedApi } from "#testing/scripted-api.ts";
import { kinds } from "../../checks/needs/kubernetes.ts";
import { ReadError } from "../connector.ts";
import { createDialler } from "../dialler.ts";
import type { KubernetesAccess, KubernetesAuth } from "./access.ts";
import type { KubernetesConnectorOptions } from "./client.ts";

const token = "canary-7f3a9b1c+/=.token-of-nobody";
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Every form in which a secret could be told. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const inside = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .slice(4, -6),
  );
  const lines = secret.split("\n").filter((line) => line.length > 20 && !line.startsWith("---"));
  const encoded = [bytes.toString("hex"), bytes.toString("base64url"), encodeURIComponent(secret)];
  return [secret, ...inside, ...encoded, ...lines, JSON.stringify(secret).slice(1, -1)];
}

function expectNothingOf(secret: string, thrown: unknown): void {
  const told = [
    inspect(thrown, { depth: 20, showHidden: true, maxStringLength: null }),
    JSON.stringify(thrown),
  ];
  if (thrown instanceof Error) told.push(thrown.message, thrown.stack ?? "");
  if (thrown instanceof ReadError) told.push(JSON.stringify(thrown.reason));
  const all = told.join("\n");
  expect(formsOf(secret).filter((form) => all.includes(form))).toEqual([]);
}

/** Servers that give away all they were told, in the forms they could choose. */
const echo = (status: number, form: (told: string) => unknown): Script => {
  return ({ headers }) => ({ status, body: form(headers.authorization?.replace("Bearer ", "") ?? "") });
};
const failure = (message: string) => ({ kind: "Status", status: "Failure", message, reason: "Boom" });
const scripts: Record<string, Script> = {
  "a message with the token": echo(500, (told) => failure(`you said ${told}`)),
  "a 403 with the token": echo(403, (told) => failure(`${told} may not`)),
  "a 401 with the token in base64": echo(401, (told) => failure(Buffer.from(`u:${told}`).toString("base64"))),
  "a 429 with the token": echo(429, (told) => `slow down, ${told}`),
  "a 404 page with the token in hex": echo(404, (told) => Buffer.from(told).toString("hex")),
  "a redirect to the token": echo(302, (told) => `<a href="/?t=${encodeURIComponent(told)}">`),
  "a long page that ends in the token": echo(500, (told) => `${"x".repeat(480)} ${told}`),
  "a page where the token is cut by its control characters": echo(500, (told) => `\u0000${told}\u0000`),
  "no JSON but the token": echo(200, (told) => told),
  "an object with the token": echo(200, (told) => ({ [told]: told, metadata: told })),
  "a body that breaks off": ({ headers }, response) => {
    response.writeHead(200, { "content-length": "9999", "x-echo": headers.authorization ?? "" });
    response.write(headers.authorization ?? "{", () => response.destroy());
    return undefined;
  },
};

async function failuresOf(access: KubernetesAccess, options: Partial<KubernetesConnectorOptions> = {}) {
  const connector = connectorTo(access, { clock: jumpingClock(), ...options });
  closers.push(() => connector.close());
  const context = { signal: AbortSignal.timeout(30_000), meter: countingMeter().meter };
  const asked = [
    connector.list({ kind: kinds.Pod }, () => undefined, context),
    connector.get({ kind: kinds.Pod, namespace: "a", name: "b" }, context),
    connector.test(context),
  ];
  const settled = await Promise.allSettled(asked);
  return settled.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
}

async function serverFor(script: Script, names = ["127.0.0.1"]): Promise<{ server: string; caPem: string }> {
  const root = await testAuthority();
  const leaf = await root.issue({ names });
  const api = await startScriptedApi(
    { key: leaf.keyPem, cert: leaf.chainPem, requestCert: true, rejectUnauthorized: false },
    script,
  );
  closers.push(api.close);
  return { server: `https://127.0.0.1:${api.port}`, caPem: root.certPem };
}

describe("a token is in no error", () => {
  const auth: KubernetesAuth = { type: "token", token };

  test.each(Object.entries(scripts))("whatever the server answers: %s", async (_name, script) => {
    const failures = await failuresOf({ ...(await serverFor(script)), auth });
    expect(failures.length).toBeGreaterThan(0);
    for (const thrown of failures) expectNothingOf(token, thrown);
  });

  test("nor among what is named as missing", async () => {
    const access = await serverFor(({ path, headers }) => {
      if (path === "/api/v1/namespaces") {
        const items = ["a", "b"].map((name) => ({ metadata: { name, uid: name } }));
        return { status: 200, body: { metadata: {}, items } };
      }
      if (path.includes("/a/")) return { status: 200, body: { metadata: {}, items: [] } };
      return { status: 403, body: failure(`${headers.authorization} may not`) };
    });
    const connector = connectorTo({ ...access, auth });
    closers.push(() => connector.close());
    const context = { signal: AbortSignal.timeout(30_000), meter: countingMeter().meter };
    const { missing } = await connector.list({ kind: kinds.Pod }, () => undefined, context);
    expect(missing).toMatchObject([{ code: "forbidden", detail: expect.stringContaining("may not") }]);
    expectNothingOf(token, missing);
  });
});

describe("no credential is in the errors of a connection that cannot be made", () => {
  const hang: Script = () => undefined;

  test.each(["token", "client certificate"])("%s", async (kind) => {
    const pair = await (await testAuthority()).issue({ usage: "client", commonName: "canary" });
    const secret = kind === "token" ? token : pair.keyPem;
    const auth: KubernetesAuth =
      kind === "token"
        ? { type: "token", token }
        : { type: "client-certificate", certificatePem: pair.certPem, keyPem: pair.keyPem };
    const good = await serverFor(hang);
    const other = await serverFor(hang, ["other.test"]);
    const closed = createDialler({ allowedRanges: [], forbidden: [] });
    const failures = [
      ...(await failuresOf({ ...good, auth }, { requestTimeoutMs: 50 })),
      ...(await failuresOf({ ...good, caPem: undefined, auth })),
      ...(await failuresOf({ ...other, auth })),
      ...(await failuresOf({ ...good, auth }, { dialler: closed })),
      ...(await failuresOf({ ...good, server: "https://127.0.0.1:1", auth })),
      ...(await failuresOf({ ...good, tlsServerName: "a.test", auth })),
      ...(await failuresOf({ ...(await serverFor(scripts["a body that breaks off"] ?? hang)), auth })),
    ];
    expect(failures).toHaveLength(21);
    for (const thrown of failures) {
      expect(thrown).toBeInstanceOf(ReadError);
      expectNothingOf(secret, thrown);
    }
  });
});
