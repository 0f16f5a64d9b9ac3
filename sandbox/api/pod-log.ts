import { numberFrom } from "../prng.ts";
import type { Answer, Cluster, ResourceCall } from "./context.ts";
import { badRequest } from "./status.ts";
import { existing } from "./writes.ts";

type Container = { name: string };
type Pod = {
  metadata: { name: string; namespace?: string };
  spec: { nodeName?: string; containers: Container[]; initContainers?: Container[] };
  status?: { containerStatuses?: { name: string; lastState?: { terminated?: unknown } }[] };
};

const lines = 400;
const words = ["GET /healthz 200", "GET /api/orders 200", "POST /api/orders 201", "cache refreshed", "tick"];

/** The log of a container: the same lines every time, the newest last. */
export function podLog(cluster: Cluster, call: ResourceCall): Answer {
  const pod = existing(cluster, call) as unknown as Pod;
  if (!pod.spec.nodeName) return { status: 204, text: "" };
  const container = containerOf(pod, call.query.get("container"));
  const status = pod.status?.containerStatuses?.find(({ name }) => name === container);
  const previous = call.query.get("previous") === "true";
  if (previous && !status?.lastState?.terminated) {
    throw badRequest(`previous terminated container "${container}" in pod "${pod.metadata.name}" not found`);
  }
  const whole = previous ? ["started", "failed"] : logOf(`${pod.metadata.name}/${container}`);
  const tail = Number(call.query.get("tailLines") ?? whole.length);
  const text = (tail === 0 ? [] : whole.slice(-tail)).map((line) => `${line}\n`).join("");
  const limit = Number(call.query.get("limitBytes") || text.length);
  return { status: 200, text: text.slice(0, limit) };
}

function containerOf({ metadata, spec }: Pod, asked: string | null): string {
  const names = [...spec.containers, ...(spec.initContainers ?? [])].map(({ name }) => name);
  const [first = "", second] = spec.containers.map(({ name }) => name);
  if (asked === null && second === undefined) return first;
  if (asked === null) {
    const choice = spec.containers.map(({ name }) => name).join(" ");
    throw badRequest(
      `a container name must be specified for pod ${metadata.name}, choose one of: [${choice}]`,
    );
  }
  if (!names.includes(asked)) {
    throw badRequest(`container ${asked} is not valid for pod ${metadata.name}`);
  }
  return asked;
}

function logOf(key: string): string[] {
  return Array.from({ length: lines }, (_, index) => {
    const word = words[numberFrom(`${key} ${index}`) % words.length];
    return `${index + 1} ${word}`;
  });
}
