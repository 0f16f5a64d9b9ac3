import { expect, test } from "vitest";
import { fixStep, verifyStep } from "./container-init-steps.ts";
import { parseInits } from "./container-inits.ts";

test.each([
  ["docker", "/etc/docker/daemon.json"],
  ["podman", "/etc/containers/containers.conf"],
])("the steps of a container of %s name its own engine", (name, file) => {
  const stdout = `engine\t${name}\n        "Id": "${"a".repeat(64)}",\n        "Name": "idle",\n`;
  const [engine = null] = parseInits({ stdout }).engine;
  const fix = fixStep(engine);
  expect(fix.text.en).toContain(file);
  expect(fix.command).toMatch(new RegExp(`^${name} inspect .* idle$`));
  expect(verifyStep(engine).command).toContain(`$(sudo ${name} inspect --format`);
});
