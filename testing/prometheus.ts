import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { get as getPlain, type IncomingMessage } from "node:http";
import { get as getSecure } from "node:https";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { startService } from "./service-process.ts";

export type PrometheusServer = {
  port: number;
  /** waits until a query finds something; for a server without TLS and user */
  until(query: string): Promise<void>;
  stop(): Promise<void>;
};

type Options = {
  /** job → host:port of what exposes metrics */
  jobs?: Record<string, string>;
  tls?: { certPem: string; keyPem: string };
  /** name and bcrypt hash */
  user?: { name: string; hash: string };
};

/** A real Prometheus on a loopback port that scrapes itself and `jobs`; Debian's package prometheus has it. */
export async function startPrometheus(options: Options = {}): Promise<PrometheusServer> {
  const service = await startService("prometheus", async ({ folder, port }) => {
    const file = async (name: string, content: string) => {
      await writeFile(join(folder, name), content, { mode: 0o600 });
      return join(folder, name);
    };
    const isPlain = !options.tls && !options.user;
    const jobs = { ...(isPlain ? { prometheus: `127.0.0.1:${port}` } : {}), ...options.jobs };
    const scrapes = Object.entries(jobs).map(([job, target]) => ({
      job_name: job,
      static_configs: [{ targets: [target] }],
    }));
    const { tls, user } = options;
    const web = {
      tls_server_config: tls && {
        cert_file: await file("cert.pem", tls.certPem),
        key_file: await file("key.pem", tls.keyPem),
      },
      basic_auth_users: user && { [user.name]: user.hash },
    };
    // JSON is YAML.
    const config = JSON.stringify({ global: { scrape_interval: "1s" }, scrape_configs: scrapes });
    const args = [
      `--config.file=${await file("prometheus.yml", config)}`,
      `--web.config.file=${await file("web.yml", JSON.stringify(web))}`,
      `--web.listen-address=127.0.0.1:${port}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
    ];
    return { command: "prometheus", args };
  });
  const origin = `${options.tls ? "https" : "http"}://127.0.0.1:${service.port}`;
  // It listens before it is ready, and says so.
  while ((await statusOf(`${origin}/-/ready`)) === 503) await wait(50);
  return {
    port: service.port,
    async until(query) {
      for (;;) {
        const response = await fetch(`${origin}/api/v1/query?query=${encodeURIComponent(query)}`);
        const answer = (await response.json()) as { data?: { result?: unknown[] } };
        if ((answer.data?.result?.length ?? 0) > 0) return;
        await wait(100);
      }
    },
    stop: service.stop,
  };
}

async function statusOf(url: string): Promise<number | undefined> {
  const request = url.startsWith("https:") ? getSecure(url, { rejectUnauthorized: false }) : getPlain(url);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}
