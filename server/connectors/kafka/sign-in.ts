import { readError } from "../read-error.ts";
import type { KafkaAccess } from "./access.ts";
import type { BrokerConnection } from "./connection.ts";
import { apiVersions, describeConfigs, metadata, saslAuthenticate, saslHandshake } from "./messages.ts";
import { ScramError, startScram } from "./scram.ts";

/** Sees that the broker speaks what we speak, and signs in where a credential is given. */
export async function signIn(
  connection: BrokerConnection,
  access: KafkaAccess,
  redact: (text: string) => string,
): Promise<void> {
  const what = `sign in to ${connection.place}`;
  const { sasl } = access;
  if (sasl?.mechanism === "PLAIN" && !access.tls) {
    const sentence = "PLAIN sends the password itself, which is done over TLS only";
    throw readError("unauthorized", what, "password-in-clear", sentence);
  }
  await agree(connection);
  if (!sasl) return;
  const { error, mechanisms } = await connection.send(saslHandshake, sasl.mechanism);
  if (error !== 0) {
    const offered = redact(mechanisms.join(", ")).slice(0, 200) || "none";
    throw readError("unauthorized", what, "sign-in-method", `the broker offers ${offered}`);
  }
  const exchange = async (bytes: Buffer) => {
    const answer = await connection.send(saslAuthenticate, bytes);
    if (answer.error === 0) return answer.bytes;
    const own = redact(answer.message ?? "the broker does not accept the credential").slice(0, 300);
    throw readError("unauthorized", what, "credential-not-accepted", own);
  };
  if (sasl.mechanism === "PLAIN") {
    await exchange(Buffer.from(`\0${sasl.username}\0${sasl.password}`, "utf8"));
    return;
  }
  try {
    const scram = startScram(sasl.mechanism === "SCRAM-SHA-256" ? "sha256" : "sha512", sasl);
    scram.verify(await exchange(await scram.final(await exchange(scram.first))));
  } catch (problem) {
    if (!(problem instanceof ScramError)) throw problem;
    throw readError("unauthorized", what, "server-not-proven", problem.message, problem);
  }
}

async function agree(connection: BrokerConnection): Promise<void> {
  const { error, apis } = await connection.send(apiVersions, undefined);
  const what = `ask ${connection.place} what it speaks`;
  if (error !== 0) throw readError("server-error", what, "server-error", `error ${error}`);
  for (const { name, key, version } of [metadata, describeConfigs]) {
    const range = apis.find((api) => api.key === key);
    if (range && range.min <= version && version <= range.max) continue;
    const sentence = `the broker does not speak version ${version} of ${name} (Kafka 1.1 to 4 do)`;
    throw readError("not-served", what, "version-not-spoken", sentence);
  }
}
