import { createPrivateKey, X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { createCertificateAuthority } from "./certificates.ts";

test("issues leaves that verify against their authority, through intermediates, with both key types", async () => {
  const root = await createCertificateAuthority({ keyType: "rsa" });
  const middle = await root.intermediate({ name: "Middle, with a comma" });
  const leaf = await middle.issue({ names: ["api.example.test", "127.0.0.1"], keyType: "rsa" });
  const certificate = new X509Certificate(leaf.certPem);
  expect(certificate.verify(new X509Certificate(middle.certPem).publicKey)).toBe(true);
  expect(new X509Certificate(middle.certPem).verify(new X509Certificate(root.certPem).publicKey)).toBe(true);
  expect(certificate.checkHost("api.example.test")).toBe("api.example.test");
  expect(certificate.checkIP("127.0.0.1")).toBe("127.0.0.1");
  expect(certificate.checkPrivateKey(createPrivateKey(leaf.keyPem))).toBe(true);
  expect(leaf.chainPem.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  expect(new X509Certificate(root.certPem).ca).toBe(true);
});

test("issues certificates that have already expired", async () => {
  const root = await createCertificateAuthority();
  const leaf = await root.issue({ names: ["old.test"], notAfter: new Date("2020-01-01T00:00:00Z") });
  expect(new X509Certificate(leaf.certPem).validTo).toContain("2020");
});
