import type { CheckSourceType } from "#common/contracts/team-runbook.ts";
import { checkSourceTypes } from "#common/contracts/team-runbook.ts";
import { kinds } from "../needs/kubernetes.ts";
import type { KubernetesKind } from "../needs/need.ts";
import { Fields } from "./read-fields.ts";
import type { CommandSpec, SourceSpec } from "./spec.ts";
import type { YamlTree } from "./yaml-tree.ts";

const more: Record<string, KubernetesKind> = Object.fromEntries(
  [
    ["", "v1", "ConfigMap", "configmaps"],
    ["", "v1", "PersistentVolumeClaim", "persistentvolumeclaims"],
    ["", "v1", "ServiceAccount", "serviceaccounts"],
    ["", "v1", "ResourceQuota", "resourcequotas"],
    ["networking.k8s.io", "v1", "Ingress", "ingresses"],
    ["networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies"],
    ["autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers"],
    ["policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets"],
  ].map(([group = "", version = "", kind = "", resource = ""]) => [
    kind,
    { group, version, kind, resource, namespaced: true },
  ]),
);
const known: Record<string, KubernetesKind> = { ...kinds, ...more };

const selectorPattern = /^[A-Za-z0-9./_=!,() -]+$/;
const fieldSelectorPattern = /^[A-Za-z0-9.[\]/_=!,-]+$/;
const group = /^[a-z0-9]([a-z0-9.-]{0,200}[a-z0-9])?$/;
const controls = /\p{Cc}/u;
const mostArguments = 40;

/** The one place a check asks, and where its name stands in the text. */
export function readSource(fields: Fields): { source: SourceSpec; at: number } | undefined {
  const { problems } = fields;
  const named = checkSourceTypes.filter((type) => fields.has(type));
  const [type, second] = named;
  if (!type || second) {
    const at = second ? (fields.field(second)?.keyAt ?? fields.at) : fields.at;
    problems.add(at, "one-source", { sources: checkSourceTypes.join(", ") });
    return undefined;
  }
  const field = fields.field(type);
  if (!field) return undefined;
  const own = Fields.of(field.tree, type, { problems, allowed: allowed[type] });
  const source = own && readers[type](own);
  return source && { source, at: field.keyAt };
}

const allowed: Record<CheckSourceType, string[]> = {
  kubernetes: ["kind", "labelSelector", "fieldSelector"],
  host: ["command", "sudo", "timeoutSeconds"],
  nagios: ["command", "sudo", "timeoutSeconds"],
  http: ["url", "path", "method", "headers"],
};

const readers: Record<CheckSourceType, (fields: Fields) => SourceSpec | undefined> = {
  kubernetes: readKubernetes,
  host: (fields) => withType("host", readCommand(fields)),
  nagios: (fields) => withType("nagios", readCommand(fields)),
  http: readHttp,
};

function withType(type: "host" | "nagios", command: CommandSpec | undefined): SourceSpec | undefined {
  return command && { type, ...command };
}

function readKubernetes(fields: Fields): SourceSpec | undefined {
  const field = fields.field("kind", true);
  const kind = field && readKind(field.tree, fields);
  const labelSelector = fields.text("labelSelector", { most: 500, pattern: selectorPattern });
  const fieldSelector = fields.text("fieldSelector", { most: 500, pattern: fieldSelectorPattern });
  return kind && { type: "kubernetes", kind, labelSelector, fieldSelector };
}

function readKind(tree: YamlTree, fields: Fields): KubernetesKind | undefined {
  const { problems } = fields;
  if (tree.type === "scalar") {
    const kind = Object.hasOwn(known, String(tree.value)) ? known[String(tree.value)] : undefined;
    if (!kind) problems.add(tree.at, "kind-unknown", { value: String(tree.value) });
    return kind;
  }
  const own = Fields.of(tree, "kind", {
    problems,
    allowed: ["group", "version", "kind", "resource", "namespaced"],
  });
  if (!own) return undefined;
  const parts = {
    group: own.has("group") ? own.text("group", { most: 253, pattern: group }) : "",
    version: own.text("version", { most: 40, pattern: /^v[0-9][a-z0-9]*$/ }, true),
    kind: own.text("kind", { most: 63, pattern: /^[A-Z][A-Za-z0-9]*$/ }, true),
    resource: own.text("resource", { most: 63, pattern: /^[a-z][a-z0-9-]*$/ }, true),
  };
  const namespaced = own.boolean("namespaced") ?? true;
  const { version, kind, resource } = parts;
  if (parts.group === undefined || !version || !kind || !resource) return undefined;
  return { group: parts.group, version, kind, resource, namespaced };
}

function readCommand(fields: Fields): CommandSpec | undefined {
  const list = fields.list("command", mostArguments, true);
  const sudo = fields.boolean("sudo") ?? false;
  const timeoutSeconds = fields.number("timeoutSeconds", { least: 1, most: 60 }) ?? 10;
  if (!list) return undefined;
  const argv = list.items.flatMap((item) => {
    const text = fields.textOf(item, "command", 4_000);
    if (!text) return [];
    if (!controls.test(text.value.replaceAll("\n", ""))) return text.value;
    fields.problems.add(item.at, "pattern", { key: "command", value: text.value });
    return [];
  });
  const [file, ...rest] = argv;
  if (file === undefined || argv.length < list.items.length) {
    if (list.items.length === 0) fields.problems.add(list.at, "not-text", { key: "command" });
    return undefined;
  }
  if (/^[a-zA-Z0-9/_.+-]+$/.test(file)) return { argv: [file, ...rest], sudo, timeoutSeconds };
  fields.problems.add(list.items[0]?.at ?? list.at, "pattern", { key: "command", value: file });
  return undefined;
}

function readHttp(fields: Fields): SourceSpec | undefined {
  const { problems } = fields;
  const url = fields.scalar("url", 2_000);
  const path = fields.text("path", { most: 2_000, pattern: /^\/[^\s#]*$/ });
  if (!fields.has("url") && !fields.has("path")) problems.add(fields.at, "missing-key", { key: "url" });
  if (fields.has("url") && fields.has("path"))
    problems.add(fields.field("path")?.keyAt ?? fields.at, "address");
  if (url && !isWebAddress(url.value)) problems.add(url.at, "address");
  const method = fields.choice("method", ["GET", "HEAD"]) ?? "GET";
  return { type: "http", url: url?.value ?? null, path, method, headers: readHeaders(fields) };
}

/** No user and password in it: every member of the team reads the text. */
function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return (
    ["http:", "https:"].includes(url.protocol) &&
    url.username === "" &&
    url.password === "" &&
    url.hash === ""
  );
}

const secretHeaders = /^(authorization|proxy-authorization|cookie|x-api-key|x-auth-token|x-vault-token)$/i;
/** What the connection itself says. */
const ownHeaders = /^(host|content-length|transfer-encoding|connection|upgrade|te|trailer|expect)$/i;

function readHeaders(fields: Fields): Record<string, string> {
  const { problems } = fields;
  const written = fields.field("headers");
  if (!written) return {};
  if (written.tree.type !== "map" || written.tree.entries.size > 20) {
    problems.add(written.tree.at, "not-a-map", { key: "headers" });
    return {};
  }
  const headers: [string, string][] = [];
  for (const [name, { keyAt, tree }] of written.tree.entries) {
    if (secretHeaders.test(name)) problems.add(keyAt, "header-secret", { name });
    else if (!/^[A-Za-z0-9-]{1,60}$/.test(name) || ownHeaders.test(name)) {
      problems.add(keyAt, "pattern", { key: "headers", value: name });
    }
    const value = fields.textOf(tree, name, 500);
    if (value && !/^[\t\x20-\x7e]*$/.test(value.value)) {
      problems.add(tree.at, "pattern", { key: name, value: value.value });
    } else if (value) headers.push([name.toLowerCase(), value.value]);
  }
  return Object.fromEntries(headers);
}
