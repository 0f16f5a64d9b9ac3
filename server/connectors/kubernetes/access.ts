/** Everything that is needed to speak to one Kubernetes API as one user, and nothing that would have to be run. */
export type KubernetesAccess = {
  /** https, host in its usual spelling, perhaps a port and a path; no trailing slash */
  server: string;
  /** absent: the system's roots */
  caPem?: string;
  tlsServerName?: string;
  auth: KubernetesAuth;
};

export type KubernetesAuth =
  | { type: "token"; token: string }
  | { type: "client-certificate"; certificatePem: string; keyPem: string };

/** Each has its sentence in messages/<locale>/kubeconfig.json. */
export const kubeconfigProblems = [
  "empty",
  "too-large",
  "not-text",
  "hidden-characters",
  "not-yaml",
  "several-documents",
  "yaml-alias",
  "yaml-tag",
  "too-deep",
  "too-dense",
  "key-not-text",
  "duplicate-key",
  "not-a-kubeconfig",
  "unknown-key",
  "wrong-type",
  "name-missing",
  "no-contexts",
  "duplicate-context",
  "duplicate-cluster",
  "duplicate-user",
  "context-not-chosen",
  "context-not-found",
  "cluster-missing",
  "user-missing",
  "exec",
  "auth-provider",
  "token-file",
  "client-certificate-file",
  "client-key-file",
  "certificate-authority-file",
  "basic-auth",
  "impersonation",
  "proxy-url",
  "insecure-skip-tls-verify",
  "server-missing",
  "server-not-a-url",
  "server-not-https",
  "server-credentials",
  "server-query",
  "server-path",
  "server-port",
  "server-host",
  "tls-server-name-invalid",
  "bad-base64",
  "ca-not-certificate",
  "no-credential",
  "two-credentials",
  "token-malformed",
  "client-certificate-missing",
  "client-certificate-not-pem",
  "client-key-missing",
  "client-key-not-pem",
  "client-key-encrypted",
  "client-key-mismatch",
] as const;
export type KubeconfigProblem = (typeof kubeconfigProblems)[number];

/** Why a kubeconfig, or what was typed instead of one, is not accepted. Never holds what was in a secret field. */
export class KubeconfigError extends Error {
  readonly problem: KubeconfigProblem;
  readonly values: Record<string, string>;
  constructor(problem: KubeconfigProblem, values: Record<string, string> = {}) {
    super(`kubeconfig: ${problem}`);
    this.name = "KubeconfigError";
    this.problem = problem;
    this.values = values;
  }
}
