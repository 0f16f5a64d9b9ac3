import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type PracticeCluster, startPracticeCluster } from "./practice-cluster.ts";
import { type As, ask, getList, type Reply } from "./testing/client.ts";

const folder = join(import.meta.dirname, "recordings");
type Recording = {
  shows: string;
  request: {
    method: string;
    path: string;
    query?: string;
    accept?: string;
    contentType?: string;
    body?: unknown;
  };
  status: number;
  headers: Record<string, string>;
  body: unknown;
};

function read<T>(file: string): T {
  return JSON.parse(readFileSync(join(folder, file), "utf8"));
}

const files = readdirSync(folder).filter((file) => /^\d/.test(file));
const recordings = new Map(files.map((file) => [file.slice(0, 3), read<Recording>(file)]));
const shapes = read<Record<string, string[]>>("shapes.json");

let cluster: PracticeCluster;
/** names that stand where the recorded cluster had others */
let pod: { namespace: string; name: string };
let deployment: { namespace: string; name: string };

beforeAll(async () => {
  cluster = await startPracticeCluster({ faults: [] });
  const [onePod] = (await getList(cluster, "admin", "/api/v1/namespaces/checkout/pods")).items;
  const [oneDeployment] = (await getList(cluster, "admin", "/apis/apps/v1/namespaces/payments/deployments"))
    .items;
  if (!onePod || !oneDeployment) throw new Error("The practice cluster has neither pods nor deployments.");
  pod = onePod.metadata;
  deployment = oneDeployment.metadata;
  await ask(cluster, "admin", "/api/v1/namespaces/payments/configmaps", {
    method: "POST",
    body: {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "settings" },
      data: { LOG_LEVEL: "debug" },
    },
  });
});

afterAll(() => cluster.close());

function recording(number: string): Recording {
  const found = recordings.get(number);
  if (!found) throw new Error(`There is no recording ${number}.`);
  return found;
}

/** The recorded request, its names replaced, sent to the practice cluster. */
function replay(number: string, as: As, rename: (text: string) => string = (text) => text): Promise<Reply> {
  const { request } = recording(number);
  const { body, contentType, accept } = request;
  const path = rename(request.path) + (request.query === undefined ? "" : `?${request.query}`);
  return ask(cluster, as, path, {
    method: request.method,
    headers: {
      ...(accept !== undefined && { Accept: accept }),
      ...(contentType !== undefined && { "Content-Type": contentType }),
    },
    ...(body !== undefined && {
      body: typeof body === "string" ? body : JSON.parse(rename(JSON.stringify(body))),
    }),
  });
}

function expectSameHead(reply: Reply, { status, headers }: Recording): void {
  expect(reply.status).toBe(status);
  for (const [name, value] of Object.entries(headers)) {
    if (name === "Etag") expect(reply.headers.etag).toMatch(/^"[0-9A-F]{128}"$/);
    else expect([name, reply.headers[name.toLowerCase()]]).toEqual([name, value]);
  }
}

/** Users of the recorded cluster under their names here. */
const renameUsers = (text: string) => text.replaceAll("nobody-user", "nobody");

/** Answers that must be the same to the letter: number, who asks, other names. */
const same: [number: string, as: As, rename?: (text: string) => string][] = [
  ["131", "admin"],
  ["132", "admin"],
  ["136", "admin"],
  ["138", "admin"],
  ["142", "viewer"],
  ["400", { token: "garbage" }],
  ["409", "anonymous"],
  ["410", "nobody"],
  ["413", "viewer"],
  ["415", "nobody"],
  ["419", "nobody"],
  ["420", "viewer"],
  ["421", "viewer"],
  ["430", "admin"],
  ["431", "admin"],
  ["432", "admin"],
  ["433", "admin"],
  ["434", "admin"],
  ["435", "admin"],
  ["440", "admin"],
  ["441", "admin"],
  ["443", "admin"],
  ["445", "admin"],
  ["446", "admin"],
  ["447", "admin"],
  ["448", "admin"],
  ["449", "admin"],
  ["450", "admin"],
  ["451", "admin"],
  ["452", "admin"],
  ["455", "admin"],
  ["458", "admin"],
  ["459", "admin"],
  ["465", "admin"],
  ["466", "admin"],
  ["479", "admin"],
  ["505", "admin"],
  ["512", "admin", (text) => text.replaceAll("cart-v1-0", pod.name).replaceAll("shop", pod.namespace)],
  ["513", "admin"],
  ["530", "admin"],
  ["602", "anonymous"],
  ["611", "nobody"],
  ["612", "viewer"],
  ["613", "viewer"],
  ["614", "admin"],
  ["617", "admin"],
  ["623", "viewer"],
  ["641", "admin"],
  ["647", "admin", (text) => text.replace("cart-v1-0", pod.name).replace("shop", pod.namespace)],
];

test.each(same)(
  "recording %s as %j: status, headers and body are the recorded ones",
  async (number, as, rename) => {
    const expected = recording(number);
    const reply = await replay(number, as, rename);
    expectSameHead(reply, expected);
    if (typeof expected.body === "string") expect(reply.text).toBe(expected.body);
    else expect(reply.body).toEqual(JSON.parse(renameUsers(JSON.stringify(expected.body))));
  },
);

/** What is generated, or differs from cluster to cluster. */
const generated =
  /^(uid|resourceVersion|creationTimestamp|deletionTimestamp|continue|remainingItemCount|storageVersionHash|serverAddress|gitVersion|gitCommit|buildDate|authentication\.kubernetes\.io\/credential-id)$/;

function masked(value: unknown): unknown {
  const text = JSON.stringify(value, (key, inner) => (generated.test(key) && inner !== null ? "…" : inner));
  return JSON.parse(text);
}

const maskedSame: [number: string, as: As, rename?: (text: string) => string][] = [
  ["100", "viewer"],
  ["102", "admin"],
  ["221", "admin"],
  ["600", "adminCertificate"],
  ["640", "admin"],
];

test.each(maskedSame)("recording %s as %j: the same but for generated values", async (number, as, rename) => {
  const expected = recording(number);
  const reply = await replay(number, as, rename);
  expectSameHead(reply, expected);
  expect(masked(reply.body)).toEqual(masked(expected.body));
});

test("406 names what this server can write, in the recorded form", async () => {
  for (const number of ["453", "454"]) {
    const { body } = recording(number) as { body: { message: string } };
    const reply = await replay(number, "admin");
    expectSameHead(reply, recording(number));
    const message = body.message.replace(/(: application\/json), .*$/s, "$1");
    expect(reply.body).toEqual({ ...body, message });
  }
});

test("a body of another media type is refused with the list of those accepted", async () => {
  const reply = await replay("457", "admin");
  expectSameHead(reply, recording("457"));
  expect(reply.body).toMatchObject({ reason: "UnsupportedMediaType", code: 415 });
});

test("410 of an expired token carries a token for the inconsistent rest, and that works", async () => {
  const own = await startPracticeCluster({ faults: [], pods: 60 });
  const first = await getList(own, "admin", "/api/v1/pods?limit=10");
  await ask(
    own,
    "admin",
    `/api/v1/namespaces/${first.items[0]?.metadata.namespace}/pods/${first.items[0]?.metadata.name}`,
    {
      method: "DELETE",
    },
  );
  own.compact();
  const path = `/api/v1/pods?limit=10&continue=${first.metadata.continue}`;
  const expired = await ask(own, "admin", path);
  const expected = recording("500");
  expectSameHead(expired, expected);
  expect(masked(expired.body)).toEqual(masked(expected.body));
  const token = (expired.body as { metadata: { continue: string } }).metadata.continue;
  const decoded = (text: string) => JSON.parse(Buffer.from(text, "base64url").toString());
  expect(decoded(token)).toMatchObject({ v: "meta.k8s.io/v1", rv: -1 });
  const rest = await getList(own, "admin", `/api/v1/pods?limit=10&continue=${token}`);
  expect(rest.metadata.resourceVersion).not.toBe(first.metadata.resourceVersion);
  expect(Object.keys(rest.metadata).sort()).toEqual(
    Object.keys((recording("501").body as { metadata: object }).metadata).sort(),
  );
  await own.close();
});

test("a version that is still to come is a 504 with Retry-After", async () => {
  const reply = await replay("506", "admin");
  expectSameHead(reply, recording("506"));
  const current = /current: \d+/;
  const { message, ...rest } = recording("506").body as { message: string };
  expect(reply.body).toMatchObject(rest);
  expect((reply.body as { message: string }).message.replace(current, "")).toBe(message.replace(current, ""));
});

test("an eviction that a disruption budget forbids is a 429 with its cause and without Retry-After", async () => {
  const target = (await getList(cluster, "admin", "/api/v1/namespaces/search/pods")).items[0]?.metadata;
  const selected = target?.labels?.["app.kubernetes.io/name"];
  const matchLabels = { "app.kubernetes.io/name": selected };
  const budgets = "/apis/policy/v1/namespaces/search/poddisruptionbudgets";
  const budget = {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "tight" },
    spec: { minAvailable: "100%", selector: { matchLabels } },
  };
  expect((await ask(cluster, "admin", budgets, { method: "POST", body: budget })).status).toBe(201);
  const rename = (text: string) =>
    text.replaceAll("checkout-6bd7bdb4d5-76xfh", target?.name ?? "").replaceAll("payments", "search");
  const reply = await replay("510", "admin", rename);
  expectSameHead(reply, recording("510"));
  expect(reply.headers["retry-after"]).toBeUndefined();
  const cause = /budget \S+ needs \d+ healthy pods and has \d+ currently/;
  const words = (body: unknown) => JSON.stringify(body).replace(cause, "");
  expect(words(reply.body)).toBe(words(recording("510").body));
  await ask(cluster, "admin", `${budgets}/tight`, { method: "DELETE" });
});

test("overload is a 429 in plain text with Retry-After", async () => {
  cluster.failNext({ match: { path: "/api/v1/pods" }, trouble: { kind: "status", status: 429 } });
  const reply = await replay("520", "viewer");
  expectSameHead(reply, recording("520"));
  expect(reply.text).toBe(recording("520").body);
});

test("plain HTTP on the HTTPS port gets the recorded sentence", async () => {
  const reply = await fetch(`http://127.0.0.1:${cluster.port}/version`);
  expect([reply.status, await reply.text()]).toEqual([recording("408").status, recording("408").body]);
});

test("aggregated discovery has the recorded form, and its ETag spares the second answer", async () => {
  const { items } = recording("104").body as {
    items: { versions: { resources: { resource: string }[] }[] }[];
  };
  const reply = await replay("104", "nobody");
  expectSameHead(reply, recording("104"));
  const mine = (reply.body as { items: typeof items }).items[0]?.versions[0]?.resources ?? [];
  for (const wanted of items[0]?.versions[0]?.resources ?? []) {
    const found = mine.find(({ resource }) => resource === wanted.resource);
    expect(found).toMatchObject(withoutSubresources(wanted));
  }
  const again = await ask(cluster, "nobody", "/api", {
    headers: { Accept: recording("104").request.accept ?? "", "If-None-Match": String(reply.headers.etag) },
  });
  expect([again.status, again.text]).toEqual([304, ""]);
});

function withoutSubresources({ subresources: _, ...rest }: { subresources?: unknown; resource: string }) {
  return rest;
}

test.each(["110", "111"])("resource list %s: every kind served is described as recorded", async (number) => {
  const expected = recording(number).body as { resources: { name: string }[] };
  const reply = await replay(number, "nobody");
  expectSameHead(reply, recording(number));
  const mine = reply.body as typeof expected;
  expect(Object.keys(mine)).toEqual(Object.keys(expected));
  const described = new Map(expected.resources.map((resource) => [resource.name, resource]));
  for (const resource of mine.resources.filter(({ name }) => described.has(name))) {
    expect(masked(resource)).toEqual(masked(described.get(resource.name)));
  }
  const kinds = expected.resources.filter(({ name }) => !name.includes("/")).map(({ name }) => name);
  expect(mine.resources.map(({ name }) => name)).toEqual(expect.arrayContaining(kinds));
});

test.each([
  ["210", "PodList"],
  ["270", "PartialObjectMetadataList"],
  ["281", "EndpointsList"],
])("list %s: a %s with the recorded keys, in their order", async (number, kind) => {
  const expected = recording(number);
  const rename = (text: string) => text.replace("scenarios", "payments");
  const reply = await replay(number, "admin", rename);
  expectSameHead(reply, expected);
  const [mine, theirs] = [reply.body, expected.body] as { kind: string; metadata: object; items: object[] }[];
  expect(mine?.kind).toBe(kind);
  expect(Object.keys(mine ?? {})).toEqual(Object.keys(theirs ?? {}));
  expect(Object.keys(mine?.metadata ?? {})).toEqual(Object.keys(theirs?.metadata ?? {}));
  expect(Object.keys(mine?.items[0] ?? {})).toEqual(Object.keys(theirs?.items[0] ?? {}));
});

test.each(["272", "273"])("table %s has the recorded columns", async (number) => {
  type Table = {
    columnDefinitions: { name: string; type: string }[];
    rows: { cells: unknown[]; object: unknown }[];
  };
  const expected = recording(number).body as Table;
  const reply = await replay(number, "admin", (text) => text.replace("scenarios", "payments"));
  expectSameHead(reply, recording(number));
  const mine = reply.body as Table;
  expect(Object.keys(mine)).toEqual(Object.keys(expected));
  expect(mine.columnDefinitions.map(({ name, type }) => [name, type])).toEqual(
    expected.columnDefinitions.map(({ name, type }) => [name, type]),
  );
  expect(mine.rows[0]?.cells).toHaveLength(expected.rows[0]?.cells.length ?? -1);
  expect(mine.rows[0]?.object === null).toBe(expected.rows[0]?.object === null);
});

test("a pod as metadata only", async () => {
  const rename = () => `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}`;
  const reply = await replay("271", "admin", rename);
  expectSameHead(reply, recording("271"));
  expect(Object.keys(reply.body ?? {})).toEqual(Object.keys(recording("271").body ?? {}));
});

test.each(["216", "106"])("recording %s: status and headers", async (number) => {
  const reply =
    number === "106"
      ? await ask(cluster, "admin", "/apis", {
          headers: {
            Accept: recording("104").request.accept ?? "",
            "If-None-Match": String((await replay("106", "admin")).headers.etag),
          },
        })
      : await replay(number, "admin");
  expect(reply.status).toBe(recording(number).status);
});

test("dry runs answer as if they had happened: restart, scale, delete, JSON patch, uid precondition", async () => {
  const toDeployment = (text: string) =>
    text
      .replace("payments", deployment.namespace)
      .replace("deployments/checkout", `deployments/${deployment.name}`);
  const path = `/apis/apps/v1/namespaces/${deployment.namespace}/deployments/${deployment.name}`;
  const before = (await ask(cluster, "admin", path)).body as {
    metadata: { resourceVersion: string; generation: number };
  };

  const restarted = await replay("643", "admin", toDeployment);
  expectSameHead(restarted, recording("643"));
  expect(restarted.body).toMatchObject({
    metadata: {
      resourceVersion: before.metadata.resourceVersion,
      generation: before.metadata.generation + 1,
    },
    spec: {
      template: {
        metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": "2026-01-01T00:00:00Z" } },
      },
    },
  });

  const scaled = await replay("642", "admin", toDeployment);
  expectSameHead(scaled, recording("642"));
  expect(keyPaths(scaled.body)).toEqual(keyPaths(recording("642").body));

  const toPod = (text: string) => text.replace("cart-v1-0", pod.name).replace("shop", pod.namespace);
  const deleted = await replay("646", "admin", toPod);
  expectSameHead(deleted, recording("646"));
  const recorded = (recording("646").body as { metadata: object }).metadata;
  const mine = (deleted.body as { metadata: object }).metadata;
  for (const key of ["deletionTimestamp", "deletionGracePeriodSeconds", "generation", "resourceVersion"]) {
    expect([key, key in mine]).toEqual([key, key in recorded]);
  }

  const tested = await replay("469", "admin", toDeployment);
  expectSameHead(tested, recording("469"));
  expect(tested.body).toEqual(recording("469").body);

  const otherUid = await replay("470", "admin");
  expectSameHead(otherUid, recording("470"));
  const record = /record \([^)]*\)/;
  expect(JSON.stringify(otherUid.body).replace(record, "")).toBe(
    JSON.stringify(recording("470").body).replace(record, ""),
  );

  expect((await ask(cluster, "admin", path)).body).toEqual(before);
  expect((await ask(cluster, "admin", `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}`)).status).toBe(
    200,
  );
});

test("reviews: what viewer, nobody and the administrator may do", async () => {
  for (const [number, as] of [
    ["610", "viewer"],
    ["621", "nobody"],
    ["622", "admin"],
  ] as const) {
    const reply = await replay(number, as);
    expectSameHead(reply, recording(number));
    expect(Object.keys(reply.body ?? {})).toEqual(Object.keys(recording(number).body ?? {}));
  }
  const allowed = (await replay("610", "viewer")).body as { status: { reason: string } };
  expect(allowed.status.reason).toMatch(
    /^RBAC: allowed by ClusterRoleBinding "\S+" of ClusterRole "\S+" to User "viewer"$/,
  );
});

/** Every path of keys in a value; what lies below labels, limits and the like is left out. */
const maps =
  /^(labels|annotations|nodeSelector|limits|requests|capacity|allocatable|allocatedResources|matchLabels|data|selector|rollingUpdate)$/;

function keyPaths(value: unknown, path = "", found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) keyPaths(item, `${path}[]`, found);
  else if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      const next = path === "" ? key : `${path}.${key}`;
      found.add(next);
      const flat =
        typeof inner === "object" &&
        inner !== null &&
        Object.values(inner).every((one) => typeof one !== "object");
      if (!(maps.test(key) && flat)) keyPaths(inner, next, found);
    }
  }
  return found;
}

/** Served by every API server, but not set in any recorded object. */
const unrecorded = [
  "spec.containers[].ports[].hostIP",
  "status.lastScheduleTime",
  "status.lastSuccessfulTime",
  "subsets[].ports[].name",
];

/** A pod template is a pod, an init container a container. */
function alike(path: string): string {
  return path
    .replace(/^spec\.(jobTemplate\.spec\.)?template\.(?=spec|metadata)/, "")
    .replace(/^spec\.initContainers/, "spec.containers")
    .replace(/^status\.initContainerStatuses/, "status.containerStatuses");
}

function knownPaths(kind: string): Set<string> {
  const metadata = Object.values(shapes)
    .flat()
    .filter((path) => path.startsWith("metadata."));
  const spec = (shapes.Pod ?? []).filter((path) => path.startsWith("spec."));
  return new Set([...(shapes[kind] ?? []), ...spec, ...metadata, ...unrecorded].map(alike));
}

test.each([
  ["Pod", "/api/v1/pods"],
  ["Node", "/api/v1/nodes"],
  ["Namespace", "/api/v1/namespaces"],
  ["Service", "/api/v1/services"],
  ["Endpoints", "/api/v1/endpoints"],
  ["Event", "/api/v1/events"],
  ["ConfigMap", "/api/v1/configmaps"],
  ["ServiceAccount", "/api/v1/serviceaccounts"],
  ["Deployment", "/apis/apps/v1/deployments"],
  ["ReplicaSet", "/apis/apps/v1/replicasets"],
  ["StatefulSet", "/apis/apps/v1/statefulsets"],
  ["DaemonSet", "/apis/apps/v1/daemonsets"],
  ["Job", "/apis/batch/v1/jobs"],
  ["CronJob", "/apis/batch/v1/cronjobs"],
  ["EndpointSlice", "/apis/discovery.k8s.io/v1/endpointslices"],
])("generated %s objects have no field that real ones do not have", async (kind, path) => {
  const faulty = await startPracticeCluster();
  const { items } = await getList(faulty, "admin", path);
  await faulty.close();
  const known = knownPaths(kind);
  const unknown = [...keyPaths(items)].map((one) => alike(one.slice(3))).filter((one) => !known.has(one));
  expect(items.length).toBeGreaterThan(0);
  expect(unknown).toEqual([]);
});
