import { compare } from "./owners.ts";

/** Priority and fairness as configured: which requests a schema takes, and what its level may use. */

type Subject = {
  kind?: string;
  user?: { name?: string };
  group?: { name?: string };
  serviceAccount?: { namespace?: string; name?: string };
};
type ResourceRule = {
  verbs?: string[];
  apiGroups?: string[];
  resources?: string[];
  clusterScope?: boolean;
  namespaces?: string[];
};
type NonResourceRule = { verbs?: string[]; nonResourceURLs?: string[] };
type Rules = { subjects?: Subject[]; resourceRules?: ResourceRule[]; nonResourceRules?: NonResourceRule[] };
type FlowSchemaObject = {
  metadata?: { name?: string };
  spec?: {
    matchingPrecedence?: number;
    priorityLevelConfiguration?: { name?: string };
    distinguisherMethod?: { type?: string } | null;
    rules?: Rules[];
  };
};

export type FlowSchema = {
  name: string;
  precedence: number;
  level: string;
  /** how requests of it are told apart: each flow is served fairly */
  flowsBy: "user" | "namespace" | "one";
  rules: Rules[];
};

export function pickFlowSchema(object: unknown): FlowSchema {
  const { metadata, spec } = object as FlowSchemaObject;
  const method = spec?.distinguisherMethod?.type;
  return {
    name: metadata?.name ?? "",
    precedence: spec?.matchingPrecedence ?? 1_000,
    level: spec?.priorityLevelConfiguration?.name ?? "",
    flowsBy: method === "ByUser" ? "user" : method === "ByNamespace" ? "namespace" : "one",
    rules: spec?.rules ?? [],
  };
}

type LevelObject = {
  metadata?: { name?: string };
  spec?: {
    type?: string;
    limited?: {
      nominalConcurrencyShares?: number;
      /** its name before v1beta3 */
      assuredConcurrencyShares?: number;
      lendablePercent?: number;
      limitResponse?: {
        type?: string;
        queuing?: { queues?: number; handSize?: number; queueLengthLimit?: number };
      };
    };
  };
};

export type PriorityLevel = {
  name: string;
  exempt: boolean;
  shares: number;
  lendablePercent: number;
  /** absent: what finds no seat is refused at once */
  queues?: { count: number; handSize: number; length: number };
};

export function pickPriorityLevel(object: unknown): PriorityLevel {
  const { metadata, spec } = object as LevelObject;
  const { limited } = spec ?? {};
  const queuing =
    limited?.limitResponse?.type === "Queue" ? (limited.limitResponse.queuing ?? {}) : undefined;
  return {
    name: metadata?.name ?? "",
    exempt: spec?.type === "Exempt",
    shares: limited?.nominalConcurrencyShares ?? limited?.assuredConcurrencyShares ?? (limited ? 30 : 0),
    lendablePercent: limited?.lendablePercent ?? 0,
    ...(queuing && {
      queues: {
        count: queuing.queues ?? 64,
        handSize: queuing.handSize ?? 8,
        length: queuing.queueLengthLimit ?? 50,
      },
    }),
  };
}

export type FlowRequest = {
  user: { name: string; groups: readonly string[] };
  verb: string;
  group: string;
  resource: string;
  /** undefined: in all namespaces, or of a kind that has none */
  namespace?: string;
};

/** The schema that takes a request: of those that match, the lowest precedence, then the first by name. */
export function schemaFor(
  request: FlowRequest,
  schemas: readonly FlowSchema[],
  levels: ReadonlySet<string>,
): FlowSchema | undefined {
  // The server passes over a schema whose level does not exist.
  const inOrder = schemas
    .filter(({ level }) => levels.has(level))
    .toSorted((a, b) => a.precedence - b.precedence || compare(a.name, b.name));
  return inOrder.find(({ rules }) => rules.some((rule) => ruleTakes(rule, request)));
}

function ruleTakes({ subjects = [], resourceRules = [] }: Rules, request: FlowRequest): boolean {
  if (!subjects.some((subject) => isMeant(subject, request.user))) return false;
  const { verb, group, resource, namespace } = request;
  return resourceRules.some(
    (rule) =>
      names(rule.verbs, verb) &&
      names(rule.apiGroups, group) &&
      names(rule.resources, resource) &&
      (namespace === undefined ? rule.clusterScope === true : names(rule.namespaces, namespace)),
  );
}

function names(list: readonly string[] | undefined, wanted: string): boolean {
  return list !== undefined && (list.includes("*") || list.includes(wanted));
}

function isMeant(subject: Subject, user: FlowRequest["user"]): boolean {
  if (subject.kind === "User") return subject.user?.name === "*" || subject.user?.name === user.name;
  if (subject.kind === "Group")
    return subject.group?.name === "*" || user.groups.includes(subject.group?.name ?? "");
  const { namespace = "", name = "" } = subject.serviceAccount ?? {};
  const account = `system:serviceaccount:${namespace}:`;
  return name === "*" ? user.name.startsWith(account) : user.name === `${account}${name}`;
}
