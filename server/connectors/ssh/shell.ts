import type { ClientChannel } from "ssh2";
import type { ReadContext } from "../connector.ts";
import type { ScriptRun } from "./run-script.ts";

type Round = {
  out: Buffer[];
  err: Buffer[];
  total: number;
  maxBytes: number;
  meter: ReadContext["meter"];
  /** the line with which a script says on both streams that it is through */
  end: Buffer;
  /** the last bytes of each stream, where an end that came in two pieces is found */
  tails: Record<"out" | "err", Buffer>;
  through: Record<"out" | "err", boolean>;
  settle(run: Pick<ScriptRun, "stopped">): void;
};

export type Shell = {
  /** false while it is at work, and for good once anything has gone wrong */
  isFree(): boolean;
  round(
    script: string,
    boundary: string,
    options: { context: ReadContext; limitMs: number; maxBytes: number },
  ): Promise<ScriptRun>;
  close(): void;
};

/** One shell of a host that is given one script after the other: however often a host is read, it starts one command. */
export function createShell(channel: ClientChannel): Shell {
  let current: Round | undefined;
  let hasExited = false;
  let isClosed = false;
  const close = () => {
    if (isClosed) return;
    isClosed = true;
    channel.end();
    channel.close();
  };
  const take = (name: "out" | "err") => (chunk: Buffer) => {
    const round = current;
    if (!round) return;
    round.meter.bytes(chunk.length);
    round.total += chunk.length;
    if (round.total > round.maxBytes) {
      close();
      return round.settle({ stopped: "too-much" });
    }
    round[name].push(chunk);
    const tail = Buffer.concat([round.tails[name], chunk]);
    round.through[name] ||= tail.includes(round.end);
    round.tails[name] = tail.subarray(-round.end.length);
    if (round.through.out && round.through.err) round.settle({});
  };
  const gone = () => {
    isClosed = true;
    current?.settle(hasExited ? {} : { stopped: "cut" });
  };
  channel.on("data", take("out"));
  channel.stderr.on("data", take("err"));
  channel.on("exit", () => {
    hasExited = true;
  });
  channel.on("close", gone);
  channel.on("error", gone);
  return {
    isFree: () => !isClosed && current === undefined,
    close,
    round(script, boundary, { context, limitMs, maxBytes }) {
      const { signal, meter } = context;
      const done = Promise.withResolvers<ScriptRun>();
      const onAbort = () => {
        close();
        done.reject(signal.reason);
      };
      const round: Round = {
        ...{ out: [], err: [], total: 0, maxBytes, meter },
        end: Buffer.from(`\n${boundary} z\n`),
        tails: { out: Buffer.alloc(0), err: Buffer.alloc(0) },
        through: { out: false, err: false },
        settle({ stopped }) {
          const { out, err } = round;
          done.resolve({ stdout: Buffer.concat(out), stderr: Buffer.concat(err), stopped });
        },
      };
      current = round;
      const timer = setTimeout(() => {
        close();
        round.settle({ stopped: "too-long" });
      }, limitMs);
      signal.addEventListener("abort", onAbort, { once: true });
      if (signal.aborted) onAbort();
      else if (isClosed) gone();
      else channel.write(script);
      return done.promise.finally(() => {
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
        current = undefined;
      });
    },
  };
}
