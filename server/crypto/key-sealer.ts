import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/** Seals the instance's own private keys for the database. What `name` says is part of the seal: boxes cannot be swapped. */
export type KeySealer = {
  seal: (name: string, secret: string) => string;
  /** null: not sealed by this instance's secret, or not under this name */
  open: (name: string, box: string) => string | null;
};

const cipher = "aes-256-gcm";
const [keyBytes, ivBytes, tagBytes] = [32, 12, 16];
const purpose = "weekbook instance keys v1";

/** The sealing key is made of the secret that signs sessions, and is of no use for that. */
export function createKeySealer(instanceSecret: string): KeySealer {
  const key = Buffer.from(hkdfSync("sha256", instanceSecret, "", purpose, keyBytes));
  return {
    seal(name, secret) {
      const iv = randomBytes(ivBytes);
      const box = createCipheriv(cipher, key, iv, { authTagLength: tagBytes }).setAAD(Buffer.from(name));
      return Buffer.concat([iv, box.update(secret, "utf8"), box.final(), box.getAuthTag()]).toString(
        "base64",
      );
    },
    open(name, box) {
      const body = Buffer.from(box, "base64");
      if (body.length < ivBytes + tagBytes) return null;
      const opener = createDecipheriv(cipher, key, body.subarray(0, ivBytes), { authTagLength: tagBytes });
      opener.setAAD(Buffer.from(name)).setAuthTag(body.subarray(body.length - tagBytes));
      try {
        const plain = opener.update(body.subarray(ivBytes, body.length - tagBytes));
        return Buffer.concat([plain, opener.final()]).toString("utf8");
      } catch {
        return null;
      }
    },
  };
}
