import type { Reason } from "#common/result.ts";
import type { Needs } from "../checks/define-check.ts";
import type { EndpointProtocol } from "../checks/needs/endpoint-requests.ts";
import { kinds } from "../checks/needs/kubernetes.ts";
import type {
  HostRequest,
  KubernetesGetRequest,
  KubernetesListRequest,
  SampledRequest,
  SingleRequest,
  TlsHandshakeRequest,
} from "../checks/needs/need.ts";
import type { Target } from "../connectors/connector.ts";
import type { Question } from "./execution.ts";
import { hostFact, hostFactId } from "./host-facts.ts";
import { needWords } from "./need-words.ts";
import {
  type Consumer,
  type GetRead,
  type HostRead,
  type HostSampledRequest,
  type ListRead,
  protocolOf,
  type Read,
  type SingleRead,
  type TargetOf,
  type TlsRead,
  tlsConnectorOf,
  tlsServerOf,
} from "./reads.ts";

/** A need that is answered without any reading: the document, or the reason why there is nothing to read. */
type Immediate = { consumer: Consumer; answer: { value: unknown } | { unread: Reason } };
export type Plan = { reads: Read[]; immediate: Immediate[]; consumers: Consumer[][] };

/** Merges the needs of all questions: what two questions want is read once. */
export function plan(questions: readonly Question[]): Plan {
  const reads = new Map<string, Read>();
  const immediate: Immediate[] = [];
  const consumers = questions.map((question, index) => consumersOf(question, index));
  for (const [index, question] of questions.entries()) {
    for (const consumer of consumers[index] ?? []) {
      const answer = place(reads, question, consumer);
      if (answer) immediate.push({ consumer, answer });
    }
  }
  return { reads: [...reads.values()].sort((a, b) => turnOf(a) - turnOf(b)), immediate, consumers };
}

/** What is read node by node, or namespace by namespace, takes their names from a list that is under way. */
function turnOf(read: Read): number {
  if (read.type !== "list") return 2;
  const kind = read.consumers[0]?.need.kind;
  return kind === kinds.Namespace || kind === kinds.Node ? 0 : 1;
}

function consumersOf(question: Question, index: number): Consumer[] {
  return Object.entries(needsOf(question)).map(([name, need]) => ({
    question: index,
    name,
    need,
    ...needWords(need),
    optional: need.optional,
  }));
}

/** A check whose needs cannot be told is judged without any, which says so; the others go on. */
function needsOf({ check, params }: Question): Needs {
  try {
    return check.needs(params);
  } catch {
    return {};
  }
}

function place(
  reads: Map<string, Read>,
  question: Question,
  consumer: Consumer,
): Immediate["answer"] | undefined {
  const { target } = question;
  const { need } = consumer;
  switch (need.type) {
    case "document.text":
      return documentAnswer(question.document, need.maxBytes, consumer.what);
    case "kubernetes.list":
    case "kubernetes.get":
      if (target.kind !== "kubernetes") return noTarget(consumer);
      placeKubernetes(reads, target, { ...consumer, need });
      return undefined;
    case "tls.handshake":
      if (target.kind !== "endpoint" && target.kind !== "kubernetes") return noTarget(consumer);
      return placeTls(reads, target, { ...consumer, need });
    case "host.active":
      if (target.kind !== "host") return noTarget(consumer);
      if (question.check.effect !== "active") return notActive(consumer);
      reads.set(keyOf(target, "active", consumer.question, consumer.name), {
        type: "host-active",
        target,
        consumers: [{ ...consumer, need }],
      });
      return undefined;
    case "kubernetes.port-forward":
      if (question.check.effect !== "active") return notActive(consumer);
      return placeSingle(reads, target, { ...consumer, need }, `${consumer.question} ${consumer.name}`);
    case "sampled":
      if (need.need.type === "kubernetes.port-forward") return notActive(consumer);
      if (isHostSample(need)) return placeHostNeed(reads, target, { ...consumer, need });
      return placeSingle(reads, target, { ...consumer, need });
    default:
      if (isHostRequest(need)) return placeHostNeed(reads, target, { ...consumer, need });
      return placeSingle(reads, target, { ...consumer, need });
  }
}

function isHostRequest(need: HostRequest | SingleRequest): need is HostRequest {
  return need.type.startsWith("host.");
}

function isHostSample(need: SampledRequest): need is HostSampledRequest {
  return isHostRequest(need.need);
}

function placeHostNeed(
  reads: Map<string, Read>,
  target: Target,
  consumer: Consumer<HostRequest | HostSampledRequest>,
): Immediate["answer"] | undefined {
  if (target.kind !== "host") return noTarget(consumer);
  placeHost(reads, target, consumer);
  return undefined;
}

/** The same question to the same target is asked once, whatever each makes of the answer; `alone` keeps it apart. */
function placeSingle(
  reads: Map<string, Read>,
  target: Target,
  consumer: Consumer<SingleRequest | SampledRequest>,
  alone?: string,
): Immediate["answer"] | undefined {
  const { need } = consumer;
  const windowMs = need.type === "sampled" ? need.windowMs : undefined;
  const asked = need.type === "sampled" ? need.need : need;
  if (isHostRequest(asked) || !canAnswer(target, asked)) return noTarget(consumer);
  const { parse: _parse, optional: _optional, ...request } = { optional: false, ...asked };
  const key = keyOf(target, "single", JSON.stringify(request), windowMs, alone);
  const read = existing(
    reads,
    key,
    (): SingleRead => ({ type: "single", target, request, windowMs, consumers: [] }),
  );
  if (read.type === "single") read.consumers.push(consumer);
  return undefined;
}

function canAnswer(target: Target, request: SingleRequest): target is SingleRead["target"] {
  const protocol = protocolOf(request);
  if (target.kind === "kubernetes") return protocol === "kubernetes";
  return target.kind === "endpoint" && target.connectors[protocol as EndpointProtocol] !== undefined;
}

function placeKubernetes(
  reads: Map<string, Read>,
  target: TargetOf<"kubernetes">,
  consumer: Consumer<KubernetesListRequest | KubernetesGetRequest>,
): void {
  const { need } = consumer;
  const { group, version, resource } = need.kind;
  if (need.type === "kubernetes.list") {
    // With alternatives it is another list: what one check would take for the kind, another must not be given.
    const others = need.alternatives
      ?.map((kind) => `${kind.group}/${kind.version}/${kind.resource}`)
      .join(" ");
    const selectors = [need.labelSelector, need.fieldSelector];
    const key = keyOf(target, "list", group, version, resource, ...selectors, others);
    const read = existing(reads, key, (): ListRead => ({ type: "list", target, consumers: [] }));
    if (read.type === "list") read.consumers.push({ ...consumer, need });
  } else {
    const key = keyOf(target, "get", group, version, resource, need.namespace, need.name);
    const read = existing(reads, key, (): GetRead => ({ type: "get", target, consumers: [] }));
    if (read.type === "get") read.consumers.push({ ...consumer, need });
  }
}

function placeTls(
  reads: Map<string, Read>,
  target: TlsRead["target"],
  consumer: Consumer<TlsHandshakeRequest>,
): Immediate["answer"] | undefined {
  const { need } = consumer;
  const self = tlsServerOf(target);
  if (target.kind === "kubernetes" && need.endpoint !== null) return noTarget(consumer);
  const endpoint = need.endpoint ?? self;
  if (!endpoint || !tlsConnectorOf(target)) return noTarget(consumer);
  const own = need.endpoint === null ? self : undefined;
  const roots = [need.extraRootsPem, own?.caPem].filter((pem) => pem !== undefined);
  const request = {
    host: endpoint.host,
    port: endpoint.port,
    serverName: need.serverName ?? own?.serverName,
    extraRootsPem: roots.length > 0 ? roots.join("\n") : undefined,
  };
  const key = keyOf(target, "tls", request.host, request.port, request.serverName, request.extraRootsPem);
  const read = existing(reads, key, (): TlsRead => ({ type: "tls", target, request, consumers: [] }));
  if (read.type === "tls") read.consumers.push(consumer);
  return undefined;
}

function placeHost(
  reads: Map<string, Read>,
  target: TargetOf<"host">,
  consumer: Consumer<HostRequest | HostSampledRequest>,
): void {
  const key = keyOf(target, "host");
  const read = existing(
    reads,
    key,
    (): HostRead => ({ type: "host", target, facts: new Map(), consumers: [] }),
  );
  if (read.type !== "host") return;
  read.consumers.push(consumer);
  const need = consumer.need.type === "sampled" ? consumer.need.need : consumer.need;
  const id = hostFactId(need);
  const before = read.facts.get(id);
  const fact = hostFact(id, need);
  // Two checks may want different amounts of one pattern: read the larger, hand each its own share.
  if (before && "limit" in before && "limit" in fact) fact.limit = Math.max(before.limit, fact.limit);
  read.facts.set(id, fact);
}

function documentAnswer(text: string | undefined, maxBytes: number, what: string): Immediate["answer"] {
  if (text === undefined) return { unread: { code: "not-supplied", what } };
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxBytes) return { value: text };
  return { unread: { code: "truncated", what, detail: `${bytes} bytes; at most ${maxBytes} are read` } };
}

/** A check that is not declared as active asks nobody's consent, so it must not do anything. */
function notActive(consumer: Pick<Consumer, "what">): { unread: Reason } {
  const detail = "not-active: only a check that is declared as active may do this, and only once at a time";
  return { unread: { code: "internal", what: consumer.what, detail } };
}

function noTarget(consumer: Pick<Consumer, "what">): { unread: Reason } {
  return { unread: { code: "no-target", what: consumer.what } };
}

function keyOf(target: Target, ...parts: (string | number | undefined)[]): string {
  return JSON.stringify([target.kind, target.key, ...parts.map((part) => part ?? null)]);
}

function existing(reads: Map<string, Read>, key: string, make: () => Read): Read {
  const known = reads.get(key);
  if (known) return known;
  const made = make();
  reads.set(key, made);
  return made;
}
