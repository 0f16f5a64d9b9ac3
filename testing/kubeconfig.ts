import { createCertificateAuthority } from "./certificates.ts";

/** A kubeconfig as one comes from a cluster: one context, a CA and a token. */
export async function makeKubeconfig({ server, token }: { server: string; token: string }): Promise<string> {
  const authority = await createCertificateAuthority();
  const ca = Buffer.from(authority.certPem).toString("base64");
  return `apiVersion: v1
kind: Config
current-context: main
contexts: [{name: main, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: {server: "${server}", certificate-authority-data: ${ca}}}]
users: [{name: u, user: {token: ${token}}}]
`;
}
