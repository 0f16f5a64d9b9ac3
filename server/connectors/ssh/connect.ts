import type { Dialler } from "../dialler.ts";
import type { SshKey } from "./key.ts";
import { hostName, type KnownHosts } from "./known-hosts.ts";
import { openForward, openSession, type Session } from "./session.ts";

export type SshPlace = { host: string; port: number };
/** Without a key nothing is asked but the host key. */
export type SshLogin = SshPlace & { user: string; key: SshKey | undefined };

export type SshRoute = SshLogin & {
  known: KnownHosts;
  /** the way leads through this host, which has its own user, key and host key */
  jump?: SshLogin;
};

const connectMs = 5_000;
const loginMs = 10_000;

/**
 * Connects and logs in. Through a jump host the target's address is judged by the same rules where it is written as an
 * address; what a name means over there only the jump host knows.
 */
export async function connectHost(
  route: SshRoute,
  {
    dialler,
    signal,
    onHostKey,
  }: { dialler: Dialler; signal: AbortSignal; onHostKey?: (key: Buffer) => void },
): Promise<Session> {
  const { jump, known } = route;
  const own = { ...options(route, known, signal), onHostKey };
  if (!jump) {
    const socket = await dialler.connect(route, { signal, timeoutMs: connectMs });
    return openSession(socket, own);
  }
  await dialler.vet(route);
  const outer = await openSession(
    await dialler.connect(jump, { signal, timeoutMs: connectMs }),
    options(jump, known, signal),
  );
  try {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(connectMs)]);
    const socket = await openForwardWithin(outer, route, hostName(jump), limited);
    const inner = await openSession(socket, own);
    inner.client.once("close", outer.close);
    return inner;
  } catch (error) {
    outer.close();
    throw error;
  }
}

function options(login: SshLogin, known: KnownHosts, signal: AbortSignal) {
  return {
    name: hostName(login),
    user: login.user,
    key: login.key,
    known: known(login),
    signal,
    timeoutMs: loginMs,
  };
}

function openForwardWithin(outer: Session, to: SshPlace, name: string, signal: AbortSignal) {
  const abort = () => outer.close();
  signal.addEventListener("abort", abort, { once: true });
  return openForward(outer, to, name).finally(() => signal.removeEventListener("abort", abort));
}

/** Goes only as far as the host's key: nothing is sent that tells who we are. */
export async function scanHostKey(
  route: Pick<SshRoute, "host" | "port" | "known" | "jump">,
  { dialler, signal }: { dialler: Dialler; signal: AbortSignal },
): Promise<Buffer> {
  let presented: Buffer | undefined;
  const onHostKey = (key: Buffer) => {
    presented = key;
  };
  try {
    const anonymous = { ...route, user: "", key: undefined };
    const session = await connectHost(anonymous, { dialler, signal, onHostKey });
    session.close();
  } catch (error) {
    if (presented) return presented;
    throw error;
  }
  throw new Error("a scan never logs in");
}
