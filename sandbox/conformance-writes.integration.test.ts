import { afterAll, beforeAll, expect, test } from "vitest";
import { type PracticeCluster, startPracticeCluster } from "./practice-cluster.ts";
import { ask, getList } from "./testing/client.ts";
import { headDifferences, keyPaths, recording, replay } from "./testing/recordings.ts";

let cluster: PracticeCluster;
/** names that stand for the recorded ones */
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
  const reply = await replay(cluster, "510", "admin", rename);
  expect(headDifferences(reply, recording("510"))).toEqual([]);
  expect(reply.headers["retry-after"]).toBeUndefined();
  const cause = /budget \S+ needs \d+ healthy pods and has \d+ currently/;
  const words = (body: unknown) => JSON.stringify(body).replace(cause, "");
  expect(words(reply.body)).toBe(words(recording("510").body));
  await ask(cluster, "admin", `${budgets}/tight`, { method: "DELETE" });
});

test("overload is a 429 in plain text with Retry-After", async () => {
  cluster.failNext({ match: { path: "/api/v1/pods" }, trouble: { kind: "status", status: 429 } });
  const reply = await replay(cluster, "520", "viewer");
  expect(headDifferences(reply, recording("520"))).toEqual([]);
  expect(reply.text).toBe(recording("520").body);
});

test("plain HTTP on the HTTPS port gets the recorded sentence", async () => {
  const reply = await fetch(`http://127.0.0.1:${cluster.port}/version`);
  expect([reply.status, await reply.text()]).toEqual([recording("408").status, recording("408").body]);
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

  const restarted = await replay(cluster, "643", "admin", toDeployment);
  expect(headDifferences(restarted, recording("643"))).toEqual([]);
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

  const scaled = await replay(cluster, "642", "admin", toDeployment);
  expect(headDifferences(scaled, recording("642"))).toEqual([]);
  expect(keyPaths(scaled.body)).toEqual(keyPaths(recording("642").body));

  const toPod = (text: string) => text.replace("cart-v1-0", pod.name).replace("shop", pod.namespace);
  const deleted = await replay(cluster, "646", "admin", toPod);
  expect(headDifferences(deleted, recording("646"))).toEqual([]);
  const recorded = (recording("646").body as { metadata: object }).metadata;
  const mine = (deleted.body as { metadata: object }).metadata;
  for (const key of ["deletionTimestamp", "deletionGracePeriodSeconds", "generation", "resourceVersion"]) {
    expect([key, key in mine]).toEqual([key, key in recorded]);
  }

  const tested = await replay(cluster, "469", "admin", toDeployment);
  expect(headDifferences(tested, recording("469"))).toEqual([]);
  expect(tested.body).toEqual(recording("469").body);

  const otherUid = await replay(cluster, "470", "admin");
  expect(headDifferences(otherUid, recording("470"))).toEqual([]);
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
    const reply = await replay(cluster, number, as);
    expect(headDifferences(reply, recording(number))).toEqual([]);
    expect(Object.keys(reply.body ?? {})).toEqual(Object.keys(recording(number).body ?? {}));
  }
  const allowed = (await replay(cluster, "610", "viewer")).body as { status: { reason: string } };
  expect(allowed.status.reason).toMatch(
    /^RBAC: allowed by ClusterRoleBinding "\S+" of ClusterRole "\S+" to User "viewer"$/,
  );
});
