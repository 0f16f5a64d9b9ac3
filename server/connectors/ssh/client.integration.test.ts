import { createHmac, randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { connectTo, countingContext } from "#testing/ssh-route.ts";
import { type KeyPair, keyMaker, type Sshd, startSshd } from "#testing/sshd.ts";
import type { HostConnector, HostFactRequest } from "../connector.ts";
import { ReadError } from "../connector.ts";
import { createGate } from "./gate.ts";

const keys = keyMaker();
let pair: KeyPair;
let authority: KeyPair;
let sshd: Sshd;
const running: Sshd[] = [];
const start = async (options: Parameters<typeof startSshd>[0]) => {
  const one = await startSshd(options);
  running.push(one);
  return one;
};

beforeAll(async () => {
  pair = keys.pair();
  authority = keys.pair();
  sshd = await start({ authorized: [pair.publicKey], trustedAuthority: authority.publicKey });
});
afterAll(async () => {
  for (const each of running) await each.stop();
  keys[Symbol.dispose]();
});

const loadavg: HostFactRequest = { id: "load", type: "file", path: "/proc/loadavg" };
const command = (id: string, argv: [string, ...string[]], timeoutMs?: number): HostFactRequest => {
  return { id, type: "command", argv, timeoutMs };
};

async function readsFrom(connector: HostConnector, request = loadavg): Promise<unknown> {
  try {
    return (await connector.read([request], countingContext())).get(request.id);
  } finally {
    await connector.close();
  }
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    (value) => new Error(`it worked: ${JSON.stringify(value)}`),
    (failure: unknown) => failure,
  );
  if (!(error instanceof ReadError)) throw error;
  return `${error.reason.code}/${error.reason.detail}`;
}

describe("logs in with", () => {
  test.each(["ed25519", "ecdsa", "rsa"] as const)("a %s key, with and without a passphrase", async (type) => {
    const [plain, locked] = [keys.pair({ type }), keys.pair({ type, passphrase: "a passphrase" })];
    const server = await start({ authorized: [plain.publicKey, locked.publicKey] });
    const answered = { type: "file", text: expect.stringMatching(/^\d/) };
    expect(await readsFrom(connectTo(server, plain))).toEqual(answered);
    const material = { privateKey: locked.privateKey, passphrase: "a passphrase" };
    expect(await readsFrom(connectTo(server, material))).toEqual(answered);
  });

  test.each(["ed25519", "ecdsa", "rsa"] as const)("a certificate of a %s key", async (type) => {
    const own = keys.pair({ type });
    const certificate = keys.certify(own, authority, sshd.user);
    expect(await readsFrom(connectTo(sshd, { ...own, certificate }))).toMatchObject({ type: "file" });
    expect(sshd.log()).toContain("Accepted certificate ID");
    const others = keys.certify(own, authority, "somebody-else");
    const refused = await refusal(readsFrom(connectTo(sshd, { ...own, certificate: others })));
    expect(refused).toMatch(/^unauthorized\/key-not-accepted/);
  });

  test("no key the host does not know", async () => {
    const refused = await refusal(readsFrom(connectTo(sshd, keys.pair())));
    expect(refused).toMatch(/^unauthorized\/key-not-accepted/);
  });
});

describe("the host key", () => {
  const noLogin = (server: Sshd) => {
    expect(server.log()).not.toMatch(/publickey|Accepted|Failed|userauth|user root|invalid user/i);
  };

  test("nobody confirmed stops everything, with the fingerprint, before any login", async () => {
    const server = await start({ authorized: [pair.publicKey] });
    const refused = await refusal(readsFrom(connectTo(server, pair, { hostKey: null })));
    expect(refused).toMatch(/^unreachable\/host-key-unknown: .*SHA256:[A-Za-z0-9+/]{43}/);
    noLogin(server);
  });

  test("that changed stops everything, and says so loudly", async () => {
    const server = await start({ authorized: [pair.publicKey] });
    const other = keys.pair().publicKey;
    const refused = await refusal(readsFrom(connectTo(server, pair, { hostKey: other })));
    expect(refused).toMatch(/^unreachable\/host-key-changed: ITS HOST KEY HAS CHANGED/);
    noLogin(server);
  });

  test("of another type than the one known is a change, not a newcomer", async () => {
    const server = await start({ authorized: [pair.publicKey] });
    const other = keys.pair({ type: "ecdsa" }).publicKey;
    const refused = await refusal(readsFrom(connectTo(server, pair, { hostKey: other })));
    expect(refused).toMatch(/^unreachable\/host-key-changed/);
    noLogin(server);
  });

  test("marked as revoked is refused, though another line names it", async () => {
    const server = await start({ authorized: [pair.publicKey] });
    const name = `[127.0.0.1]:${server.port}`;
    const knownText = `@revoked * ${server.hostKey}\n${name} ${server.hostKey}`;
    const refused = await refusal(readsFrom(connectTo(server, pair, { knownText })));
    expect(refused).toMatch(/^unreachable\/host-key-revoked/);
    noLogin(server);
  });

  test("of a hashed line is known", async () => {
    const salt = randomBytes(20);
    const hash = createHmac("sha1", salt).update(`[127.0.0.1]:${sshd.port}`).digest("base64");
    const knownText = `|1|${salt.toString("base64")}|${hash} ${sshd.hostKey}`;
    expect(await readsFrom(connectTo(sshd, pair, { knownText }))).toMatchObject({ type: "file" });
  });
});

describe("a jump host", () => {
  test("leads to the target, each with its own key and host key", async () => {
    const outerPair = keys.pair();
    const outer = await start({ authorized: [outerPair.publicKey] });
    const jump = { sshd: outer, material: outerPair };
    expect(await readsFrom(connectTo(sshd, pair, { jump }))).toMatchObject({ type: "file" });
    expect(outer.log()).toContain(`Accepted publickey for ${outer.user}`);
    expect(outer.execs()).toBe(0);
    const changed = connectTo(sshd, pair, {
      jump: { ...jump, sshd: { ...outer, hostKey: keys.pair().publicKey } },
    });
    expect(await refusal(readsFrom(changed))).toMatch(/^unreachable\/host-key-changed/);
  });

  test("is no way around the rules for addresses", async () => {
    const outer = await start({ authorized: [pair.publicKey] });
    const jump = { sshd: outer, material: pair };
    for (const host of ["169.254.169.254", "10.0.0.1", "::1", "0177.0.0.1"]) {
      const refused = await refusal(readsFrom(connectTo(sshd, pair, { host, jump })));
      expect(refused).toMatch(/^refused-address\//);
    }
    expect(outer.log()).not.toContain("Accepted");
  });
});

describe("reading", () => {
  test("is one command per host, whatever is asked and however often", async () => {
    const server = await start({ authorized: [pair.publicKey] });
    const connector = connectTo(server, pair);
    const context = countingContext();
    const requests = [
      loadavg,
      command("id", ["id", "-u"]),
      { id: "glob", type: "glob", pattern: "/proc/sys/net/ipv4/tcp_*mem", limit: 10 },
    ] as const;
    const answers = await connector.read([...requests], context);
    expect([...answers.keys()]).toEqual(["load", "id", "glob"]);
    await connector.read([loadavg], context);
    await connector.close();
    expect(server.execs()).toBe(1);
    expect(server.log().split("Accepted publickey").length - 1).toBe(1);
    expect(context.counted.calls).toBe(1);
    expect(context.counted.bytes).toBeGreaterThan(10);
  });

  test("caps each output, and a hanging command costs the others nothing", async () => {
    const connector = connectTo(sshd, pair);
    const requests = [
      command("yes", ["yes"]),
      command("loud", ["sh", "-c", "yes >&2"], 1_000),
      command("hangs", ["sleep", "1000"], 1_000),
      command("fine", ["echo", "fine"]),
      { id: "zero", type: "glob", pattern: "/proc/self/statu*", limit: 5 } as const,
    ];
    const answers = await connector.read(requests, countingContext());
    await connector.close();
    const codeOf = (id: string) => {
      const answer = answers.get(id);
      return answer?.type === "unread" ? `${answer.reason.code}` : answer?.type;
    };
    expect(codeOf("yes")).toBe("truncated");
    expect(codeOf("hangs")).toBe("timed-out");
    expect(codeOf("loud")).toBe("truncated");
    expect(answers.get("fine")).toMatchObject({ stdout: "fine\n", exitCode: 0 });
  });

  test("ends with a reason when the host dies half-way", async () => {
    const server = await start({ authorized: [pair.publicKey] });
    const connector = connectTo(server, pair);
    const reading = connector.read([loadavg, command("hangs", ["sleep", "20"], 20_000)], countingContext());
    await vi.waitFor(() => expect(server.execs()).toBe(1), { timeout: 30_000 });
    await server.kill();
    const answers = await reading;
    // The session may end a moment before its connection does: either is a reason, and neither is an answer.
    expect(answers.get("hangs")).toMatchObject({
      reason: { code: expect.stringMatching(/^(unreachable|server-error)$/) },
    });
    await connector.close();
  });

  test("ends with the abort", async () => {
    const server = await start({ authorized: [pair.publicKey] });
    const stop = new AbortController();
    const connector = connectTo(server, pair);
    const reading = connector.read([command("hangs", ["sleep", "20"], 20_000)], countingContext(stop.signal));
    await vi.waitFor(() => expect(server.execs()).toBe(1), { timeout: 30_000 });
    stop.abort(new Error("enough"));
    await expect(reading).rejects.toThrow("enough");
    await connector.close();
  });

  test("of 200 hosts at once keeps to the number of connections", async () => {
    const server = await start({ authorized: [pair.publicKey] });
    const gate = createGate(20);
    const hosts = Array.from({ length: 200 }, (_, index) => `127.1.${index >> 6}.${(index & 63) + 1}`);
    const connectors = hosts.map((host) => connectTo(server, pair, { host, gate }));
    let most = 0;
    const watch = setInterval(() => {
      const log = server.log();
      const ends = log.split(/Disconnected from user|Connection closed by|Connection reset/).length;
      most = Math.max(most, log.split("Accepted publickey").length - ends);
    }, 20);
    const context = countingContext(AbortSignal.timeout(60_000));
    const answers = await Promise.all(connectors.map((connector) => connector.read([loadavg], context)));
    clearInterval(watch);
    await Promise.all(connectors.map((connector) => connector.close()));
    const unread = answers.map((each) => each.get("load")).filter((answer) => answer?.type !== "file");
    expect(unread).toEqual([]);
    expect(server.execs()).toBe(200);
    // The log tells of an end a moment late.
    expect(most).toBeLessThanOrEqual(40);
  }, 90_000);

  test("never shows the key", async () => {
    const server = await start({ authorized: [] });
    const locked = keys.pair({ passphrase: "canary-passphrase" });
    const material = { privateKey: locked.privateKey, passphrase: "canary-passphrase" };
    const inner = locked.privateKey.split("\n").slice(1, -2);
    const failures = [
      await refusal(readsFrom(connectTo(server, material))),
      await refusal(readsFrom(connectTo(server, material, { hostKey: null }))),
      server.log(),
    ].join("\n");
    for (const line of [...inner, "canary-passphrase"]) expect(failures).not.toContain(line);
  });
});
