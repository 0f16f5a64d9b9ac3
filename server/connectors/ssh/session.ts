import type { Duplex } from "node:stream";
import ssh2, { type Client, type ClientChannel, type ParsedKey } from "ssh2";
import { ReadError } from "../connector.ts";
import { readError } from "../read-error.ts";
import { signAsPlainKey } from "./certificate.ts";
import { hostKeyAlgorithms, judgeHostKey } from "./host-key.ts";
import type { SshKey } from "./key.ts";
import { type HostKeys, hostName } from "./known-hosts.ts";

/** An authenticated connection to one host. */
export type Session = {
  client: Client;
  /** false once it is of no more use */
  isOpen(): boolean;
  close(): void;
};

export type SessionOptions = {
  /** the connection's words in reasons: "node1" or "[node1]:2222" */
  name: string;
  user: string;
  /** undefined: connect only as far as the host key */
  key: SshKey | undefined;
  known: HostKeys;
  signal: AbortSignal;
  timeoutMs: number;
  /** what the server showed, whatever becomes of it */
  onHostKey?: (key: Buffer) => void;
};

const algorithms = {
  kex: [
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group18-sha512",
  ],
  cipher: [
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "chacha20-poly1305@openssh.com",
    "aes128-ctr",
    "aes256-ctr",
  ],
  hmac: ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512"],
  compress: ["none"],
} as const;

/** Speaks SSH over a socket. Nothing but the key exchange happens before the host key is the known one. */
export function openSession(socket: Duplex, options: SessionOptions): Promise<Session> {
  const { name, key, known, signal, timeoutMs } = options;
  const client = new ssh2.Client();
  const what = `connect to ${name}`;
  let verdict: ReadError | "fine" | undefined;
  let open = false;
  const opened = Promise.withResolvers<Session>();
  const timer = setTimeout(() => {
    const sentence = `the login took longer than ${timeoutMs / 1000} s`;
    fail(readError("timed-out", what, "login-timeout", sentence));
  }, timeoutMs);
  const onAbort = () => fail(signal.reason);
  const fail = (error: unknown) => {
    open = false;
    opened.reject(error);
    client.destroy();
    socket.destroy();
  };
  client.on("error", (error: Error & { level?: string }) => {
    fail(
      verdict instanceof ReadError ? verdict : sessionFailure(error, { what, verified: verdict === "fine" }),
    );
  });
  client.on("close", () => {
    fail(
      verdict instanceof ReadError
        ? verdict
        : readError("unreachable", what, "connection-cut", "the server closed the connection"),
    );
  });
  client.once("handshake", () => {
    // The key exchange has made the packets' writer anew.
    if (key?.certificateType) signAsPlainKey(client, key.certificateType);
  });
  client.on("ready", () => {
    open = true;
    opened.resolve({ client, isOpen: () => open, close: () => fail(new Error("closed")) });
  });
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  else {
    client.connect({
      sock: socket as never,
      username: options.user,
      readyTimeout: 0,
      keepaliveInterval: 0,
      algorithms: { ...algorithms, serverHostKey: hostKeyAlgorithms(known) } as never,
      hostVerifier: (presented: Buffer) => {
        options.onHostKey?.(presented);
        verdict = key
          ? (judgeHostKey(presented, known, name) ?? "fine")
          : readError("unreachable", what, "host-key-only", "only its host key was asked for");
        return verdict === "fine";
      },
      authHandler: onlyKey(options.user, key?.key),
    });
  }
  return opened.promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  });
}

/** One attempt with the one key: the library would also ask for none, and try each key anew. */
function onlyKey(username: string, key: ParsedKey | undefined) {
  let tried = false;
  return (_left: unknown, _partial: unknown, next: (attempt: never) => void) => {
    if (tried || !key) return next(false as never);
    tried = true;
    next({ type: "publickey", username, key } as never);
  };
}

function sessionFailure(
  error: Error & { level?: string },
  at: { what: string; verified: boolean },
): ReadError {
  const { what } = at;
  if (error.level === "client-authentication") {
    const sentence = "the host does not accept this user with this key";
    return readError("unauthorized", what, "key-not-accepted", sentence, error);
  }
  if (/no matching/i.test(error.message)) {
    const sentence = `it offers only algorithms that are no longer safe (${error.message.slice(0, 200)})`;
    return readError("unreachable", what, "old-algorithms", sentence, error);
  }
  if (/before handshake|ECONNRESET|EPIPE|ended|Connection lost/i.test(error.message)) {
    const sentence = at.verified
      ? "the server closed the connection during the login"
      : "the server closed the connection before it had shown its key";
    return readError("unreachable", what, "connection-cut", sentence, error);
  }
  const sentence = `the SSH handshake failed (${error.message.slice(0, 200)})`;
  return readError("unreachable", what, "ssh-failed", sentence, error);
}

/** A command's channel. A host that takes no more of them says so here. */
export function openChannel(session: Session, command: string, name: string): Promise<ClientChannel> {
  const what = `run a command on ${name}`;
  return orClosed(session, what, (settle) => {
    session.client.exec(command, (error, channel) => {
      if (!error) return settle.fulfil(channel);
      const sentence = `the host opens no channel for a command (${error.message.slice(0, 200)})`;
      settle.reject(readError("unreachable", what, "no-channel", sentence, error));
    });
  });
}

/** A TCP connection that the host makes for us. */
export function openForward(
  session: Session,
  to: { host: string; port: number },
  name: string,
): Promise<Duplex> {
  const what = `connect to ${hostName(to)}`;
  return orClosed(session, what, (settle) => {
    session.client.forwardOut("127.0.0.1", 0, to.host, to.port, (error, channel) => {
      if (!error) return settle.fulfil(channel);
      const sentence = `the jump host ${name} could not or may not reach it (${error.message.slice(0, 200)})`;
      settle.reject(readError("unreachable", what, "jump-refused", sentence, error));
    });
  });
}

function orClosed<T>(
  session: Session,
  what: string,
  open: (settle: { fulfil: (value: T) => void; reject: (error: unknown) => void }) => void,
): Promise<T> {
  const cut = (cause?: unknown) =>
    readError("unreachable", what, "connection-cut", "the connection was closed", cause);
  return new Promise((fulfil, reject) => {
    const onClose = () => reject(cut());
    const done = (end: () => void) => {
      session.client.removeListener("close", onClose);
      end();
    };
    session.client.once("close", onClose);
    if (!session.isOpen()) return done(() => reject(cut()));
    try {
      open({ fulfil: (value) => done(() => fulfil(value)), reject: (error) => done(() => reject(error)) });
    } catch (error) {
      done(() => reject(cut(error)));
    }
  });
}
