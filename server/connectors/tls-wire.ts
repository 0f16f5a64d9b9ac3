import { type CipherGCMTypes, createDecipheriv, createHmac } from "node:crypto";

/** What is needed to read the server's side of a TLS 1.3 handshake: the secret of our own connection. */
export type HandshakeSecret = { secret: Buffer; cipher: string };

type Suite = { hash: string; algorithm: CipherGCMTypes; keyBytes: number };

const suites: Record<string, Suite> = {
  TLS_AES_128_GCM_SHA256: { hash: "sha256", algorithm: "aes-128-gcm", keyBytes: 16 },
  TLS_AES_256_GCM_SHA384: { hash: "sha384", algorithm: "aes-256-gcm", keyBytes: 32 },
  TLS_CHACHA20_POLY1305_SHA256: {
    hash: "sha256",
    // Node's types know only the AES names here; the cipher is used in the same way.
    algorithm: "chacha20-poly1305" as CipherGCMTypes,
    keyBytes: 32,
  },
};
const recordTypes = { handshake: 22, applicationData: 23 };
const certificateMessage = 11;
const tagBytes = 16;

/**
 * The certificates a server sent, in its own order, read from the bytes it sent: Node only hands out a chain it has
 * sorted and completed. Null where the bytes cannot be read.
 */
export function sentCertificates(received: Buffer, secret: HandshakeSecret | null): Buffer[] | null {
  try {
    const message = findCertificateMessage(secret ? decrypted(received, secret) : cleartext(received));
    return message && certificateList(message, secret !== null);
  } catch {
    // Cut short, or of a shape that is not known here: the caller has another source.
    return null;
  }
}

function* records(received: Buffer): Generator<{ type: number; header: Buffer; body: Buffer }> {
  for (let at = 0; at + 5 <= received.length; ) {
    const length = received.readUInt16BE(at + 3);
    if (at + 5 + length > received.length) return;
    yield {
      type: received.readUInt8(at),
      header: received.subarray(at, at + 5),
      body: received.subarray(at + 5, at + 5 + length),
    };
    at += 5 + length;
  }
}

function* cleartext(received: Buffer): Generator<Buffer> {
  for (const { type, body } of records(received)) if (type === recordTypes.handshake) yield body;
}

/** RFC 8446, sections 5.2, 5.3 and 7.3. */
function* decrypted(received: Buffer, { secret, cipher }: HandshakeSecret): Generator<Buffer> {
  const suite = suites[cipher];
  if (!suite) return;
  const key = expandLabel(suite, secret, "key", suite.keyBytes);
  const iv = expandLabel(suite, secret, "iv", 12);
  let sequence = 0;
  for (const { type, header, body } of records(received)) {
    if (type !== recordTypes.applicationData) continue;
    const nonce = Buffer.from(iv);
    nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ sequence) >>> 0, 8);
    sequence += 1;
    const opener = createDecipheriv(suite.algorithm, key, nonce, { authTagLength: tagBytes });
    opener.setAAD(header).setAuthTag(body.subarray(body.length - tagBytes));
    const inner = Buffer.concat([opener.update(body.subarray(0, body.length - tagBytes)), opener.final()]);
    const end = inner.findLastIndex((byte) => byte !== 0);
    if (inner[end] !== recordTypes.handshake) return;
    yield inner.subarray(0, end);
  }
}

function expandLabel({ hash }: Suite, secret: Buffer, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Buffer.from([0, length, name.length]), name, Buffer.from([0, 1])]);
  return createHmac(hash, secret).update(info).digest().subarray(0, length);
}

function findCertificateMessage(parts: Iterable<Buffer>): Buffer | null {
  let pending: Buffer = Buffer.alloc(0);
  for (const part of parts) {
    pending = Buffer.concat([pending, part]);
    while (pending.length >= 4) {
      const length = pending.readUIntBE(1, 3);
      if (pending.length < 4 + length) break;
      if (pending[0] === certificateMessage) return pending.subarray(4, 4 + length);
      pending = pending.subarray(4 + length);
    }
  }
  return null;
}

/** TLS 1.3 puts a request context before the list and extensions behind each certificate. */
function certificateList(message: Buffer, isTls13: boolean): Buffer[] {
  let at = isTls13 ? 1 + message.readUInt8(0) : 0;
  const end = at + 3 + message.readUIntBE(at, 3);
  at += 3;
  const certificates: Buffer[] = [];
  while (at < end) {
    const length = message.readUIntBE(at, 3);
    certificates.push(message.subarray(at + 3, at + 3 + length));
    at += 3 + length;
    if (isTls13) at += 2 + message.readUInt16BE(at);
  }
  return certificates;
}
