import { X509Certificate } from "node:crypto";
import { type Endpoint, secretNeedOf } from "#common/contracts/endpoint.ts";
import { isPlainHost } from "#server/connectors/host-name.ts";
import { AppError } from "#server/errors.ts";
import { formatHostPort, parseBaseUrl, parseHostPort, parseHostPorts } from "./address.ts";

/** Keys of messages/<locale>/endpoints.json, below "problem". */
type Problem =
  | "address-place"
  | "address-places"
  | "address-url"
  | "address-https"
  | "secret-needs-https"
  | "secret-needs-tls"
  | "ca-not-pem"
  | "server-name"
  | "token-hosts"
  | "secret-missing"
  | "secret-unused";

const defaultPorts = { tls: 443, mysql: 3306, dns: 53, kafka: 9092 } as const;

/** The endpoint with its address in one spelling; or `invalid`, each problem at its field. */
export function admitEndpoint(endpoint: Endpoint): Endpoint {
  const problems: Record<string, Problem> = {};
  const address = addressOf(endpoint);
  if ("problem" in address) problems["endpoint.address"] = address.problem;
  if (endpoint.caPem !== undefined && !isPem(endpoint.caPem)) problems["endpoint.caPem"] = "ca-not-pem";
  if ("serverName" in endpoint && endpoint.serverName !== undefined && !isPlainHost(endpoint.serverName)) {
    problems["endpoint.serverName"] = "server-name";
  }
  if (endpoint.kind === "registry" && !(endpoint.tokenHosts ?? []).every(isPlainHost)) {
    problems["endpoint.tokenHosts"] = "token-hosts";
  }
  if (endpoint.kind === "kafka" && endpoint.tls === "off" && isPlainSasl(endpoint)) {
    problems["endpoint.tls"] = "secret-needs-tls";
  }
  refuse(problems);
  return { ...endpoint, address: "text" in address ? address.text : endpoint.address };
}

/** A secret where there has to be one, and none where nobody would ever send it. */
export function admitSecret(endpoint: Endpoint, secret: string | undefined): void {
  const need = secretNeedOf(endpoint);
  if (need === "required" && secret === undefined) refuse({ secret: "secret-missing" });
  if (need === "none" && secret !== undefined) refuse({ secret: "secret-unused" });
}

function refuse(fields: Record<string, Problem>): void {
  if (Object.keys(fields).length > 0) throw new AppError("invalid", "invalid", { fields });
}

function addressOf(endpoint: Endpoint): { text: string } | { problem: Problem } {
  switch (endpoint.kind) {
    case "kafka": {
      const places = parseHostPorts(endpoint.address, defaultPorts.kafka);
      return places ? { text: places.map(formatHostPort).join(",") } : { problem: "address-places" };
    }
    case "tls":
    case "mysql":
      return placeOf(endpoint.address, defaultPorts[endpoint.kind]);
    case "dns":
      if (endpoint.transport === "udp" || endpoint.transport === "tcp") {
        return placeOf(endpoint.address, defaultPorts.dns);
      }
      return urlOf(endpoint.address, "address-https");
    default:
      return urlOf(endpoint.address, secretNeedOf(endpoint) === "none" ? null : "secret-needs-https");
  }
}

function placeOf(text: string, defaultPort: number): { text: string } | { problem: Problem } {
  const place = parseHostPort(text, defaultPort);
  return place ? { text: formatHostPort(place) } : { problem: "address-place" };
}

function urlOf(text: string, withoutTls: Problem | null): { text: string } | { problem: Problem } {
  const url = parseBaseUrl(text);
  if (!url) return { problem: "address-url" };
  if (withoutTls && url.protocol !== "https:") return { problem: withoutTls };
  return { text: url.href };
}

function isPlainSasl({ auth }: Extract<Endpoint, { kind: "kafka" }>): boolean {
  return auth.type === "sasl" && auth.mechanism === "PLAIN";
}

function isPem(text: string): boolean {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  // Nothing but certificates: a private key pasted along would be stored in the clear.
  const rest = blocks.reduce((left, block) => left.replace(block, ""), text);
  if (blocks.length === 0 || /-----BEGIN/.test(rest)) return false;
  try {
    return blocks.every((block) => new X509Certificate(block).raw.length > 0);
  } catch {
    return false;
  }
}
