import type { ReasonCode } from "#common/result.ts";
import { ReadError } from "../connectors/connector.ts";
import type { Dialler } from "../connectors/dialler.ts";
import type { MailServer } from "../connectors/smtp/mail-server.ts";
import { MailRefused, sendMail } from "../connectors/smtp/send-mail.ts";
import { type Posted, postJson } from "../connectors/webhook/post.ts";
import { type Opener, VaultError } from "../crypto/vault.ts";
import type { Database } from "../db.ts";
import { recipientsOf } from "../domain/channels/address.ts";
import { retryAfterMs } from "../domain/notifications/backoff.ts";
import type { Claimed } from "../domain/notifications/claim.ts";
import { mailOf } from "../domain/notifications/mail.ts";
import type { AttemptEnd } from "../domain/notifications/settle.ts";
import { signedHeaders } from "../domain/notifications/sign.ts";
import { slackBody } from "../domain/notifications/slack.ts";
import { webhookBody } from "../domain/notifications/webhook-body.ts";
import { messageOf } from "../engine/answer.ts";
import { createRedactor } from "../redact.ts";
import { type ChannelSecrets, openChannelSecrets } from "./open-channel.ts";
import { vaultProblems } from "./vault-problems.ts";

/** What a worker sends with. `mailDialler` may reach the mail server that the environment names. */
export type Outbox = {
  db: Database;
  opener: Opener;
  dialler: Dialler;
  mail: { server: MailServer; dialler: Dialler } | null;
};

/** Well below the lease: while it runs, nobody else sends the same. */
const attemptMs = 25_000;
const longestAnswer = 300;
const unmetered = { call: () => {}, bytes: () => {}, throttled: () => {} };
const nothing = { status: null, answer: "", reason: null, refused: 0, retryAfterMs: null };

/** One attempt. Whatever goes wrong is an end that says so, without anything secret. */
export async function deliver(outbox: Outbox, claimed: Claimed): Promise<AttemptEnd> {
  const { channel } = claimed;
  const signal = AbortSignal.timeout(attemptMs);
  let secrets: ChannelSecrets;
  try {
    secrets = await openChannelSecrets(outbox, channel);
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    const reason = {
      code: "credential-unreadable",
      what: "the address",
      detail: vaultProblems[error.problem],
    } as const;
    return { ...nothing, ok: false, again: false, reason };
  }
  const redactor = createRedactor(secretPartsOf(secrets));
  const end = await attempt(outbox, claimed, { secrets, signal }).catch((error: unknown) =>
    failed(error, signal),
  );
  return {
    ...end,
    answer: redactor
      .text(end.answer)
      .replace(/[\p{Cc}\p{Cf}]+/gu, " ")
      .trim()
      .slice(0, longestAnswer)
      .toWellFormed(),
    reason: redactor.value(end.reason),
  };
}

async function attempt(
  { dialler, mail }: Outbox,
  { delivery, channel, message }: Claimed,
  { secrets, signal }: { secrets: ChannelSecrets; signal: AbortSignal },
): Promise<AttemptEnd> {
  const { address, signing } = secrets;
  if (channel.kind === "email") {
    if (!mail) return refused("not-supplied", "the mail server", "no mail server is set (WEEKBOOK_SMTP_URL)");
    const outgoing = { id: delivery.id, to: recipientsOf(address), ...mailOf(message) };
    const sent = await sendMail({ ...mail, mail: outgoing }, signal);
    return { ...nothing, ...sent, ok: true, again: false };
  }
  const body = JSON.stringify(channel.kind === "slack" ? slackBody(message) : webhookBody(message));
  const headers =
    channel.kind === "webhook" ? signedHeaders({ id: delivery.id, body, at: new Date() }, signing) : {};
  const posted = await postJson({ dialler, url: address, body, headers }, { signal, meter: unmetered });
  return answered(posted, new URL(address).host);
}

/** Too early, too often and the server's own faults may pass; every other no is meant. */
function answered({ status, retryAfter, answer }: Posted, host: string): AttemptEnd {
  const said = { ...nothing, status, answer, retryAfterMs: retryAfterMs(retryAfter, new Date()) };
  if (status >= 200 && status < 300) return { ...said, ok: true, again: false };
  const again = status >= 500 || [408, 425, 429].includes(status);
  const detail =
    status >= 300 && status < 400
      ? `redirected: the far end answers ${status} and sends elsewhere, which is not followed`
      : `answered-no: the far end answers ${status}`;
  return { ...said, ok: false, again, reason: { code: codeOf(status), what: `POST to ${host}`, detail } };
}

function codeOf(status: number): ReasonCode {
  if (status === 401) return "unauthorized";
  if (status === 403) return "forbidden";
  if (status === 404 || status === 410) return "not-found";
  if (status === 429) return "throttled";
  return status >= 500 ? "server-error" : "malformed";
}

function refused(code: ReasonCode, what: string, detail: string): AttemptEnd {
  return { ...nothing, ok: false, again: false, reason: { code, what, detail } };
}

function failed(error: unknown, signal: AbortSignal): AttemptEnd {
  if (error instanceof ReadError) {
    const { reason } = error;
    // What may not be connected to may not be in an hour either.
    return { ...nothing, ok: false, again: reason.code !== "refused-address", reason };
  }
  if (error instanceof MailRefused) {
    const { status, answer, again, message: detail } = error;
    const reason = { code: again ? "server-error" : "malformed", what: "send mail", detail } as const;
    return { ...nothing, status, answer, ok: false, again, reason };
  }
  if (signal.aborted) {
    const detail = `request-timeout: not done after ${attemptMs / 1_000} s`;
    return { ...nothing, ok: false, again: true, reason: { code: "timed-out", what: "send", detail } };
  }
  return {
    ...nothing,
    ok: false,
    again: true,
    reason: { code: "internal", what: "send", detail: messageOf(error) },
  };
}

/** Of a URL also each part that could be quoted by itself: the path, and what stands between its slashes. */
function secretPartsOf({ address, signing }: ChannelSecrets): string[] {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const parts = url
    ? [`${url.pathname}${url.search}`, ...url.pathname.split("/"), ...url.searchParams.values()]
    : [];
  const people = url ? [] : recipientsOf(address);
  const keys = signing.map((secret) => secret.replace(/^whsec_/, ""));
  return [address, ...parts.filter((part) => part.length >= 6), ...people, ...signing, ...keys];
}
