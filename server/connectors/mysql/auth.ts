import { createHash } from "node:crypto";
import type { ConnectionOptions } from "mysql2";

type AuthPlugin = NonNullable<ConnectionOptions["authPlugins"]>[string];

/** Ends the sign-in instead of sending anything. */
export class RefusedAuth extends Error {}

const [fastSuccess, fullAuthentication] = [3, 4];

/**
 * The methods that would send the password itself do so only to a server that proved its name over TLS. The key that
 * caching_sha2_password offers instead would come from that same unproven server.
 */
export function authPlugins({
  password,
  proven,
}: {
  password: string;
  proven: boolean;
}): Record<string, AuthPlugin> {
  const inClear = (method: string) => {
    if (proven) return Buffer.from(`${password}\0`, "utf8");
    throw new RefusedAuth(method);
  };
  return {
    mysql_clear_password: () => () => inClear("mysql_clear_password"),
    sha256_password: () => () => (password === "" ? Buffer.from([0]) : inClear("sha256_password")),
    caching_sha2_password: () => {
      let scramble: Buffer | undefined;
      return (data) => {
        if (!scramble) {
          scramble = data.subarray(0, 20);
          return sha2Token(password, scramble);
        }
        if (data.length === 1 && data[0] === fastSuccess) return null;
        if (data.length === 1 && data[0] === fullAuthentication) return inClear("caching_sha2_password");
        throw new RefusedAuth("caching_sha2_password");
      };
    },
  };
}

/** XOR(SHA256(password), SHA256(SHA256(SHA256(password)), scramble)) */
function sha2Token(password: string, scramble: Buffer): Buffer {
  if (password === "") return Buffer.alloc(0);
  const once = sha256(Buffer.from(password, "utf8"));
  const mask = sha256(Buffer.concat([sha256(once), scramble]));
  return Buffer.from(once.map((byte, index) => byte ^ (mask[index] ?? 0)));
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
