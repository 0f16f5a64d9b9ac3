// The bare loop: lists paths page by page with the same parallelism as the engine, parses the JSON and drops it.
import { Agent, fetch } from "undici";

type Order = { server: string; caPem: string; token: string; paths: string[]; parallel: number };
type Page = { items: unknown[]; metadata: { continue?: string } };

const order = JSON.parse(process.argv[2] ?? "") as Order;
const dispatcher = new Agent({ connect: { ca: order.caPem }, connections: order.parallel });
const started = performance.now();
const cpuStarted = process.cpuUsage();
const waiting = [...order.paths];
let objects = 0;
let bytes = 0;

async function list(path: string): Promise<void> {
  let next: string | undefined;
  do {
    const cursor = next === undefined ? "" : `&continue=${encodeURIComponent(next)}`;
    const response = await fetch(`${order.server}${path}?limit=500${cursor}`, {
      dispatcher,
      headers: { authorization: `Bearer ${order.token}`, accept: "application/json" },
    });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text.slice(0, 200)}`);
    const page = JSON.parse(text) as Page;
    bytes += text.length;
    objects += page.items.length;
    next = page.metadata.continue || undefined;
  } while (next !== undefined);
}

async function lane(): Promise<void> {
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) await list(path);
}

await Promise.all(Array.from({ length: order.parallel }, lane));
const { user, system } = process.cpuUsage(cpuStarted);
const wallMs = performance.now() - started;
await dispatcher.close();
console.log(JSON.stringify({ wallMs, cpuMs: (user + system) / 1000, objects, bytes }));
