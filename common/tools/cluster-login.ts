import { shellCommand, shellWord } from "../kubernetes/shell.ts";
import type { CommandStep } from "./command-step.ts";

/** A kubeconfig for somebody, the smallest role that does, and how to take both away again. */

export const loginMethods = ["certificate", "token"] as const;
export const loginScopes = ["namespace", "cluster"] as const;

export type LoginInput = {
  name: string;
  namespace: string;
  server: string;
  cluster: string;
  days: number;
  method: (typeof loginMethods)[number];
  scope: (typeof loginScopes)[number];
  /** separated by commas */
  verbs: string;
  resources: string;
};
export type LoginField = "name" | "namespace" | "server" | "cluster" | "verbs" | "resources" | "days";

export const mostDays = 365;
const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** A user may be an address; a ServiceAccount is an object, and its name one of an object. */
const user = /^[A-Za-z0-9]([A-Za-z0-9._@-]{0,62}[A-Za-z0-9])?$/;
const url =
  /^https:\/\/(\[[0-9a-fA-F:]+\]|[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?)(:[1-9][0-9]{0,4})?(\/[A-Za-z0-9._~/-]*)?$/;
const resource = /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*(\/[a-z]+)?$/;
const verbs = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

/** A name that the API takes for a request, made of a user's. */
function objectName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9-]+/g, "-");
}

function listed(text: string): string[] {
  return text.split(",").map((part) => part.trim());
}

export function loginProblems(input: LoginInput): LoginField[] {
  const problems: LoginField[] = [];
  const reserved = input.name.startsWith("system:");
  if (reserved || !(input.method === "token" ? label : user).test(input.name)) problems.push("name");
  if (!label.test(input.namespace)) problems.push("namespace");
  if (!url.test(input.server)) problems.push("server");
  if (!user.test(input.cluster)) problems.push("cluster");
  if (!listed(input.verbs).every((verb) => verbs.includes(verb))) problems.push("verbs");
  if (!listed(input.resources).every((name) => resource.test(name))) problems.push("resources");
  if (!Number.isInteger(input.days) || input.days < 1 || input.days > mostDays) problems.push("days");
  return problems;
}

/** From nothing to a kubeconfig that works, and back. Only for input without problems. */
export function loginSteps(input: LoginInput): CommandStep[] {
  return [
    { id: input.method === "token" ? "account" : "certificate", code: credential(input) },
    { id: "role", code: role(input) },
    { id: "kubeconfig", code: kubeconfig(input) },
    { id: "try", code: attempt(input) },
    { id: input.method === "token" ? "undoToken" : "undoCertificate", code: undo(input) },
  ];
}

function credential(input: LoginInput): string {
  const { name, namespace, days } = input;
  if (input.method === "token")
    return [
      shellCommand("kubectl", "create", "serviceaccount", name, "--namespace", namespace),
      `token=$(${shellCommand("kubectl", "create", "token", name, "--namespace", namespace, "--duration", `${days * 24}h`)})`,
    ].join("\n");
  const request = objectName(name);
  const object = JSON.stringify({
    apiVersion: "certificates.k8s.io/v1",
    kind: "CertificateSigningRequest",
    metadata: { name: request },
    spec: {
      signerName: "kubernetes.io/kube-apiserver-client",
      expirationSeconds: days * 86_400,
      usages: ["client auth"],
      request: "%s",
    },
  });
  return [
    "umask 077",
    shellCommand(
      ...["openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes"],
      ...["-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${name}`],
    ),
    `printf ${shellWord(object)} "$(base64 < ${shellWord(`${name}.csr`)} | tr -d '\\n')" | kubectl create --filename -`,
    shellCommand("kubectl", "certificate", "approve", request),
    `until ${certificateOf(request)} | grep -q .; do sleep 1; done`,
    `${certificateOf(request)} | base64 -d > ${shellWord(`${name}.crt`)}`,
  ].join("\n");
}

function certificateOf(request: string): string {
  return shellCommand(
    ...["kubectl", "get", "certificatesigningrequest", request],
    ...["--output", "jsonpath={.status.certificate}"],
  );
}

function role({ name, namespace, method, scope, verbs: chosen, resources }: LoginInput): string {
  const object = objectName(name);
  const rules = ["--verb", listed(chosen).join(","), "--resource", listed(resources).join(",")];
  const subject = method === "token" ? ["--serviceaccount", `${namespace}:${name}`] : ["--user", name];
  if (scope === "cluster")
    return [
      shellCommand("kubectl", "create", "clusterrole", object, ...rules),
      shellCommand("kubectl", "create", "clusterrolebinding", object, "--clusterrole", object, ...subject),
    ].join("\n");
  const place = ["--namespace", namespace];
  return [
    shellCommand("kubectl", "create", "role", object, ...place, ...rules),
    shellCommand("kubectl", "create", "rolebinding", object, ...place, "--role", object, ...subject),
  ].join("\n");
}

function kubeconfig({ name, namespace, server, cluster, method }: LoginInput): string {
  const file = ["--kubeconfig", `${name}.kubeconfig`];
  const set = (...words: string[]) => shellCommand("kubectl", "config", ...words, ...file);
  const authority = shellCommand(
    ...["kubectl", "get", "configmap", "kube-root-ca.crt", "--namespace", namespace],
    ...["--output", "jsonpath={.data.ca\\.crt}"],
  );
  const context = `${name}@${cluster}`;
  return [
    "umask 077",
    `${authority} > ${shellWord(`${name}-ca.crt`)}`,
    set(
      "set-cluster",
      cluster,
      "--server",
      server,
      "--certificate-authority",
      `${name}-ca.crt`,
      "--embed-certs=true",
    ),
    method === "token"
      ? `${shellCommand("kubectl", "config", "set-credentials", name)} --token "$token" ${shellCommand(...file)}`
      : set(
          ...["set-credentials", name, "--client-certificate", `${name}.crt`],
          ...["--client-key", `${name}.key`, "--embed-certs=true"],
        ),
    set("set-context", context, "--cluster", cluster, "--user", name, "--namespace", namespace),
    set("use-context", context),
  ].join("\n");
}

function attempt({ name, namespace, scope }: LoginInput): string {
  const kubectl = ["kubectl", "--kubeconfig", `${name}.kubeconfig`];
  const where = scope === "cluster" ? [] : ["--namespace", namespace];
  return [
    shellCommand(...kubectl, "auth", "whoami"),
    shellCommand(...kubectl, "auth", "can-i", "--list", ...where),
  ].join("\n");
}

function undo({ name, namespace, method, scope }: LoginInput): string {
  const object = objectName(name);
  const gone = ["--ignore-not-found"];
  const kinds = scope === "cluster" ? ["clusterrolebinding", "clusterrole"] : ["rolebinding", "role"];
  const place = scope === "cluster" ? [] : ["--namespace", namespace];
  const files = ["kubeconfig", ...(method === "token" ? [] : ["key", "csr", "crt"])].map(
    (end) => `${name}.${end}`,
  );
  return [
    ...kinds.map((kind) => shellCommand("kubectl", "delete", kind, object, ...place, ...gone)),
    method === "token"
      ? shellCommand("kubectl", "delete", "serviceaccount", name, "--namespace", namespace, ...gone)
      : shellCommand("kubectl", "delete", "certificatesigningrequest", object, ...gone),
    shellCommand("rm", "-f", ...files, `${name}-ca.crt`),
  ].join("\n");
}
