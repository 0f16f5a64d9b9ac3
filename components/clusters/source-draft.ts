import type { KubernetesSource } from "#common/contracts/cluster.ts";

/** What a person has filled in so far, for all three ways at once: changing the way loses nothing. */
export type SourceDraft = {
  type: KubernetesSource["type"];
  kubeconfig: string;
  context: string | null;
  server: string;
  caPem: string;
  tlsServerName: string;
  token: string;
  certificatePem: string;
  keyPem: string;
};

export const emptySource: SourceDraft = {
  type: "kubeconfig",
  kubeconfig: "",
  context: null,
  server: "",
  caPem: "",
  tlsServerName: "",
  token: "",
  certificatePem: "",
  keyPem: "",
};

/** The fields that the chosen way cannot do without and that are empty. */
export function missingFields(draft: SourceDraft): (keyof SourceDraft)[] {
  const needed = {
    kubeconfig: ["kubeconfig"],
    token: ["server", "token"],
    "client-certificate": ["server", "certificatePem", "keyPem"],
  } as const;
  return needed[draft.type].filter((field) => draft[field].trim() === "");
}

export function toSource(draft: SourceDraft): KubernetesSource {
  if (draft.type === "kubeconfig") {
    return { type: "kubeconfig", text: draft.kubeconfig, context: draft.context ?? undefined };
  }
  const where = {
    server: draft.server.trim(),
    caPem: draft.caPem.trim() || undefined,
    tlsServerName: draft.tlsServerName.trim() || undefined,
  };
  return draft.type === "token"
    ? { type: "token", ...where, token: draft.token.trim() }
    : {
        type: "client-certificate",
        ...where,
        certificatePem: draft.certificatePem.trim(),
        keyPem: draft.keyPem.trim(),
      };
}

/** The field that a problem of the credential's reader is about; a kubeconfig's all stand at its text. */
export function fieldOfProblem(draft: SourceDraft, problem: string): keyof SourceDraft {
  if (draft.type === "kubeconfig") return "kubeconfig";
  if (problem.startsWith("tls-server-name")) return "tlsServerName";
  if (problem.startsWith("server")) return "server";
  if (problem.startsWith("ca-")) return "caPem";
  if (problem.startsWith("client-key")) return "keyPem";
  if (problem.startsWith("client-certificate")) return "certificatePem";
  return draft.type === "token" ? "token" : "certificatePem";
}
