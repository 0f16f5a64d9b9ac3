import { afterAll, beforeAll, expect, test } from "vitest";
import { createDialler } from "#server/connectors/dialler.ts";
import { createRegistryConnector } from "#server/connectors/registry/client.ts";
import { type DockerRegistry, pushImage, startDockerRegistry } from "#testing/docker-registry.ts";
import { codesOf, runOnEndpoint } from "#testing/endpoint-run.ts";
import { check } from "./registry-mirror.ts";

let registry: DockerRegistry;
let at: string;
beforeAll(async () => {
  registry = await startDockerRegistry();
  at = `127.0.0.1:${registry.port}`;
  const platforms = ["linux/amd64", "linux/arm64/v8"];
  for (const repository of ["origin/app", "mirror/app"])
    await pushImage(registry, { repository, tag: "1", platforms });
  await pushImage(registry, { repository: "origin/proxy", tag: "1", platforms });
  await pushImage(registry, { repository: "mirror/proxy", tag: "1", platforms: ["linux/amd64"] });
  await pushImage(registry, { repository: "origin/dns", tag: "1", platforms, env: ["VERSION=2"] });
  await pushImage(registry, { repository: "mirror/dns", tag: "1", platforms, env: ["VERSION=1"] });
  await pushImage(registry, { repository: "origin/pause", tag: "1", platforms });
});
afterAll(() => registry?.stop());

const dialler = createDialler({ allowedRanges: ["127.0.0.0/8"], forbidden: [] });

test("the same, fewer platforms, another image, and none", async () => {
  const outcome = await runOnEndpoint(
    check,
    { origin: `${at}/origin`, mirror: `${at}/mirror`, images: "app:1\nproxy:1\ndns:1\npause:1" },
    { registry: createRegistryConnector({ dialler }) },
  );
  expect([outcome.verdict, ...codesOf(outcome).toSorted()]).toEqual([
    "fail",
    "fail mirror-lacks-image",
    "pass mirror-same",
    "pass mirror-same-platform",
    "warn mirror-differs",
  ]);
});

test("without a mirror there is nothing to do", async () => {
  const outcome = await runOnEndpoint(check, {}, { registry: createRegistryConnector({ dialler }) });
  expect(outcome.verdict).toBe("skip");
});
