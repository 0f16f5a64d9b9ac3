import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Service, startService } from "./service-process.ts";

/** A real nginx (Debian's nginx-light) with `locations` below one server; over TLS where a certificate is given. */
export function startNginx(options: {
  locations: string;
  tls?: { chainPem: string; keyPem: string };
  /** a cache of the name "edge" that proxied locations may use */
  cache?: boolean;
  /** files below the folder that `root www;` serves */
  files?: Record<string, string>;
}): Promise<Service> {
  return startService("nginx", async ({ folder, port }) => {
    // Its workers may run as another user than its master.
    await chmod(folder, 0o755);
    await mkdir(join(folder, "www"));
    for (const [name, content] of Object.entries(options.files ?? {})) {
      await writeFile(join(folder, "www", name), content);
    }
    if (options.tls) {
      await writeFile(join(folder, "cert.pem"), options.tls.chainPem);
      await writeFile(join(folder, "key.pem"), options.tls.keyPem, { mode: 0o600 });
    }
    const tls = options.tls
      ? `ssl_certificate ${folder}/cert.pem; ssl_certificate_key ${folder}/key.pem;`
      : "";
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
      .map((name) => `${name}_temp_path ${folder}/${name};`)
      .join(" ");
    const configuration = `
      daemon off; worker_processes 1; pid ${folder}/pid; error_log stderr warn;
      events { worker_connections 128; }
      http {
        access_log off; ${temporary}
        ${options.cache ? `proxy_cache_path ${folder}/cache keys_zone=edge:1m;` : ""}
        types { text/plain txt; } default_type application/octet-stream;
        server { listen 127.0.0.1:${port}${options.tls ? " ssl" : ""}; ${tls} root ${folder}/www; ${options.locations} }
      }`;
    await writeFile(join(folder, "nginx.conf"), configuration);
    return {
      command: "/usr/sbin/nginx",
      args: ["-e", "stderr", "-p", folder, "-c", join(folder, "nginx.conf")],
    };
  });
}
