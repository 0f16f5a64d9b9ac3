import type { KubeconfigContext, KubernetesSource } from "#common/contracts/cluster.ts";
import { KubeconfigError, type KubernetesAccess, type KubernetesAuth } from "./access.ts";
import {
  readBase64,
  readCa,
  readClientCertificate,
  readServer,
  readTlsServerName,
  readToken,
} from "./access-values.ts";
import { type Kubeconfig, readKubeconfig } from "./kubeconfig-file.ts";
import { refuseClusterKeys, refuseUserKeys } from "./kubeconfig-keys.ts";
import { type PlainMap, shown } from "./strict-yaml.ts";

/** The contexts a kubeconfig offers, each usable or with its one problem. Throws where the file itself is refused. */
export function parseKubeconfig(text: string): KubeconfigContext[] {
  const file = readKubeconfig(text);
  const read = createReaders();
  return [...file.contexts.keys()].map((name) => {
    const base = { name, current: name === file.currentContext, problem: null, problemValues: {} };
    try {
      const access = accessOf(file, name, read);
      return { ...base, server: access.server, credentialKind: access.auth.type };
    } catch (error) {
      if (!(error instanceof KubeconfigError)) throw error;
      const { problem, values } = error;
      return { ...base, server: null, credentialKind: null, problem, problemValues: values };
    }
  });
}

/** What one context gives: the named one, else the current one, else the only one. */
export function readKubeconfigContext(text: string, contextName?: string): KubernetesAccess {
  const file = readKubeconfig(text);
  const names = [...file.contexts.keys()];
  const chosen = contextName ?? file.currentContext ?? (names.length === 1 ? names[0] : undefined);
  if (chosen === undefined) throw new KubeconfigError("context-not-chosen");
  return accessOf(file, chosen, createReaders());
}

/** The same for what a person typed in field by field. */
export function readManualAccess(
  source: Exclude<KubernetesSource, { type: "kubeconfig" }>,
): KubernetesAccess {
  return {
    server: readServer(source.server),
    caPem: readCa(source.caPem),
    tlsServerName: readTlsServerName(source.tlsServerName),
    auth:
      source.type === "token"
        ? readToken(source.token)
        : readClientCertificate(source.certificatePem, source.keyPem),
  };
}

type Readers = {
  cluster(map: PlainMap): Omit<KubernetesAccess, "auth">;
  user(map: PlainMap): KubernetesAuth;
};

/** A thousand contexts may share one cluster and user: each is read, or refused, once. */
function createReaders(): Readers {
  return { cluster: once(clusterOf), user: once(authOf) };
}

function once<Value>(read: (map: PlainMap) => Value): (map: PlainMap) => Value {
  const known = new Map<PlainMap, { value: Value } | { error: unknown }>();
  return (map) => {
    let outcome = known.get(map);
    if (!outcome) {
      try {
        outcome = { value: read(map) };
      } catch (error) {
        outcome = { error };
      }
      known.set(map, outcome);
    }
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
  };
}

function accessOf(file: Kubeconfig, contextName: string, read: Readers): KubernetesAccess {
  const context = file.contexts.get(contextName);
  if (!context) throw new KubeconfigError("context-not-found", { name: shown(contextName) });
  const cluster = file.clusters.get(text(context, "cluster") ?? "");
  if (!cluster) throw new KubeconfigError("cluster-missing", { name: shown(text(context, "cluster") ?? "") });
  const user = file.users.get(text(context, "user") ?? "");
  if (!user) throw new KubeconfigError("user-missing", { name: shown(text(context, "user") ?? "") });
  // What a user would run or read is worth saying before anything of the cluster.
  refuseUserKeys(user);
  return { ...read.cluster(cluster), auth: read.user(user) };
}

function clusterOf(cluster: PlainMap): Omit<KubernetesAccess, "auth"> {
  refuseClusterKeys(cluster);
  const ca = text(cluster, "certificate-authority-data");
  return {
    server: readServer(text(cluster, "server")),
    caPem: ca ? readCa(readBase64("certificate-authority-data", ca)) : undefined,
    tlsServerName: readTlsServerName(text(cluster, "tls-server-name")),
  };
}

function authOf(user: PlainMap): KubernetesAuth {
  const token = text(user, "token");
  const certificate = text(user, "client-certificate-data");
  const key = text(user, "client-key-data");
  // A server that accepts the certificate never looks at the token: a wrong one would go unnoticed.
  if (token && (certificate || key)) throw new KubeconfigError("two-credentials");
  if (token) return readToken(token);
  if (!certificate && !key) throw new KubeconfigError("no-credential");
  if (!certificate) throw new KubeconfigError("client-certificate-missing");
  if (!key) throw new KubeconfigError("client-key-missing");
  return readClientCertificate(
    readBase64("client-certificate-data", certificate),
    readBase64("client-key-data", key),
  );
}

/** An optional text field; empty counts as absent. */
function text(map: PlainMap, field: string): string | undefined {
  const value = map.get(field);
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string") throw new KubeconfigError("wrong-type", { field });
  return value;
}
