import type { KubernetesSource } from "#common/contracts/cluster.ts";
import { KubeconfigError, type KubernetesAccess } from "#server/connectors/kubernetes/access.ts";
import { readKubeconfigContext, readManualAccess } from "#server/connectors/kubernetes/kubeconfig.ts";
import { AppError } from "#server/errors.ts";
import type { ConnectionSettings } from "./connection-settings.ts";

/** What a person handed in, as an access that is safe to use; or `invalid` with the problem's name. */
export function readSource(source: KubernetesSource): KubernetesAccess {
  return refusingProblems(() =>
    source.type === "kubeconfig"
      ? readKubeconfigContext(source.text, source.context)
      : readManualAccess(source),
  );
}

/** The problem is a key in messages/<locale>/kubeconfig.json. The cause is left out: it came from the file. */
export function refusingProblems<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof KubeconfigError)) throw error;
    throw new AppError("invalid", error.problem, { values: error.values });
  }
}

export function settingsOf(access: KubernetesAccess, requestedAt: Date): ConnectionSettings {
  const { caPem, tlsServerName, auth } = access;
  return { caPem, tlsServerName, credentialKind: auth.type, testRequestedAt: requestedAt.toISOString() };
}

/** The secret part, by the names under which the worker finds it again. */
export function secretsOf({ auth }: KubernetesAccess): Record<string, string> {
  return auth.type === "token"
    ? { token: auth.token }
    : { certificatePem: auth.certificatePem, keyPem: auth.keyPem };
}
