import { z } from "zod";
import type { Finding, KeptFinding, Reason } from "#common/result.ts";
import { type Check, defineCheck, type Needs } from "#server/checks/define-check.ts";
import {
  type HostFactAnswer,
  type HostFactRequest,
  type ListRequest,
  ReadError,
  type Target,
} from "#server/connectors/connector.ts";
import type { ExecutionEvent, Outcome, Question } from "#server/engine/execution.ts";

/** Targets that answer from memory and note what they were asked, and checks to ask them with. */

type ListAnswer = { pages: unknown[][]; missing?: Reason[]; error?: Reason; hang?: boolean };

export function fakeCluster(lists: Record<string, ListAnswer>, objects: Record<string, unknown> = {}) {
  const asked: string[] = [];
  const target: Extract<Target, { kind: "kubernetes" }> = {
    kind: "kubernetes",
    key: "api",
    name: "api",
    connector: {
      endpoint: { host: "api", port: 6443 },
      async list({ kind, labelSelector }: ListRequest, onPage, { meter }) {
        asked.push(`list ${kind.resource}${labelSelector ? ` ${labelSelector}` : ""}`);
        const answer = lists[kind.resource] ?? { pages: [] };
        let left = answer.pages.reduce((sum, page) => sum + page.length, 0);
        let objectCount = 0;
        for (const page of answer.pages) {
          meter.call();
          meter.bytes(100 * page.length);
          left -= page.length;
          objectCount += page.length;
          onPage(page, left);
          await Promise.resolve();
        }
        if (answer.hang) await new Promise(() => {});
        if (answer.error) throw new ReadError(answer.error);
        return { objects: objectCount, missing: answer.missing ?? [] };
      },
      async get({ kind, namespace, name }, { meter }) {
        asked.push(`get ${kind.resource} ${namespace ?? ""}/${name}`);
        meter.call();
        return objects[name] ?? null;
      },
      read: () => Promise.reject(new Error("not asked here")),
      test: () => Promise.reject(new Error("not asked here")),
      close: () => Promise.resolve(),
    },
  };
  return { target, asked };
}

export function fakeHost(
  files: Record<string, string | (() => string) | Reason>,
  globs: Record<string, Extract<HostFactAnswer, { type: "glob" }>> = {},
) {
  const reads: HostFactRequest[][] = [];
  const readAtMs: number[] = [];
  const answer = (request: HostFactRequest): HostFactAnswer => {
    if (request.type === "glob") {
      return globs[request.pattern] ?? { type: "glob", files: [], truncated: false, unreadable: [] };
    }
    if (request.type === "links") return { type: "links", links: [], truncated: false, unreadable: [] };
    if (request.type === "stats") return { type: "stats", stats: [], truncated: false, unreadable: [] };
    if (request.type === "command") {
      return { type: "command", stdout: request.argv.join(" "), stderr: "", exitCode: 0 };
    }
    const file = files[request.path];
    if (file === undefined) return { type: "unread", reason: { code: "not-found", what: request.path } };
    if (typeof file === "object") return { type: "unread", reason: file };
    return { type: "file", text: typeof file === "string" ? file : file() };
  };
  const target: Extract<Target, { kind: "host" }> = {
    kind: "host",
    key: "host",
    name: "host",
    connector: {
      name: "host",
      async read(requests, { meter }) {
        reads.push(requests);
        readAtMs.push(performance.now());
        meter.call();
        return new Map(requests.map((request) => [request.id, answer(request)]));
      },
      perform: () => Promise.reject(new Error("not asked here")),
      close: () => Promise.resolve(),
    },
  };
  return { target, reads, readAtMs };
}

export function fakeEndpoint(
  hosts: Record<string, Reason | "answers">,
  own?: { host: string; port: number },
) {
  const asked: string[] = [];
  const target: Extract<Target, { kind: "endpoint" }> = {
    kind: "endpoint",
    key: "endpoint",
    name: "endpoint",
    own: own ? ["tls"] : [],
    tls: own,
    connectors: {
      tls: {
        async handshake({ host, port, serverName }, { meter }) {
          asked.push(`${host}:${port}`);
          meter.call();
          const answer = hosts[host] ?? { code: "unreachable", what: host };
          if (answer !== "answers") throw new ReadError(answer);
          return {
            endpoint: `${host}:${port}`,
            serverName: serverName ?? host,
            address: "192.0.2.1",
            protocol: "TLSv1.3",
            cipher: "TLS_AES_128_GCM_SHA256",
            sent: [],
            verifiedChain: null,
            verifyError: null,
            handshakeMs: 1,
          };
        },
      },
    },
  };
  return { target, asked };
}

/** A check whose judge makes of all facts what `judge` says; by default it passes. */
export function fakeCheck(
  id: Check["id"],
  needs: Needs,
  judge: (facts: Record<string, unknown>) => Finding[] = () => [],
): Check {
  return defineCheck({
    id: id as `kubernetes/${string}`,
    version: 1,
    title: { en: id, "zh-CN": id },
    why: { en: "", "zh-CN": "" },
    remedy: { en: "", "zh-CN": "" },
    params: z.object({}),
    needs,
    judge: (facts) => ({ findings: judge(facts) }),
  });
}

export function fakeFinding(
  verdict: KeptFinding["verdict"],
  name: string,
  rest: Partial<KeptFinding> = {},
): KeptFinding {
  const message = { en: `${name} is ${verdict}`, "zh-CN": `${name}:${verdict}` };
  return { verdict, code: "found", subject: { kind: "Pod", name }, message, ...rest };
}

export function ask(check: Check, target: Target, rest: Partial<Question> = {}): Question {
  return { key: check.id, check, params: {}, target, ...rest };
}

export function outcomesOf(events: ExecutionEvent[]): Outcome[] {
  return events.flatMap((event) => (event.type === "outcome" ? [event.outcome] : []));
}
