import type { Client, ParsedKey } from "ssh2";

/**
 * A private key whose public half, towards the server, is an OpenSSH certificate. The client library knows no
 * certificates: it takes the key's word for its type, and signs as the plain key does.
 */
export function withCertificate(key: ParsedKey, certificate: { type: string; blob: Buffer }): ParsedKey {
  const isRsa = key.type === "ssh-rsa";
  const type = isRsa ? "rsa-sha2-512-cert-v01@openssh.com" : certificate.type;
  return Object.create(key, {
    type: { value: type },
    getPublicSSH: { value: () => certificate.blob },
    sign: { value: (data: Buffer) => wireSignature(key, key.sign(data, isRsa ? "sha512" : undefined)) },
  });
}

/** An ECDSA signature as the protocol has it, where OpenSSL gives DER; the others are the same in both. */
function wireSignature(key: ParsedKey, signature: Buffer | Error): Buffer | Error {
  if (!key.type.startsWith("ecdsa-") || signature instanceof Error) return signature;
  const start = (signature[1] ?? 0) < 0x80 ? 2 : 3;
  const rEnd = start + 2 + (signature[start + 1] ?? 0);
  return Buffer.concat([signature.subarray(start, rEnd), signature.subarray(rEnd)].map(derToString));
}

function derToString(integer: Buffer): Buffer {
  const value = integer.subarray(2);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(value.length);
  return Buffer.concat([length, value]);
}

type Writer = { alloc(size: number): Buffer; finalize(packet: Buffer): Buffer };
const userauthRequest = 50;
const plainName: Record<string, string> = { "rsa-sha2-512-cert-v01@openssh.com": "rsa-sha2-512" };

/**
 * The library writes the certificate's type as the signature's, where servers want the plain key's. The one packet
 * concerned is mended before it is encrypted. Both ends of this are pinned: the library's version, and the test
 * against a real server.
 */
export function signAsPlainKey(client: Client, certificateType: string): void {
  const { _protocol: protocol } = client as unknown as { _protocol: { _packetRW: { write: Writer } } };
  const { write } = protocol._packetRW;
  const finalize = write.finalize.bind(write);
  const plain = plainName[certificateType] ?? certificateType.replace("-cert-v01@openssh.com", "");
  write.finalize = (packet) => {
    const payload = packet.subarray(5, 4 + packet.readUInt32BE(0) - (packet[4] ?? 0));
    const mended = payload[0] === userauthRequest ? mend(payload, certificateType, plain) : undefined;
    if (!mended) return finalize(packet);
    const copy = write.alloc(mended.length);
    copy.set(mended, 5);
    return finalize(copy);
  };
}

function mend(payload: Buffer, type: string, plain: string): Buffer | undefined {
  const fields: Buffer[] = [];
  let at = 1;
  // user, service, method; then a flag; then algorithm, key and signature
  for (let index = 0; index < 6; index += 1) {
    if (index === 3) {
      if (payload[at] !== 1) return undefined;
      at += 1;
    }
    if (at + 4 > payload.length) return undefined;
    const end = at + 4 + payload.readUInt32BE(at);
    fields.push(payload.subarray(at + 4, end));
    at = end;
  }
  const signature = fields[5];
  if (!signature || signature.readUInt32BE(0) !== type.length) return undefined;
  const body = signature.subarray(4 + type.length);
  const mended = Buffer.concat([text(plain), body]);
  return Buffer.concat([payload.subarray(0, payload.length - signature.length - 4), text(mended)]);
}

function text(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
