import { checks } from "../checks/registry.gen.ts";
import { readEnv } from "../env.ts";
import { createLog } from "./log.ts";
import { mailPassword } from "./open-mail.ts";
import { startWorker, type Worker } from "./start-worker.ts";

// The worker process: takes jobs until SIGTERM or SIGINT, or until the database has been away for a minute.
const env = readEnv();
const password = decodeURIComponent(new URL(env.DATABASE_URL).password);
const log = createLog({
  name: "worker",
  level: env.LOG_LEVEL,
  secrets: [password, mailPassword(env), env.WEEKBOOK_AUTH_SECRET, env.WEEKBOOK_WORKER_PRIVATE_KEY],
});

let worker: Worker | undefined;
let stopping = false;
async function stop(signal: string) {
  if (stopping) return;
  stopping = true;
  log.info({ signal }, "stopping; running jobs are handed back");
  await worker?.stop();
  process.exit(0);
}
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
process.on("unhandledRejection", (error) => {
  log.fatal({ err: error }, "unexpected failure");
  process.exit(1);
});

try {
  worker = await startWorker({
    env,
    library: checks,
    log,
    onGone: () => {
      log.fatal("the database has been away for too long; giving up");
      process.exit(1);
    },
  });
  log.info({ pid: process.pid }, "ready");
} catch (error) {
  log.fatal({ err: error }, "the worker could not start");
  process.exit(1);
}
