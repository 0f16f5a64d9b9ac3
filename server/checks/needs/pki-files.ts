import type { HostStat } from "./need.ts";
import { type Certificate, MalformedCertificate, parseCertificate } from "./x509.ts";
import { isCertificateLabel, readPemBlocks } from "./x509-pem.ts";

/** Certificates as a host keeps them. Keys are never read: of files that hold both, a command prints the certificate. */

export type CertificateFile = { path: string; ders: string[]; broken: number };

/** The certificates of a PEM file as base64 DER; what else is in it is dropped where it is read. */
export function readCertificates(text: string): { ders: string[]; broken: number } {
  const blocks = readPemBlocks(text).filter(({ label }) => isCertificateLabel(label));
  const good = blocks.filter(({ der, endLine }) => endLine !== null && der.length > 0);
  return { ders: good.map(({ der }) => der.toString("base64")), broken: blocks.length - good.length };
}

const kubeconfigs = ["admin", "super-admin", "controller-manager", "scheduler", "kubelet"];

/** Prints nothing but lines with certificates: "/etc/kubernetes/admin.conf:    client-certificate-data: LS0t…". */
export const kubeconfigCommand = [
  "grep",
  "-H",
  "-s",
  "client-certificate-data:",
  ...kubeconfigs.map((name) => `/etc/kubernetes/${name}.conf`),
] as const;

export function parseKubeconfigLines({ stdout }: { stdout: string }): CertificateFile[] {
  return stdout.split("\n").flatMap((line) => {
    const [, path, data] =
      /^(\/[^:]+):\s*client-certificate-data:\s*"?([A-Za-z0-9+/=]+)"?\s*$/.exec(line) ?? [];
    if (!path || !data) return [];
    return [{ path, ...readCertificates(Buffer.from(data, "base64").toString("utf8")) }];
  });
}

/** These hold certificate and key in one file; `F` prints the file's name, the range its certificates. */
export const kubeletCommand = [
  "sed",
  "-n",
  "-s",
  "-e",
  "1F",
  "-e",
  "/-----BEGIN CERTIFICATE-----/,/-----END CERTIFICATE-----/p",
  "/var/lib/kubelet/pki/kubelet-client-current.pem",
  "/var/lib/kubelet/pki/kubelet-server-current.pem",
  "/var/lib/kubelet/pki/kubelet.crt",
] as const;

export function parseKubeletFiles({ stdout }: { stdout: string }): CertificateFile[] {
  const pieces = stdout.split(/^(\/var\/lib\/kubelet\/pki\/\S+)$/m).slice(1);
  const files: CertificateFile[] = [];
  for (let at = 0; at + 1 < pieces.length; at += 2)
    files.push({ path: pieces[at] ?? "", ...readCertificates(pieces[at + 1] ?? "") });
  return files;
}

/** The first certificate of a file, which is the one it is about; undefined: there is none that can be read. */
export function leafOf({ ders }: CertificateFile): Certificate | undefined {
  const [first] = ders;
  if (first === undefined) return undefined;
  try {
    return parseCertificate(Buffer.from(first, "base64"));
  } catch (error) {
    if (error instanceof MalformedCertificate) return undefined;
    throw error;
  }
}

/** Which authority a file's certificate has to come from, where kubeadm made both. */
export function authorityOf(path: string): string | undefined {
  const pki = "/etc/kubernetes/pki";
  if (/^\/etc\/kubernetes\/pki\/etcd\/(server|peer|healthcheck-client)\.crt$/.test(path))
    return `${pki}/etcd/ca.crt`;
  if (path === `${pki}/apiserver-etcd-client.crt`) return `${pki}/etcd/ca.crt`;
  if (path === `${pki}/front-proxy-client.crt`) return `${pki}/front-proxy-ca.crt`;
  if (/^\/etc\/kubernetes\/(pki\/apiserver(-kubelet-client)?\.crt|[a-z-]+\.conf)$/.test(path))
    return `${pki}/ca.crt`;
  return path.endsWith("/kubelet-client-current.pem") ? `${pki}/ca.crt` : undefined;
}

type Loose = { stat: HostStat; by: "others" | "group" };

/** Links say nothing about who may read what they lead to. */
export function looseKeys(stats: HostStat[]): Loose[] {
  return stats.flatMap((stat): Loose[] => {
    if (stat.kind !== "file") return [];
    if ((stat.mode & 0o007) !== 0 || (stat.mode & 0o020) !== 0) return [{ stat, by: "others" }];
    // A group of its own is how some installers let etcd read its key.
    return (stat.mode & 0o040) !== 0 && stat.gid !== 0 ? [{ stat, by: "group" }] : [];
  });
}
