import { randomBytes } from "node:crypto";
import type { HostConnector, HostFactAnswer, HostFactRequest, ReadContext } from "../connector.ts";
import { ReadError } from "../connector.ts";
import type { Dialler } from "../dialler.ts";
import { performOutput, performScript } from "../host-script/perform-script.ts";
import { readAnswers } from "../host-script/read-answers.ts";
import { defaultCommandTimeoutMs, readScript, shellCommand } from "../host-script/read-script.ts";
import { whatOfRequest } from "../host-script/reasons.ts";
import { isInside, outside } from "../host-script/roots.ts";
import { connectHost, type SshRoute } from "./connect.ts";
import type { Gate } from "./gate.ts";
import { hostName } from "./known-hosts.ts";
import { runScript, stoppedReason } from "./run-script.ts";
import { openChannel, type Session } from "./session.ts";
import { createShell, type Shell } from "./shell.ts";

/** Beside the commands' own limits: for files, and for a host that is slow to start a shell. */
const baseLimitMs = 20_000;
const maxOutputBytes = 32 << 20;

/**
 * A host over SSH. Connects when it is first asked, keeps the connection until the run ends or its place is needed by
 * another host, and answers any number of requests, now and later, with one command.
 */
export function createSshConnector(
  route: SshRoute & { sudo: boolean; onHostKey?: (key: Buffer) => void },
  { dialler, gate }: { dialler: Dialler; gate: Gate },
): HostConnector {
  const name = hostName(route);
  let session: Session | undefined;
  let shell: Shell | undefined;
  let using = 0;
  let expectsMore = false;
  const tenant = {
    idle: () => using === 0 && !expectsMore,
    leave: () => {
      session?.close();
      session = undefined;
      shell = undefined;
    },
  };

  async function withSession<T>(signal: AbortSignal, work: (session: Session) => Promise<T>): Promise<T> {
    using += 1;
    try {
      await gate.enter(tenant, signal);
      if (!session?.isOpen())
        session = await connectHost(route, { dialler, signal, onHostKey: route.onHostKey });
      return await work(session);
    } finally {
      using -= 1;
      if (using === 0) {
        if (session?.isOpen()) gate.rests(tenant);
        else gate.left(tenant);
      }
    }
  }

  /** Two readings at once are rare: the later one gets a shell of its own. */
  async function freeShell(opened: Session, context: ReadContext): Promise<Shell> {
    if (shell?.isFree()) return shell;
    const channel = await openChannel(opened, shellCommand, name);
    context.meter.call();
    const made = createShell(channel);
    shell = made;
    return made;
  }

  return {
    name,
    read: (requests, context) => {
      expectsMore = context.more ?? false;
      return withSession(context.signal, (opened) =>
        readAll(() => freeShell(opened, context), { requests, name, sudo: route.sudo }, context),
      );
    },
    perform: (request, context) =>
      withSession(context.signal, async (opened) => {
        if (request.sudo && !route.sudo) throw noSudo(request.argv);
        const boundary = randomBytes(16).toString("hex");
        const channel = await openChannel(opened, shellCommand, name);
        context.meter.call();
        const limitMs = (request.limitSeconds + 30) * 1000;
        const limits = { limitMs, maxBytes: maxOutputBytes };
        const script = performScript(request, boundary);
        const run = await runScript(channel, script, { context, ...limits });
        const what = `run ${request.argv.join(" ")}`;
        if (run.stopped) throw new ReadError(stoppedReason(run, { what, name, ...limits }));
        return performOutput(request, { ...run, boundary });
      }),
    async close() {
      expectsMore = false;
      tenant.leave();
      gate.left(tenant);
    },
  };
}

async function readAll(
  openShell: () => Promise<Shell>,
  asked: { requests: HostFactRequest[]; name: string; sudo: boolean },
  context: ReadContext,
): Promise<Map<string, HostFactAnswer>> {
  const { requests, name } = asked;
  const refused = new Map(
    requests.flatMap((request) => {
      const reason = refusalOf(request, asked.sudo);
      return reason ? [[request.id, { type: "unread", reason } as const]] : [];
    }),
  );
  const open = requests.filter(({ id }) => !refused.has(id));
  const answers = new Map<string, HostFactAnswer>(refused);
  if (open.length > 0) {
    const boundary = randomBytes(16).toString("hex");
    const limitMs = open.reduce((sum, request) => sum + commandMs(request), baseLimitMs);
    const limits = { limitMs, maxBytes: maxOutputBytes };
    const shell = await openShell();
    const run = await shell.round(readScript(open, boundary), boundary, { context, ...limits });
    const read = readAnswers(open, { ...run, boundary });
    for (const request of open) {
      const unread = () => stoppedReason(run, { what: whatOfRequest(request), name, ...limits });
      answers.set(request.id, read.answers.get(request.id) ?? { type: "unread", reason: unread() });
    }
  }
  return new Map(requests.flatMap(({ id }) => [[id, answers.get(id)] as const]).filter(isAnswered));
}

function isAnswered(entry: readonly [string, HostFactAnswer | undefined]): entry is [string, HostFactAnswer] {
  return entry[1] !== undefined;
}

function refusalOf(request: HostFactRequest, sudo: boolean) {
  if (request.type === "command") {
    if (request.sudo && !sudo) return noSudo(request.argv).reason;
    return undefined;
  }
  const path = request.type === "file" ? request.path : request.pattern;
  return isInside(path) ? undefined : outside(`read ${path}`).reason;
}

function noSudo(argv: readonly string[]): ReadError {
  const detail = "sudo-not-allowed: sudo is not allowed for this group of hosts";
  return new ReadError({ code: "not-permitted", what: `run ${argv.join(" ")}`, detail });
}

function commandMs(request: HostFactRequest): number {
  return request.type === "command" ? (request.timeoutMs ?? defaultCommandTimeoutMs) + 2_000 : 0;
}
