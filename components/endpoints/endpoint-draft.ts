import {
  type dnsTransports,
  type Endpoint,
  type EndpointKind,
  type EndpointView,
  type kafkaMechanisms,
  type mysqlTlsChoices,
  secretNeedOf,
} from "#common/contracts/endpoint.ts";

type AuthChoice = "none" | "basic" | "bearer" | (typeof kafkaMechanisms)[number];

/** All that can be typed about an endpoint, of every kind at once: another kind chosen loses nothing. */
export type EndpointDraft = {
  kind: EndpointKind;
  name: string;
  address: string;
  serverName: string;
  caPem: string;
  transport: (typeof dnsTransports)[number];
  tls: (typeof mysqlTlsChoices)[number];
  auth: AuthChoice;
  username: string;
  tokenHosts: string;
  secret: string;
};

export const emptyDraft: EndpointDraft = {
  ...{ kind: "http", name: "", address: "", serverName: "", caPem: "", transport: "udp" },
  ...{ tls: "verified", auth: "none", username: "", tokenHosts: "", secret: "" },
};

/** The ways to sign in that a kind knows; empty where signing in is no choice. */
export const authChoices: Record<EndpointKind, readonly AuthChoice[]> = {
  http: ["none", "basic", "bearer"],
  prometheus: ["none", "basic", "bearer"],
  registry: ["none", "basic"],
  kafka: ["none", "SCRAM-SHA-256", "SCRAM-SHA-512", "PLAIN"],
  ...{ tls: [], dns: [], mysql: [] },
};

export const tlsChoices: Partial<Record<EndpointKind, readonly EndpointDraft["tls"][]>> = {
  mysql: ["verified", "required", "preferred", "off"],
  kafka: ["verified", "off"],
};

export const exampleAddress: Record<EndpointKind, string> = {
  http: "https://shop.example/health",
  tls: "shop.example:443",
  dns: "10.0.0.53",
  registry: "https://registry.example",
  mysql: "db.example:3306",
  prometheus: "https://prometheus.example",
  kafka: "kafka-1.example:9092, kafka-2.example:9092",
};

const isDoh = ({ kind, transport }: EndpointDraft) => kind === "dns" && transport.startsWith("doh");

/** The way to sign in as far as the chosen kind knows it: a choice made for another one does not count. */
export function authOf(draft: EndpointDraft): AuthChoice {
  return authChoices[draft.kind].includes(draft.auth) ? draft.auth : "none";
}

function tlsOf(draft: EndpointDraft): EndpointDraft["tls"] {
  return tlsChoices[draft.kind]?.includes(draft.tls) ? draft.tls : "verified";
}

/** Which fields the chosen kind asks for, given what is chosen already. */
export function shownFields(draft: EndpointDraft): ReadonlySet<keyof EndpointDraft> {
  const { kind } = draft;
  const isVerified = kind === "mysql" || kind === "kafka" ? tlsOf(draft) === "verified" : true;
  const fields: (keyof EndpointDraft)[] = ["kind", "name", "address"];
  if (kind === "dns") fields.push("transport");
  if (tlsChoices[kind]) fields.push("tls");
  if (authChoices[kind].length > 0) fields.push("auth");
  if (kind === "mysql" || !["none", "bearer"].includes(authOf(draft))) fields.push("username");
  if (kind === "mysql" || authOf(draft) !== "none") fields.push("secret");
  if (kind === "registry" && authOf(draft) !== "none") fields.push("tokenHosts");
  if (isVerified && (kind !== "dns" || isDoh(draft))) fields.push("caPem");
  if (isVerified && ["tls", "mysql", "prometheus", "kafka"].includes(kind)) fields.push("serverName");
  return new Set(fields);
}

export function toEndpoint(draft: EndpointDraft): Endpoint {
  const shown = shownFields(draft);
  const text = (field: "serverName" | "caPem") =>
    shown.has(field) ? draft[field].trim() || undefined : undefined;
  const { kind } = draft;
  const [address, caPem, serverName] = [draft.address.trim(), text("caPem"), text("serverName")];
  const username = draft.username.trim();
  const auth = authOf(draft);
  const tls = tlsOf(draft);
  const none = { type: "none" } as const;
  const httpAuth = auth === "basic" ? { type: auth, username } : auth === "bearer" ? { type: auth } : none;
  switch (kind) {
    case "http":
      return { kind, address, caPem, auth: httpAuth };
    case "tls":
      return { kind, address, serverName, caPem };
    case "dns":
      return { kind, address, transport: draft.transport, caPem };
    case "registry": {
      const tokenHosts = draft.tokenHosts.split(/[\s,]+/).filter((host) => host !== "");
      const basic = auth === "basic" ? { type: auth, username } : none;
      const hosts = auth === "basic" && tokenHosts.length > 0 ? { tokenHosts } : {};
      return { kind, address, caPem, auth: basic, ...hosts };
    }
    case "mysql":
      return { kind, address, tls, serverName, caPem, username };
    case "prometheus":
      return { kind, address, serverName, caPem, auth: httpAuth };
    case "kafka": {
      const isSasl = auth !== "none" && auth !== "basic" && auth !== "bearer";
      const sasl = isSasl ? ({ type: "sasl", mechanism: auth, username } as const) : none;
      return { kind, address, tls: tls === "off" ? tls : "verified", serverName, caPem, auth: sasl };
    }
  }
}

export function toDraft({ name, endpoint }: Pick<EndpointView, "name" | "endpoint">): EndpointDraft {
  const auth = "auth" in endpoint ? endpoint.auth : undefined;
  const user = auth && "username" in auth ? auth.username : "username" in endpoint ? endpoint.username : "";
  return {
    ...emptyDraft,
    ...{ kind: endpoint.kind, name, address: endpoint.address.replaceAll(",", ", ") },
    serverName: ("serverName" in endpoint && endpoint.serverName) || "",
    caPem: endpoint.caPem ?? "",
    transport: "transport" in endpoint ? endpoint.transport : emptyDraft.transport,
    tls: "tls" in endpoint ? endpoint.tls : emptyDraft.tls,
    auth: auth === undefined ? "none" : auth.type === "sasl" ? auth.mechanism : auth.type,
    username: user,
    tokenHosts: "tokenHosts" in endpoint ? (endpoint.tokenHosts ?? []).join(", ") : "",
  };
}

/** The fields that cannot be empty and are. A stored secret counts only while nothing says where it goes anew. */
export function missingFields(draft: EndpointDraft, keptSecret: boolean): (keyof EndpointDraft)[] {
  const shown = shownFields(draft);
  const needed: (keyof EndpointDraft)[] = ["name", "address", "username"];
  if (!keptSecret && secretNeedOf(toEndpoint(draft)) === "required") needed.push("secret");
  return needed.filter((field) => shown.has(field) && draft[field].trim() === "");
}

/** Whether what is typed leads where the stored secret was meant for. */
export function isSamePlace(draft: EndpointDraft, view: EndpointView): boolean {
  const before = toEndpoint(toDraft(view));
  return JSON.stringify(toEndpoint(draft)) === JSON.stringify(before);
}
