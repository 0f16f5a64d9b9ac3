import { stringify } from "yaml";
import type { Pair } from "./certificates.ts";

type Credential = { token: string } | { certificate: Pair };

/** A kubeconfig with everything inline: no files, no commands. */
export function kubeconfigFor(url: string, caPem: string, user: string, credential: Credential): string {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const fields =
    "token" in credential
      ? { token: credential.token }
      : {
          "client-certificate-data": base64(credential.certificate.certificatePem),
          "client-key-data": base64(credential.certificate.keyPem),
        };
  return stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "practice", cluster: { server: url, "certificate-authority-data": base64(caPem) } }],
      users: [{ name: user, user: fields }],
      contexts: [{ name: `practice-${user}`, context: { cluster: "practice", user } }],
      "current-context": `practice-${user}`,
    },
    { lineWidth: 0 },
  );
}
