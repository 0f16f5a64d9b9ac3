import type { Reason } from "#common/result.ts";
import type {
  KubernetesSingleValues,
  KubernetesWatchRequest,
} from "../../checks/needs/kubernetes-requests.ts";
import { type ReadContext, ReadError, type Reading } from "../connector.ts";
import { readError } from "../read-error.ts";
import type { Api } from "./api.ts";
import type { Clock } from "./clock.ts";
import { resourceName, resourcePath } from "./paths.ts";
import { isObject, parseJson, readObject, statusError } from "./status.ts";

const longestSeconds = 60;
const maxEvents = 10_000;
const maxEventBytes = 32 << 20;
/** Streams of one watch: a server may end one early, and then it is taken up at the version it had come to. */
const maxStreams = 5;
const changes: readonly unknown[] = ["ADDED", "MODIFIED", "DELETED"];

type Events = KubernetesSingleValues["kubernetes.watch"];
type Asked = Omit<KubernetesWatchRequest, "type" | "parse">;
type Ended = "time" | "server" | "expired" | "full";

/** What changes of a kind within a time. Ends with the time, never waits for a change. */
export async function readWatch(
  { api, clock, context }: { api: Api; clock: Clock; context: ReadContext },
  request: Asked,
): Promise<Reading<Events>> {
  const seconds = Math.max(1, Math.min(longestSeconds, Math.trunc(request.seconds)));
  const what = `watch ${resourceName(request.kind)} for ${seconds} s`;
  const events: Events = [];
  const missing: Reason[] = [];
  let version = await presentVersion(api, request, context);
  const startedMs = clock.nowMs();
  const room = { bytes: maxEventBytes };
  const leftSeconds = () => Math.ceil(seconds - (clock.nowMs() - startedMs) / 1000);

  for (let stream = 0; stream < maxStreams; stream += 1) {
    const limitSeconds = leftSeconds();
    if (limitSeconds <= 0) return { value: events, read: events.length, missing };
    const atMs = () => Math.round(clock.nowMs() - startedMs);
    const part = { request, what, version, limitSeconds, atMs, events, room };
    const { ended, reached } = await followOnce(api, part, context);
    version = reached;
    if (ended === "time") return { value: events, read: events.length, missing };
    if (ended === "full") {
      missing.push({
        code: "truncated",
        what,
        detail: `event-limit: the rest after ${events.length} events`,
      });
      return { value: events, read: events.length, missing };
    }
    if (ended === "expired") {
      const detail = "watch-expired: what changed before it could begin again is not known";
      missing.push({ code: "changed-while-reading", what, detail });
      version = await presentVersion(api, request, context);
    }
  }
  const left = leftSeconds();
  if (left > 0) missing.push({ code: "server-error", what, detail: `watch-ended: ${left} s too early` });
  return { value: events, read: events.length, missing };
}

/** The version a list of one object is of: as good as that of a whole one. */
async function presentVersion(api: Api, request: Asked, context: ReadContext): Promise<string> {
  const what = `list ${resourceName(request.kind)}`;
  const query = selected(request, { limit: "1" });
  const path = `${resourcePath(request.kind)}?${query}`;
  const response = await api.send({ method: "GET", path, what }, context);
  if (response.status !== 200) throw statusError(response, what);
  const { metadata } = readObject(response, what);
  const version = isObject(metadata) ? metadata.resourceVersion : undefined;
  if (typeof version === "string" && version !== "") return version;
  throw readError("malformed", what, "not-a-list", "the list does not say of which version it is");
}

type Part = {
  request: Asked;
  what: string;
  version: string;
  limitSeconds: number;
  atMs: () => number;
  events: Events;
  room: { bytes: number };
};

async function followOnce(api: Api, part: Part, context: ReadContext) {
  const { request, what, limitSeconds } = part;
  const query = selected(request, {
    watch: "1",
    resourceVersion: part.version,
    allowWatchBookmarks: "true",
    timeoutSeconds: String(limitSeconds),
  });
  const path = `${resourcePath(request.kind)}?${query}`;
  const state: { reached: string; ended: Ended } = { reached: part.version, ended: "server" };
  const stop = AbortSignal.timeout(limitSeconds * 1000);
  const onLine = (line: string) => take(line, part, state);
  try {
    const response = await api.stream({ method: "GET", path, what }, context, { onLine, stop });
    if (response.status === 410) return { ...state, ended: "expired" as const };
    if (response.status !== 200) throw statusError(response, what);
  } catch (error) {
    // A stream that breaks goes on where it was, as one that the server ended: nothing is lost, nothing comes twice.
    if (!(error instanceof ReadError) || !error.reason.detail?.startsWith("connection-cut:")) throw error;
  }
  if (stop.aborted && state.ended === "server") state.ended = "time";
  return state;
}

/** One line of the stream. False ends it. */
function take(line: string, part: Part, state: { reached: string; ended: Ended }): boolean {
  if (line.trim() === "") return true;
  const event = parseJson(line);
  if (!isObject(event) || !isObject(event.object)) {
    throw readError("malformed", part.what, "not-an-event", "a line of the answer is not a watch event");
  }
  const { type, object } = event;
  const metadata = isObject(object.metadata) ? object.metadata : {};
  if (type === "ERROR") {
    if (object.code !== 410)
      throw readError("server-error", part.what, "watch-error", String(object.message));
    state.ended = "expired";
    return false;
  }
  if (typeof metadata.resourceVersion === "string") state.reached = metadata.resourceVersion;
  if (!changes.includes(type)) return true;
  part.room.bytes -= line.length;
  if (part.events.length >= maxEvents || part.room.bytes < 0) {
    state.ended = "full";
    return false;
  }
  delete metadata.managedFields;
  part.events.push({ atMs: part.atMs(), type: type as Events[number]["type"], object });
  return true;
}

function selected({ labelSelector, fieldSelector }: Asked, query: Record<string, string>): string {
  const selectors = {
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  };
  return new URLSearchParams({ ...query, ...selectors }).toString();
}
