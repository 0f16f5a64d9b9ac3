import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RootlessInput, rootlessProblems, rootlessSteps } from "./rootless-runc.ts";

/** The steps in a real sh, with programs in place of docker, runc, jq and tar that write down their words. */
const tools = ["docker", "runc", "jq", "tar"] as const;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rootless-"));
  mkdirSync(join(folder, "bin"));
  mkdirSync(join(folder, "home"));
  for (const tool of tools) {
    const answer =
      tool === "docker"
        ? 'if [ "$1" = create ]; then echo id-1; fi'
        : tool === "runc"
          ? "> config.json"
          : ":";
    const script = `#!/bin/sh\n{ printf '%s\\0' "$@"; printf '\\n\\0'; } >> "$LOG.${tool}"\n${answer}\n`;
    writeFileSync(join(folder, "bin", tool), script, { mode: 0o755 });
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The words of every call, tool by tool: a pipe's two ends begin in any order. */
function run(input: RootlessInput): Record<(typeof tools)[number], string[][]> {
  const log = join(folder, "log");
  for (const tool of tools) writeFileSync(`${log}.${tool}`, "");
  const code = rootlessSteps(input)
    .filter(({ id }) => id !== "look")
    .map((step) => step.code)
    .join("\n");
  execFileSync("sh", ["-e", "-c", code], {
    env: { NODE_ENV: "test", PATH: `${folder}/bin:/usr/bin:/bin`, HOME: `${folder}/home`, LOG: log },
  });
  const calls = (tool: string) =>
    readFileSync(`${log}.${tool}`, "utf8")
      .split("\n\0")
      .slice(0, -1)
      .map((line) => line.split("\0").slice(0, -1));
  return { docker: calls("docker"), runc: calls("runc"), jq: calls("jq"), tar: calls("tar") };
}

const usual: RootlessInput = {
  ...{ name: "mycontainerid", image: "busybox", tool: "docker", command: "top" },
  ...{ detached: true, writable: false },
};

test("every program gets the words it was meant to get", () => {
  const { docker, runc, jq, tar } = run(usual);
  expect(docker).toEqual([
    ["create", "busybox"],
    ["export", "id-1"],
    ["rm", "id-1"],
  ]);
  expect(tar).toEqual([["--no-same-owner", "-C", "rootfs", "-xf", "-"]]);
  expect(jq[0]?.slice(0, 3)).toEqual(["--arg", "command", "top"]);
  const containers = `${folder}/home/containers`;
  const state = ["--root", `${containers}/.runc`];
  expect(runc).toEqual([
    ["spec", "--rootless"],
    [...state, "run", "--detach", "--pid-file", `${containers}/mycontainerid.pid`, "mycontainerid"],
    [...state, "kill", "mycontainerid", "TERM"],
    [...state, "delete", "--force", "mycontainerid"],
  ]);
  expect(readdirSync(containers)).toEqual([]);
});

test("whatever the command holds, jq gets it as one word", () => {
  const commands = fc.string({ unit: "binary", maxLength: 40 }).filter((text) => text.trim() !== "");
  for (const command of fc.sample(commands, 20)) {
    if (rootlessProblems({ ...usual, command }).length > 0) continue;
    expect(run({ ...usual, command }).jq[0]?.[2]).toBe(Buffer.from(command).toString());
  }
});

test("names that a shell or runc would trip over are refused", () => {
  const field = (part: Partial<RootlessInput>) => rootlessProblems({ ...usual, ...part });
  for (const name of ["", ".", "..", "../x", "a b", "$(id)", "-a", "a/b", ".runc"])
    expect(field({ name }), name).toEqual(["name"]);
  for (const image of ["", "-x", "busy box", "$(id)", "Busybox;", "a//"])
    expect(field({ image }), image).toEqual(["image"]);
  expect(field({ command: " " })).toEqual(["command"]);
  for (const image of ["busybox", "docker.io/library/nginx:1.27", "reg.example:5000/a/b@sha256:abc123", "3"])
    expect(field({ image }), image).toEqual([]);
});
