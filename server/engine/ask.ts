import type { RunSelection } from "#common/contracts/run.ts";
import type { Reason, TargetKind } from "#common/result.ts";
import type { Check } from "../checks/define-check.ts";
import { type EndpointProtocol, endpointProtocols } from "../checks/needs/endpoint-requests.ts";
import type { NeedRequest } from "../checks/needs/need.ts";
import type { EndpointTarget, Target } from "../connectors/connector.ts";
import type { Question } from "./execution.ts";
import { protocolOf } from "./reads.ts";

/** One check asked of one target, or why it cannot be asked at all: either becomes a result. */
export type Asked = {
  key: string;
  checkId: string;
  checkVersion: number;
  params: Record<string, unknown>;
  target: string;
  targetName: string;
} & ({ question: Question } | { verdict: "skip" | "unknown"; reason: Reason });

/** Stands for the target where a cluster has none of the kind. */
const none = { target: "none", targetName: "none" };

/** Every chosen check with every target of its kind. */
export function askAll(
  selection: RunSelection,
  library: readonly Check[],
  targets: readonly Target[],
): Asked[] {
  const byId = new Map(library.map((check) => [check.id, check]));
  return selection.flatMap(({ id, params, document, confirmed }): Asked[] => {
    const check = byId.get(id);
    const base = { checkId: id, checkVersion: check?.version ?? 0, params };
    const without = (verdict: "skip" | "unknown", reason: Reason): Asked[] => [
      { key: `${id} ${none.target}`, ...base, ...none, verdict, reason },
    ];
    if (!check) return without("unknown", { code: "internal", what: id, detail: "there is no such check" });
    if (check.blocked) return without("unknown", check.blocked);
    const parsed = check.params.safeParse(params);
    if (!parsed.success) {
      return without("unknown", {
        code: "malformed",
        what: `parameters of ${id}`,
        detail: parsed.error.message,
      });
    }
    const fitting = targetsFor(check, parsed.data, targets);
    if (fitting.length === 0) return without("skip", { code: "no-target", what: kindWords[check.target] });
    // Whatever a selection says otherwise: nothing that loads a target is asked of one that nobody agreed to.
    const agreed = fitting.filter(
      ({ key }) => check.effect === "read" || confirmed?.some(({ target }) => target === key),
    );
    if (agreed.length === 0) return without("skip", { code: "not-supplied", what: "a confirmation for it" });
    return agreed.map((target): Asked => {
      const key = `${id} ${target.key}`;
      const question: Question = { key, check, params: parsed.data, target, document };
      return { key, ...base, target: target.key, targetName: target.name, question };
    });
  });
}

function targetsFor(check: Check, params: Record<string, unknown>, targets: readonly Target[]): Target[] {
  if (check.target !== "endpoint") return targets.filter((target) => target.kind === check.target);
  const endpoints = targets.filter((target) => target.kind === "endpoint");
  const needs = endpointNeeds(check, params);
  if (needs.length === 0) return endpoints.filter(({ own }) => own.length === 0);
  const addresses = needs.map(addressOf);
  const named = addresses.filter((address) => address !== null);
  if (named.length < needs.length) {
    const asked = new Set(needs.flatMap((need, index) => (addresses[index] === null ? protocol(need) : [])));
    return endpoints.filter(({ own }) => [...asked].every((each) => own.includes(each)));
  }
  // What names its own address is about that address, whatever is registered: its history is kept apart from others'.
  const where = [...new Set(named)].join(" ");
  return endpoints
    .filter(({ own }) => own.length === 0)
    .map((target): EndpointTarget => ({ ...target, key: `${target.key}:${where}`, name: where }));
}

function protocol(need: NeedRequest): EndpointProtocol[] {
  return endpointProtocols.filter((name) => name === protocolOf(need));
}

function endpointNeeds(check: Check, params: Record<string, unknown>): NeedRequest[] {
  try {
    return Object.values(check.needs(params))
      .map((need) => (need.type === "sampled" ? need.need : need))
      .filter((need) => protocol(need).length > 0);
  } catch {
    return [];
  }
}

/** The address a need names itself, or null where it is asked of the target's own. */
function addressOf(need: NeedRequest): string | null {
  switch (need.type) {
    case "tls.handshake":
      return need.endpoint && `${need.endpoint.host}:${need.endpoint.port}`;
    case "http.request":
      return need.url && hostOf(need.url);
    case "dns.query":
      return need.via && need.name;
    case "registry.image":
      return registryOf(need.reference);
    default:
      return null;
  }
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** "registry.example:5000/team/app" names its registry; "team/app" is at the registered one. */
export function registryOf(reference: string): string | null {
  const [first = "", ...rest] = reference.split("/");
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : null;
}

const kindWords: Record<TargetKind, string> = {
  kubernetes: "a Kubernetes API",
  host: "a host",
  endpoint: "an endpoint",
  document: "a document",
};
