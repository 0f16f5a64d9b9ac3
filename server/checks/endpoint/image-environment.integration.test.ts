import { afterAll, beforeAll, expect, test } from "vitest";
import { createDialler } from "#server/connectors/dialler.ts";
import { createRegistryConnector } from "#server/connectors/registry/client.ts";
import { type DockerRegistry, pushImage, startDockerRegistry } from "#testing/docker-registry.ts";
import { codesOf, runOnEndpoint } from "#testing/endpoint-run.ts";
import { check } from "./image-environment.ts";

/** Images in a real registry, with the variables that a build leaves in them. */

let registry: DockerRegistry;
let at: string;
beforeAll(async () => {
  registry = await startDockerRegistry();
  at = `127.0.0.1:${registry.port}`;
  const platforms = ["linux/amd64", "linux/arm64/v8"];
  const good = ["PATH=/bin", "VERSION=1.2"];
  await pushImage(registry, { repository: "team/app", tag: "good", platforms, env: good });
  await pushImage(registry, {
    repository: "team/app",
    tag: "bad",
    platforms,
    env: ["PATH=/bin", "VERSION="],
  });
  await pushImage(registry, {
    ...{ repository: "team/app", tag: "docker", platforms: ["linux/amd64"], env: ["VERSION="] },
    flavour: "docker",
  });
  await pushImage(registry, { repository: "team/app", tag: "bare", platforms, env: [] });
  await pushImage(registry, {
    ...{ repository: "team/app", tag: "uneven", platforms },
    env: (platform) => (platform === "linux/amd64" ? good : ["PATH=/bin"]),
  });
});
afterAll(() => registry?.stop());

const dialler = createDialler({ allowedRanges: ["127.0.0.0/8"], forbidden: [] });
const ask = (tag: string) =>
  runOnEndpoint(
    check,
    { reference: `${at}/team/app:${tag}` },
    { registry: createRegistryConnector({ dialler }) },
  );

test("every variable has its value on every platform", async () => {
  const outcome = await ask("good");
  expect([outcome.verdict, ...codesOf(outcome)]).toEqual(["pass"]);
  expect(outcome.measurements.map(({ subject, value }) => [subject, value])).toEqual([
    ["linux/amd64", 2],
    ["linux/arm64/v8", 2],
  ]);
  expect((await ask("bare")).verdict).toBe("pass");
});

test.each(["bad", "docker"])("an argument that never arrived leaves an empty variable (%s)", async (tag) => {
  const outcome = await ask(tag);
  expect(codesOf(outcome)).toEqual(["warn empty-variable VERSION"]);
  expect(outcome.verdict).toBe("warn");
});

test("a variable that one platform alone has", async () => {
  const outcome = await ask("uneven");
  expect(codesOf(outcome)).toEqual(["warn variable-differs VERSION"]);
  expect(outcome.findings[0]?.message.en).toContain("missing on linux/arm64/v8");
});

test("values never leave the registry's answer", async () => {
  expect(JSON.stringify((await ask("good")).facts)).not.toContain("1.2");
});

test("an image that is not there is not judged", async () => {
  const outcome = await ask("none");
  expect([outcome.verdict, outcome.reason?.code]).toEqual(["unknown", "not-found"]);
});
