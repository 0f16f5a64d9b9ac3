import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { sentCertificates } from "./tls-wire.ts";

function record(type: number, body: Buffer): Buffer {
  const header = Buffer.from([type, 3, 3, 0, 0]);
  header.writeUInt16BE(body.length, 3);
  return Buffer.concat([header, body]);
}

/** A number in three bytes, as lengths of handshake messages are. */
function uint24(value: number): Buffer {
  return Buffer.from([value >> 16, (value >> 8) & 255, value & 255]);
}

function certificateMessage(...certificates: Buffer[]): Buffer {
  const list = Buffer.concat(certificates.flatMap((der) => [uint24(der.length), der]));
  const body = Buffer.concat([uint24(list.length), list]);
  return Buffer.concat([Buffer.from([11]), uint24(body.length), body]);
}

const certificates = [Buffer.from("first certificate"), Buffer.from("second")];
const hello = Buffer.from([2, 0, 0, 2, 3, 3]);
const message = Buffer.concat([hello, certificateMessage(...certificates)]);

test("finds the certificates behind the hello, in one record or cut anywhere", () => {
  expect(sentCertificates(record(22, message), null)).toEqual(certificates);
  for (let at = 1; at < message.length; at++) {
    const parts = [record(22, message.subarray(0, at)), record(22, message.subarray(at))];
    expect(sentCertificates(Buffer.concat(parts), null)).toEqual(certificates);
  }
});

test("an empty list is empty, which is not the same as unreadable", () => {
  expect(sentCertificates(record(22, certificateMessage()), null)).toEqual([]);
  expect(sentCertificates(record(22, hello), null)).toBeNull();
});

test("whatever is cut short or made up gives null, never a part", () => {
  const whole = record(22, message);
  for (let length = 0; length < whole.length; length++) {
    expect(sentCertificates(whole.subarray(0, length), null)).toBeNull();
  }
  const secret = { secret: randomBytes(32), cipher: "TLS_AES_128_GCM_SHA256" };
  for (let round = 0; round < 200; round++) {
    const noise = randomBytes(round);
    expect(sentCertificates(noise, null)).toBeNull();
    expect(sentCertificates(record(23, noise), secret)).toBeNull();
  }
  expect(sentCertificates(whole, { ...secret, cipher: "TLS_UNKNOWN" })).toBeNull();
});
