import { createHmac } from "node:crypto";

/**
 * The headers of the Standard Webhooks (symmetric): HMAC-SHA256 over "id.timestamp.body", one signature for each secret
 * that holds. The id is the same however often a message is sent; the time is that of this attempt.
 */
export function signedHeaders(
  message: { id: string; body: string; at: Date },
  secrets: readonly string[],
): Record<string, string> {
  const timestamp = String(Math.floor(message.at.getTime() / 1_000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
    const mac = createHmac("sha256", key).update(`${message.id}.${timestamp}.${message.body}`);
    return `v1,${mac.digest("base64")}`;
  });
  return {
    "webhook-id": message.id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.join(" "),
  };
}
