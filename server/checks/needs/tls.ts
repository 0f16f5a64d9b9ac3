import type { NeedOf, TlsHandshakeRequest } from "./need.ts";

/** What a TLS server presented. Certificates as base64 DER, leaf first, in the order they were sent. */
export type TlsHandshake = {
  endpoint: string;
  serverName: string;
  address: string;
  protocol: string;
  cipher: string;
  sent: string[];
  /** set where the bytes on the wire could not be read: `sent` is then in the verifier's order, perhaps completed */
  sentIsReconstructed?: true;
  /** the path to a trusted root that the platform's verifier found, leaf to root; null if it found none */
  verifiedChain: string[] | null;
  /** OpenSSL's word for why it was not verified ("CERT_HAS_EXPIRED"); null if it was */
  verifyError: string | null;
  handshakeMs: number;
};

export const tls = {
  handshake(
    endpoint: { host: string; port: number } | null,
    options: { serverName?: string; extraRootsPem?: string } = {},
  ): NeedOf<TlsHandshakeRequest, TlsHandshake, false> {
    return { type: "tls.handshake", endpoint, optional: false, ...options };
  },
};
