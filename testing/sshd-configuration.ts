import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KeyPair } from "./sshd.ts";

type Configured = { authorized?: readonly string[]; trustedAuthority?: string; config?: readonly string[] };

/** Its path, in a folder with the files that it names. */
export function configuration(
  options: Configured,
  { folder, port, hostKey }: { folder: string; port: number; hostKey: KeyPair },
): string {
  const file = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const config = [
    `Port ${port}`,
    "ListenAddress 0.0.0.0",
    `HostKey ${file("host-key", hostKey.privateKey)}`,
    `AuthorizedKeysFile ${file("authorized", `${(options.authorized ?? []).join("\n")}\n`)}`,
    ...(options.trustedAuthority
      ? [`TrustedUserCAKeys ${file("authority", `${options.trustedAuthority}\n`)}`]
      : []),
    ...(options.config ?? []),
    `PidFile ${join(folder, "pid")}`,
    // Whatever the user's shell would read at each login is no part of a test.
    `SetEnv HOME=${folder}`,
    "StrictModes no",
    "UsePAM no",
    "UseDNS no",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "PermitRootLogin prohibit-password",
    "PrintMotd no",
    "PrintLastLog no",
    "MaxStartups 2000",
    "MaxSessions 50",
    "LogLevel VERBOSE",
  ];
  return file("config", `${config.join("\n")}\n`);
}
