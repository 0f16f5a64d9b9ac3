import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Check } from "#server/checks/define-check.ts";
import type { Outcome } from "#server/engine/execution.ts";
import { runOnHost } from "./host-run.ts";
import { connectTo } from "./ssh-route.ts";
import { type KeyPair, keyMaker, startSshd } from "./sshd.ts";

/** Why a machine cannot give a test a host of its own: for the titles of tests that are skipped there. */
export const needsPrivateHost = "needs root and namespaces of its own";

/** Whether this machine lets us unshare mounts and processes and mount a folder over another. */
export const hasPrivateHosts =
  process.geteuid?.() === 0 &&
  spawnSync("unshare", ["-m", "-p", "-f", "--mount-proc", "mount", "--bind", "/tmp", "/mnt"]).status === 0;

export type PrivateHost = {
  /** where its /etc and whatever else is its own lies, as this machine sees it */
  folder: string;
  run(
    check: Check,
    params?: Record<string, unknown>,
    login?: { user?: string; sudo?: boolean },
  ): Promise<Outcome>;
  /** what a command prints there, as root and with this environment alone */
  inside(argv: readonly string[], env?: Record<string, string>): string;
  stop(): Promise<void>;
};

/**
 * A real sshd whose mounts and processes are its own: its /etc is a copy that `prepare` may change, the files named in
 * `binds` stand in for others, and the shell text `start` has run before the first login.
 */
export async function startPrivateHost(options: {
  prepare?: (folder: string) => void;
  binds?: Record<string, string>;
  start?: (folder: string) => string;
}): Promise<PrivateHost> {
  const folder = mkdtempSync(join(tmpdir(), "weekbook-host-"));
  chmodSync(folder, 0o755);
  execFileSync("cp", ["-a", "/etc", folder]);
  options.prepare?.(folder);
  const mounts = Object.entries({ [join(folder, "etc")]: "/etc", ...options.binds });
  const script = [
    ...mounts.map(([from, to]) => `mount --bind '${from}' '${to}' || exit 1`),
    options.start?.(folder) ?? "",
    'exec "$@"',
  ].join("\n");
  const own = ["unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child"];
  const keys = keyMaker();
  const pair: KeyPair = keys.pair();
  const authorized = join(folder, "authorized");
  writeFileSync(authorized, `${pair.publicKey}\n`);
  const sshd = await startSshd({
    // Whoever its /etc/passwd knows: the file that sshd has of us is for us alone.
    config: [`AuthorizedKeysCommand /usr/bin/cat ${authorized}`, "AuthorizedKeysCommandUser root"],
    within: [...own, "sh", "-c", script, "sh"],
  });
  const [first] = childrenOf(sshd.pid);
  return {
    folder,
    async run(check, params = {}, { user = sshd.user, sudo = true } = {}) {
      const connector = connectTo(sshd, pair, { user, sudo });
      try {
        return await runOnHost(check, params, connector);
      } finally {
        await connector.close();
      }
    },
    inside(argv, env = {}) {
      const enter = ["--target", first ?? "", "--mount", "--pid", "env", "-i"];
      const values = Object.entries(env).map(([name, value]) => `${name}=${value}`);
      const { stdout } = spawnSync("nsenter", [...enter, ...values, ...argv], {
        encoding: "utf8",
        // A bash whose input is a socket, as Node's are, believes that sshd runs it.
        stdio: ["ignore", "pipe", "pipe"],
      });
      return stdout;
    },
    async stop() {
      await sshd.stop();
      keys[Symbol.dispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function childrenOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean);
}
