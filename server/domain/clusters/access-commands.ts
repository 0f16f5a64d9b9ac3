import type { AccessManifest } from "#common/contracts/cluster.ts";

/** The account that the manifest makes and the commands use. */
export const reader = { name: "weekbook-reader", namespace: "weekbook" } as const;

export const createTokenCommand = `kubectl create token ${reader.name} --namespace ${reader.namespace} --duration=2160h`;

/**
 * Prints a kubeconfig: server and CA of the current context, the token of the account. In a subshell, so that neither
 * its settings nor its variables stay behind, and without a file that could be forgotten.
 */
const kubeconfig = `(
  set -eu
  of_cluster() {
    kubectl config view --raw --minify --flatten --output "jsonpath={.clusters[0].cluster.$1}"
  }
  server=$(of_cluster server)
  ca=$(of_cluster certificate-authority-data)
  tls_server_name=$(of_cluster tls-server-name)
  token=$(${createTokenCommand})
  cat <<EOF
apiVersion: v1
kind: Config
current-context: ${reader.name}
contexts:
- name: ${reader.name}
  context: {cluster: cluster, user: ${reader.name}}
clusters:
- name: cluster
  cluster:
    server: "$server"
    certificate-authority-data: "$ca"
    tls-server-name: "$tls_server_name"
users:
- name: ${reader.name}
  user:
    token: "$token"
EOF
)`;

export const accessCommands: AccessManifest["commands"] = {
  apply: "kubectl apply -f weekbook-reader.yaml",
  kubeconfig,
};
