import { randomBytes } from "node:crypto";

/** As the Standard Webhooks write it, so that their libraries take it as it is: "whsec_" and 32 bytes in base64. */
export function newSigningSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}
