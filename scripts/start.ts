// npm start: brings up everything Weekbook consists of and keeps it up until told to stop. `--help` says more.
import { help, readOptions } from "./launcher/options.ts";
import { project } from "./launcher/project.ts";
import { SentenceError } from "./launcher/sentence-error.ts";

const startedAt = performance.now();
const stop = new AbortController();
const undo: (() => Promise<void> | void)[] = [];

// A terminal and npm both pass Ctrl-C on; once is enough, and stopping has its own limits of time.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => stop.abort(new Error(signal)));

function untilStopped(): Promise<void> {
  // The services hold no handle of this process while they run well; this keeps it here.
  const stay = setInterval(() => {}, 2 ** 30);
  return new Promise((resolve) => {
    const leave = () => {
      clearInterval(stay);
      resolve();
    };
    if (stop.signal.aborted) leave();
    else stop.signal.addEventListener("abort", leave, { once: true });
  });
}

function explain(error: unknown): void {
  console.error(error instanceof SentenceError ? error.message : error);
  process.exitCode = 1;
}

async function run(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env, project);
  if (options.help) return console.log(help);
  // Loaded only now: a wrong option is answered at once.
  const { launch } = await import("./launcher/launch.ts");
  const { url, joinUrl } = await launch(options, stop.signal, undo);
  console.log(`Weekbook is ready after ${((performance.now() - startedAt) / 1000).toFixed(1)} s: ${url}`);
  if (joinUrl) console.log(`Nobody has joined yet. Sign up, once, at ${joinUrl}`);
  console.log("Stop it with Ctrl-C.");
  await untilStopped();
}

await run().catch((error: unknown) => {
  // Whatever was under way when Ctrl-C came ends with some error; that is not news.
  if (!stop.signal.aborted) explain(error);
});
if (stop.signal.aborted) console.log("Stopping …");
for (const action of undo.toReversed()) await Promise.resolve(action()).catch(explain);
// A handle that somebody forgot must not keep a stopped Weekbook in the terminal.
process.exit();
