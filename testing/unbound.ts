import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort, type Service, startService } from "./service-process.ts";

export type Unbound = Service & {
  /** where it speaks DNS over HTTPS (HTTP/2 alone), below /dns-query; only with `tls` */
  dohPort: number;
};

/** A real unbound (Debian's package of the name) that is the authority for `zone` and fails for broken.test. */
export async function startUnbound(options: {
  zone: string;
  /** records as in a zone file, below the SOA and NS that are there already */
  records: string;
  tls?: { chainPem: string; keyPem: string };
}): Promise<Unbound> {
  const dohPort = await freePort();
  const service = await startService("unbound", async ({ folder, port }) => {
    await chmod(folder, 0o755);
    const zonefile = join(folder, "zone");
    const head = `$ORIGIN ${options.zone}.\n$TTL 300\n@ SOA ns hostmaster 7 3600 600 86400 60\n@ NS ns\nns A 192.0.2.53\n`;
    await writeFile(zonefile, `${head}${options.records}\n`);
    const tls: string[] = [];
    if (options.tls) {
      await writeFile(join(folder, "cert.pem"), options.tls.chainPem);
      await writeFile(join(folder, "key.pem"), options.tls.keyPem, { mode: 0o600 });
      tls.push(`interface: 127.0.0.1@${dohPort}`, `https-port: ${dohPort}`);
      tls.push(`tls-service-pem: "${folder}/cert.pem"`, `tls-service-key: "${folder}/key.pem"`);
    }
    const configuration = [
      "server:",
      ...[`interface: 127.0.0.1@${port}`, ...tls, "access-control: 127.0.0.0/8 allow", "num-threads: 1"],
      ...['username: ""', 'chroot: ""', `directory: "${folder}"`, `pidfile: "${folder}/pid"`],
      ...["use-syslog: no", 'logfile: ""', "do-daemonize: no", 'module-config: "iterator"'],
      ...[
        "local-zone: test nodefault",
        "local-zone: refused.test refuse",
        "do-not-query-localhost: no",
        "do-ip6: no",
      ],
      "auth-zone:",
      ...[`name: ${options.zone}`, `zonefile: "${zonefile}"`, "for-upstream: yes", "for-downstream: yes"],
      "auth-zone:",
      ...["name: broken.test", "primary: 127.0.0.1@9", "for-downstream: yes", "fallback-enabled: no"],
      "remote-control:",
      "control-enable: no",
    ];
    await writeFile(join(folder, "unbound.conf"), `${configuration.join("\n")}\n`);
    return { command: "/usr/sbin/unbound", args: ["-d", "-c", join(folder, "unbound.conf")] };
  });
  return { ...service, dohPort };
}
