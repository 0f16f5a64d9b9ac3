import { afterAll, beforeAll, expect, test } from "vitest";
import { createDialler } from "#server/connectors/dialler.ts";
import { createRegistryConnector } from "#server/connectors/registry/client.ts";
import { type DockerRegistry, pushImage, startDockerRegistry } from "#testing/docker-registry.ts";
import { codesOf, runOnEndpoint } from "#testing/endpoint-run.ts";
import { scriptedHttp } from "#testing/scripted-http.ts";
import { check } from "./image-pull.ts";

let registry: DockerRegistry;
let at: string;
beforeAll(async () => {
  registry = await startDockerRegistry();
  at = `127.0.0.1:${registry.port}`;
  const platforms = ["linux/amd64", "linux/arm64/v8"];
  await pushImage(registry, { repository: "team/app", tag: "1", platforms });
  await pushImage(registry, { repository: "mirror/app", tag: "1", platforms });
  await pushImage(registry, { repository: "mirror/app", tag: "old", platforms: ["linux/amd64"] });
});
afterAll(() => registry?.stop());

const dialler = createDialler({ allowedRanges: ["127.0.0.0/8"], forbidden: [] });
const ask = (params: Record<string, unknown>) =>
  runOnEndpoint(check, { warnStepMs: 60_000, ...params }, { registry: createRegistryConnector({ dialler }) });

test("a whole image, and a mirror that has the same", async () => {
  const outcome = await ask({ reference: `${at}/team/app:1`, mirror: `${at}/mirror/app:1` });
  expect([outcome.verdict, ...codesOf(outcome).toSorted()]).toEqual([
    "pass",
    "pass mirror-same mirror",
    "pass resolved",
    "pass resolved",
  ]);
  const sizes = outcome.measurements.filter(({ name }) => name === "imageSize");
  expect(sizes.map(({ value }) => value > 70_000)).toEqual([true, true, true, true]);
  expect(outcome.cost.bytes).toBeGreaterThan(1_000);
});

test("a mirror that is behind, and one platform alone", async () => {
  const outcome = await ask({
    reference: `${at}/team/app:1`,
    mirror: `${at}/mirror/app:old`,
    platform: "linux/amd64",
  });
  expect([outcome.verdict, ...codesOf(outcome)]).toContain("warn mirror-differs mirror");
  expect(outcome.verdict).toBe("warn");
});

test("an image of which a layer was lost", async () => {
  // In front of the real registry, which forgets every second layer of the image.
  const layers = new Set<string>();
  await using front = await scriptedHttp(async (request, response) => {
    const url = request.url ?? "";
    if (request.method === "HEAD" && url.includes("/blobs/")) layers.add(url);
    if (layers.size > 1 && layers.has(url)) return response.writeHead(404).end();
    const headers = { accept: request.headers.accept ?? "*/*" };
    const answer = await fetch(`http://${at}${url}`, { method: request.method ?? "GET", headers });
    const kept = ["content-type", "docker-content-digest", "content-length"].flatMap((name) => {
      const value = answer.headers.get(name);
      return value === null ? [] : [[name, value] as const];
    });
    return response
      .writeHead(answer.status, Object.fromEntries(kept))
      .end(Buffer.from(await answer.arrayBuffer()));
  });
  const outcome = await ask({ reference: `127.0.0.1:${front.port}/team/app:1` });
  expect(outcome.verdict).toBe("fail");
  expect(outcome.findings.filter(({ code }) => code === "layer-missing")).toHaveLength(2);
});

test("no such tag, and a registry that must not be asked, are not judged", async () => {
  const absent = await ask({ reference: `${at}/team/app:2` });
  expect([absent.verdict, absent.reason?.code]).toEqual(["unknown", "not-found"]);
  const closed = await ask({ reference: "169.254.169.254/team/app:2" });
  expect([closed.verdict, closed.reason?.code]).toEqual(["unknown", "refused-address"]);
});

test("without an image there is nothing to do", async () => {
  expect((await ask({})).verdict).toBe("skip");
});
