import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify(pbkdf2);

/** A sign-in that the server's answers do not allow to go on. */
export class ScramError extends Error {}

const [fewestIterations, mostIterations] = [4_096, 1_000_000];

/**
 * RFC 5802 without channel binding, message after message. The password never leaves, and the server has to prove that
 * it knows it as well.
 */
export function startScram(
  algorithm: "sha256" | "sha512",
  { username, password }: { username: string; password: string },
  nonce = randomBytes(18).toString("base64"),
) {
  const name = username.normalize("NFKC").replaceAll("=", "=3D").replaceAll(",", "=2C");
  const firstBare = `n=${name},r=${nonce}`;
  const hmac = (key: Buffer, text: string) => createHmac(algorithm, key).update(text).digest();
  let expected: Buffer | undefined;
  return {
    first: Buffer.from(`n,,${firstBare}`, "utf8"),

    async final(serverFirst: Buffer): Promise<Buffer> {
      const text = serverFirst.toString("utf8");
      const fields = fieldsOf(text);
      const [combined = "", salt = ""] = [fields.get("r"), fields.get("s")];
      const iterations = Number(fields.get("i"));
      if (!combined.startsWith(nonce) || combined.length <= nonce.length || salt === "") {
        throw new ScramError("the server's first message is not one");
      }
      if (!Number.isInteger(iterations) || iterations < fewestIterations || iterations > mostIterations) {
        throw new ScramError(`the server asks for ${fields.get("i")} iterations`);
      }
      const length = algorithm === "sha256" ? 32 : 64;
      const bytes = Buffer.from(salt, "base64");
      const salted = await derive(password.normalize("NFKC"), bytes, iterations, length, algorithm);
      const clientKey = hmac(salted, "Client Key");
      const storedKey = createHash(algorithm).update(clientKey).digest();
      const withoutProof = `c=biws,r=${combined}`;
      const all = `${firstBare},${text},${withoutProof}`;
      const signature = hmac(storedKey, all);
      const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)));
      expected = hmac(hmac(salted, "Server Key"), all);
      return Buffer.from(`${withoutProof},p=${proof.toString("base64")}`, "utf8");
    },

    verify(serverFinal: Buffer): void {
      const given = Buffer.from(fieldsOf(serverFinal.toString("utf8")).get("v") ?? "", "base64");
      if (expected && given.length === expected.length && timingSafeEqual(given, expected)) return;
      throw new ScramError("the server could not prove that it knows the password");
    },
  };
}

function fieldsOf(text: string): Map<string, string> {
  return new Map(text.split(",").map((field) => [field.slice(0, 1), field.slice(2)]));
}
