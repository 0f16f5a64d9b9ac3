import { KubeconfigError, type KubeconfigProblem } from "./access.ts";
import { allowKeys } from "./kubeconfig-file.ts";
import type { Plain, PlainMap } from "./strict-yaml.ts";

/** Fields that would run something, read a file of this machine, reroute us or act as somebody else. */
const refusedOfUser: [string, KubeconfigProblem][] = [
  ["exec", "exec"],
  ["auth-provider", "auth-provider"],
  ["as", "impersonation"],
  ["as-uid", "impersonation"],
  ["as-groups", "impersonation"],
  ["as-user-extra", "impersonation"],
  ["tokenFile", "token-file"],
  ["client-certificate", "client-certificate-file"],
  ["client-key", "client-key-file"],
  ["username", "basic-auth"],
  ["password", "basic-auth"],
];
const allowedOfUser = ["token", "client-certificate-data", "client-key-data", "extensions"];

const refusedOfCluster: [string, KubeconfigProblem][] = [
  ["insecure-skip-tls-verify", "insecure-skip-tls-verify"],
  ["proxy-url", "proxy-url"],
  ["certificate-authority", "certificate-authority-file"],
];
const allowedOfCluster = [
  "server",
  "certificate-authority-data",
  "tls-server-name",
  "disable-compression",
  "extensions",
];

export function refuseUserKeys(user: PlainMap): void {
  refuse(user, refusedOfUser, allowedOfUser);
}

export function refuseClusterKeys(cluster: PlainMap): void {
  refuse(cluster, refusedOfCluster, allowedOfCluster);
}

function refuse(map: PlainMap, refused: [string, KubeconfigProblem][], allowed: string[]): void {
  for (const [key, problem] of refused) if (!isUnset(map.get(key))) throw new KubeconfigError(problem);
  allowKeys(map, [...allowed, ...refused.map(([key]) => key)]);
}

/** What every writer of kubeconfigs leaves behind for a field that is not used. */
function isUnset(value: Plain | undefined): boolean {
  return value === undefined || value === null || value === "" || value === false;
}
