import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { isPlainHost } from "../host-name.ts";
import { KubeconfigError, type KubernetesAuth } from "./access.ts";
import { hasHiddenCharacters } from "./strict-yaml.ts";

const pemBlock = /-----BEGIN ([A-Z0-9 ]+)-----[A-Za-z0-9+/=\s]+?-----END \1-----/g;

/**
 * The address of an API server in its one spelling. Read by hand: `new URL` would turn "0x7f.1" into an address and
 * drop what nobody should have written.
 */
export function readServer(text: string | undefined): string {
  if (!text) throw new KubeconfigError("server-missing");
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (!scheme || /[\s\\]/.test(text) || hasHiddenCharacters(text))
    throw new KubeconfigError("server-not-a-url");
  if (scheme !== "https") throw new KubeconfigError("server-not-https");
  const rest = text.slice("https://".length);
  if (/[?#]/.test(rest)) throw new KubeconfigError("server-query");
  const slash = rest.indexOf("/");
  const authority = slash === -1 ? rest : rest.slice(0, slash);
  if (authority.includes("@")) throw new KubeconfigError("server-credentials");
  return `https://${readAuthority(authority)}${readPath(slash === -1 ? "" : rest.slice(slash))}`;
}

function readAuthority(authority: string): string {
  const parts = /^(\[[^\]]*\]|[^:[\]]*)(?::(.*))?$/.exec(authority);
  if (!parts) throw new KubeconfigError("server-host");
  const [, host = "", port] = parts;
  const bare = host.startsWith("[") ? host.slice(1, -1) : host;
  const isBracketed = host.startsWith("[");
  if (isBracketed !== bare.includes(":") || !isPlainHost(bare)) throw new KubeconfigError("server-host");
  if (port === undefined) return host.toLowerCase();
  if (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65_535) throw new KubeconfigError("server-port");
  return `${host.toLowerCase()}:${port}`;
}

function readPath(path: string): string {
  const trimmed = path.replace(/\/$/, "");
  if (!/^(\/[A-Za-z0-9._~-]+)*$/.test(trimmed) || /\/\.{1,2}(\/|$)/.test(trimmed)) {
    throw new KubeconfigError("server-path");
  }
  return trimmed;
}

export function readTlsServerName(text: string | undefined): string | undefined {
  if (!text) return undefined;
  if (!isPlainHost(text)) throw new KubeconfigError("tls-server-name-invalid");
  return text.toLowerCase();
}

/** Text of a base64 field. Line breaks are let through, as every other reader does. */
export function readBase64(field: string, text: string): string {
  const compact = text.replace(/[\r\n]/g, "");
  const bytes = Buffer.from(compact, "base64");
  if (compact === "" || bytes.toString("base64") !== compact)
    throw new KubeconfigError("bad-base64", { field });
  return bytes.toString("latin1");
}

/** The certificates of a bundle and nothing else of it. */
export function readCa(pem: string | undefined): string | undefined {
  if (!pem?.trim()) return undefined;
  return readCertificates(pem, "ca-not-certificate")
    .map(({ block }) => block)
    .join("");
}

export function readToken(token: string): KubernetesAuth {
  if (!/^[\x21-\x7e]{1,16384}$/.test(token)) throw new KubeconfigError("token-malformed");
  return { type: "token", token };
}

/** Leaf first, then what the server may need to verify it. The key comes out as PKCS #8. */
export function readClientCertificate(certificatePem: string, keyPem: string): KubernetesAuth {
  const certificates = readCertificates(certificatePem, "client-certificate-not-pem");
  const key = readKey(keyPem);
  if (!certificates[0]?.certificate.checkPrivateKey(key)) throw new KubeconfigError("client-key-mismatch");
  return {
    type: "client-certificate",
    certificatePem: certificates.map(({ block }) => block).join(""),
    keyPem: key.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function readCertificates(pem: string, problem: "ca-not-certificate" | "client-certificate-not-pem") {
  const blocks = [...pem.matchAll(pemBlock)];
  if (blocks.length === 0) throw new KubeconfigError(problem);
  return blocks.map(([block, label]) => {
    if (label !== "CERTIFICATE") throw new KubeconfigError(problem);
    try {
      return { block: `${block}\n`, certificate: new X509Certificate(block) };
    } catch {
      throw new KubeconfigError(problem);
    }
  });
}

function readKey(pem: string): KeyObject {
  if (/ENCRYPTED/.test(pem)) throw new KubeconfigError("client-key-encrypted");
  const block = [...pem.matchAll(pemBlock)].find(([, label]) => label?.endsWith("PRIVATE KEY"))?.[0];
  if (!block) throw new KubeconfigError("client-key-not-pem");
  try {
    return createPrivateKey(block);
  } catch {
    throw new KubeconfigError("client-key-not-pem");
  }
}
