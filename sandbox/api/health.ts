import type { Answer, Call } from "./context.ts";
import { PageNotFound } from "./status.ts";

/** The practice cluster says of itself that it is one, wherever a client looks first. */
export const gitVersion = "v1.33.13+practice";

export function versionInfo(): Answer {
  return {
    status: 200,
    object: {
      major: "1",
      minor: "33",
      emulationMajor: "1",
      emulationMinor: "33",
      minCompatibilityMajor: "1",
      minCompatibilityMinor: "32",
      gitVersion,
      gitCommit: "0000000000000000000000000000000000000000",
      gitTreeState: "clean",
      buildDate: "2026-01-05T00:00:00Z",
      goVersion: "go1.24.4",
      compiler: "gc",
      platform: "linux/amd64",
    },
  };
}

const hooks = [
  "start-apiserver-admission-initializer",
  "generic-apiserver-start-informers",
  "priority-and-fairness-config-consumer",
  "priority-and-fairness-filter",
  "storage-object-count-tracker-hook",
  "start-apiextensions-informers",
  "start-apiextensions-controllers",
  "crd-informer-synced",
  "start-system-namespaces-controller",
  "start-cluster-authentication-info-controller",
  "start-kube-apiserver-identity-lease-controller",
  "start-kube-apiserver-identity-lease-garbage-collector",
  "start-legacy-token-tracking-controller",
  "start-service-ip-repair-controllers",
  "rbac/bootstrap-roles",
  "scheduling/bootstrap-system-priority-classes",
  "priority-and-fairness-config-producer",
  "bootstrap-controller",
  "start-kubernetes-service-cidr-controller",
  "aggregator-reload-proxy-client-cert",
  "start-kube-aggregator-informers",
  "apiservice-status-local-available-controller",
  "apiservice-status-remote-available-controller",
  "apiservice-registration-controller",
  "apiservice-discovery-controller",
  "kube-apiserver-autoregistration",
].map((name) => `poststarthook/${name}`);

function checksOf(endpoint: string): string[] {
  const ready = endpoint === "readyz" ? ["etcd-readiness", "informer-sync"] : [];
  const last = endpoint === "readyz" ? ["shutdown"] : [];
  return ["ping", "log", "etcd", ...ready, ...hooks, "autoregister-completion", ...last];
}

/** /livez, /readyz, /healthz and their single checks; undefined: another path. */
export function health({ path, query }: Call): Answer | undefined {
  const [, endpoint = "", check] = /^\/(livez|readyz|healthz)(?:\/(.+))?$/.exec(path) ?? [];
  if (endpoint === "") return undefined;
  const checks = checksOf(endpoint);
  if (check !== undefined && !checks.includes(check)) throw new PageNotFound();
  const verbose = check === undefined && query.has("verbose");
  const lines = checks.map((name) => `[+]${name} ok\n`).join("");
  return {
    status: 200,
    headers: { "X-Content-Type-Options": "nosniff" },
    text: verbose ? `${lines}${endpoint} check passed\n` : "ok",
  };
}
