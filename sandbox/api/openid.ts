import { generateKeyPairSync } from "node:crypto";
import type { Answer } from "./context.ts";

export const issuerPaths: readonly string[] = ["/.well-known/openid-configuration", "/openid/v1/jwks"];

const issuer = "https://kubernetes.default.svc.cluster.local";
const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const key = {
  use: "sig",
  ...publicKey.export({ format: "jwk" }),
  kid: "pYxCu0oCkbRH0Jx6vzMHo0a8tqPZqGzDlUvSqJvUjR8",
  alg: "ES256",
};

/** Who issues ServiceAccount tokens, and the keys to verify them by; undefined: another path. */
export function openid(path: string, address: string): Answer | undefined {
  if (path === "/openid/v1/jwks") return { status: 200, object: { keys: [key] } };
  if (path !== "/.well-known/openid-configuration") return undefined;
  const object = {
    issuer,
    jwks_uri: `https://${address}/openid/v1/jwks`,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["ES256"],
  };
  return { status: 200, object };
}
