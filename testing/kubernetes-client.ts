import { kinds } from "#server/checks/needs/kubernetes.ts";
import {
  type KubernetesConnector,
  type ListOutcome,
  type Meter,
  ReadError,
} from "#server/connectors/connector.ts";
import { createDialler } from "#server/connectors/dialler.ts";
import type { KubernetesAccess } from "#server/connectors/kubernetes/access.ts";
import {
  createKubernetesConnector,
  type KubernetesConnectorOptions,
} from "#server/connectors/kubernetes/client.ts";
import { type CertificateAuthority, createCertificateAuthority } from "./certificates.ts";
import { type Recording, type Script, startScriptedApi } from "./scripted-api.ts";

export const sampleToken = "sample-token-of-a-test";
let authority: Promise<CertificateAuthority> | undefined;

export function testAuthority(): Promise<CertificateAuthority> {
  authority ??= createCertificateAuthority();
  return authority;
}

export function countingMeter() {
  const counts = { calls: 0, bytes: 0, throttled: 0 };
  const add = (name: keyof typeof counts, count: number) => {
    counts[name] += count;
  };
  const meter: Meter = {
    call: () => add("calls", 1),
    bytes: (count) => add("bytes", count),
    throttled: () => add("throttled", 1),
  };
  return { counts, meter };
}

/** Time passes only by waiting: what was waited for is noted. */
export function jumpingClock() {
  const waitedMs: number[] = [];
  let nowMs = 0;
  const wait = async (ms: number, signal: AbortSignal) => {
    signal.throwIfAborted();
    waitedMs.push(ms);
    nowMs += ms;
  };
  return { waitedMs, nowMs: () => nowMs, wait };
}

/** A connector that may reach loopback, where every name leads. */
export function connectorTo(
  access: KubernetesAccess,
  options: Partial<KubernetesConnectorOptions> = {},
): KubernetesConnector {
  const resolve = async () => ["127.0.0.1"];
  const dialler = createDialler({ allowedRanges: ["127.0.0.0/8"], forbidden: [], resolve });
  return createKubernetesConnector(access, {
    dialler,
    random: () => 0,
    ratePerSecond: 1_000,
    burst: 1_000,
    ...options,
  });
}

/** A scripted API server, a connector to it with a token, and what both counted. */
export async function startScripted(script: Script, options: Partial<KubernetesConnectorOptions> = {}) {
  const root = await testAuthority();
  const leaf = await root.issue({ names: ["127.0.0.1"] });
  const api = await startScriptedApi({ key: leaf.keyPem, cert: leaf.chainPem }, script);
  const clock = jumpingClock();
  const connector = connectorTo(
    {
      server: `https://127.0.0.1:${api.port}`,
      caPem: root.certPem,
      auth: { type: "token", token: sampleToken },
    },
    { clock, ...options },
  );
  const { counts, meter } = countingMeter();
  const context = { signal: AbortSignal.timeout(30_000), meter };
  const close = async () => {
    await connector.close();
    await api.close();
  };
  return { api, connector, clock, counts, context, close };
}

/** "code/first word of the detail" of what a promise is rejected with; anything but a ReadError is thrown. */
export async function failureOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    return `${error.reason.code}/${error.reason.detail?.split(":")[0]}`;
  }
  throw new Error("it did not fail");
}

/** Answers one after the other; the last again and again. */
export function inTurn(...answers: Recording[]): Script {
  let next = 0;
  return () => answers[Math.min(next++, answers.length - 1)];
}

export function listOf(names: string[], metadata: Record<string, unknown> = {}): Recording {
  const items = names.map((name) => ({ metadata: { name, uid: `uid-${name}` } }));
  return { status: 200, body: { kind: "List", metadata, items } };
}

type Item = { metadata: { uid: string } };

/** Lists pods as a reader does that drops what came when the list begins again. */
export async function listPods({
  connector,
  context,
}: Pick<Awaited<ReturnType<typeof startScripted>>, "connector" | "context">): Promise<
  ListOutcome & { uids: string[] }
> {
  const uids: string[] = [];
  const collect = (items: unknown[]) => {
    for (const item of items) uids.push((item as Item).metadata.uid);
  };
  const restarted = () => uids.splice(0);
  const outcome = await connector.list({ kind: kinds.Pod }, collect, { ...context, restarted });
  return { ...outcome, uids };
}
