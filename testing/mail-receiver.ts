import { once } from "node:events";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

export type ReceivedMail = {
  from: string;
  to: string[];
  raw: string;
  user: string | undefined;
  secure: boolean;
};
export type MailReceiver = Awaited<ReturnType<typeof startMailReceiver>>;

/** A real SMTP server on loopback with STARTTLS and AUTH that keeps what it is sent. */
export async function startMailReceiver(options: {
  key: string;
  cert: string;
  user: string;
  password: string;
  /** on top of these */
  more?: SMTPServerOptions;
}) {
  const mails: ReceivedMail[] = [];
  const passwords: string[] = [];
  const refused = new Map<string, string>();
  const server = new SMTPServer({
    ...{ key: options.key, cert: options.cert, logger: false, allowInsecureAuth: true },
    onAuth({ username, password }, _session, done) {
      passwords.push(password ?? "");
      if (username === options.user && password === options.password) return done(null, { user: username });
      done(Object.assign(new Error("Authentication failed"), { responseCode: 535 }));
    },
    onRcptTo({ address }, _session, done) {
      const answer = refused.get(address);
      if (answer === undefined) return done();
      done(Object.assign(new Error(answer.slice(4)), { responseCode: Number(answer.slice(0, 3)) }));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom ? mailFrom.address : "",
          to: rcptTo.map(({ address }) => address),
          ...{
            raw: Buffer.concat(chunks).toString("utf8"),
            user: String(session.user),
            secure: session.secure,
          },
        });
        done(null, "queued as 4711");
      });
    },
    ...options.more,
  });
  server.on("error", () => {});
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const address = server.server.address();
  return {
    mails,
    /** every password that was sent, right or wrong */
    passwords,
    /** a recipient that is refused: "550 no such user" */
    refuse: (recipient: string, answer: string) => refused.set(recipient, answer),
    port: typeof address === "object" && address ? address.port : 0,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
