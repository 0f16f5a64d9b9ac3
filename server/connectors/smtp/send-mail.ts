import { isIP, type Socket } from "node:net";
import { checkServerIdentity, type PeerCertificate } from "node:tls";
import { createTransport } from "nodemailer";
import { ReadError } from "../connector.ts";
import type { Dialler } from "../dialler.ts";
import { readError } from "../read-error.ts";
import { trustedRoots } from "../secure-stream.ts";
import { systemRoots } from "../system-roots.ts";
import type { MailServer } from "./mail-server.ts";

export type OutgoingMail = {
  /** makes the Message-ID: the same message sent again is known by it */
  id: string;
  to: readonly string[];
  subject: string;
  text: string;
  html: string;
};
export type Mailed = { status: number | null; answer: string; refused: number };

/** The mail server's own no. */
export class MailRefused extends Error {
  override name = "MailRefused";
  readonly status: number | null;
  /** asking again may go better: 4xx, and what is wrong with our own credential */
  readonly again: boolean;
  readonly answer: string;
  constructor(status: number | null, answer: string, again: boolean) {
    super(`the mail server answers ${status ?? "with an error"}`);
    this.status = status;
    this.answer = answer;
    this.again = again;
  }
}

type GotSocket = (error: Error | null, socket?: { connection: Socket }) => void;

const connectTimeoutMs = 5_000;
const answerTimeoutMs = 15_000;

/**
 * Hands one mail to the server, over a connection from the dialler. TLS is verified; a password is never sent without
 * it. The library is given text alone: it opens no file and no address. Rejects with ReadError or MailRefused.
 */
export async function sendMail(
  { dialler, server, mail }: { dialler: Dialler; server: MailServer; mail: OutgoingMail },
  signal: AbortSignal,
): Promise<Mailed> {
  const { host, port, secure, auth, from } = server;
  const transport = createTransport({
    ...{ host, port, secure, auth, requireTLS: auth !== undefined },
    ...{ disableFileAccess: true, disableUrlAccess: true },
    ...{ greetingTimeout: answerTimeoutMs, socketTimeout: answerTimeoutMs },
    tls: {
      ca: server.caPem === undefined ? systemRoots() : trustedRoots(server.caPem),
      ...(isIP(host) ? {} : { servername: host }),
      ...{ minVersion: "TLSv1.2", rejectUnauthorized: true },
      checkServerIdentity: (_name: string, certificate: PeerCertificate) =>
        checkServerIdentity(host, certificate),
    },
    getSocket: (_options: unknown, done: GotSocket) => {
      dialler.connect({ host, port }, { signal, timeoutMs: connectTimeoutMs }).then(
        (connection) => done(null, { connection }),
        (error: Error) => done(error),
      );
    },
  });
  try {
    const sent = await transport.sendMail({
      ...{ from, to: [...mail.to], subject: mail.subject, text: mail.text, html: mail.html, signal },
      messageId: `<${mail.id}@${from.address.slice(from.address.lastIndexOf("@") + 1)}>`,
      headers: { "X-Weekbook-Delivery": mail.id, "Auto-Submitted": "auto-generated" },
    });
    return { status: statusOf(sent.response), answer: sent.response, refused: sent.rejected.length };
  } catch (error) {
    signal.throwIfAborted();
    throw mailFailure(error, server);
  } finally {
    transport.close();
  }
}

function mailFailure(error: unknown, { host, port }: MailServer): Error {
  if (error instanceof ReadError || !(error instanceof Error)) return error as Error;
  const { code, responseCode, response } = error as Error & Partial<Record<string, unknown>>;
  const what = `send mail through ${host}:${port}`;
  if (code === "ETLS") {
    const sentence = "the server offers no TLS, or cannot prove who it is; nothing was sent to it";
    return readError("unreachable", what, "mail-tls", sentence, error);
  }
  if (typeof responseCode === "number") {
    // Its no to our own credential is for an administrator to mend, not a no to the mail.
    const again = responseCode < 500 || code === "EAUTH";
    return new MailRefused(responseCode, typeof response === "string" ? response : "", again);
  }
  if (code === "ETIMEDOUT")
    return readError("timed-out", what, "request-timeout", "no answer in time", error);
  return readError("unreachable", what, "mail-cut", `the connection broke (${error.message})`, error);
}

function statusOf(response: string): number | null {
  const status = Number.parseInt(response, 10);
  return Number.isNaN(status) ? null : status;
}
