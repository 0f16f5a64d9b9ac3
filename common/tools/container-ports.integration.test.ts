import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type PortsInput, portsProblems, portsSteps } from "./container-ports.ts";

const id = "dcecb9ec1a17beb90770e11767dfa0bed8f03d566f64a7975d25ca0cb646a057";
const usual: PortsInput = {
  ...{ containerPort: "80", hostPort: "8080", protocol: "tcp", hostAddress: "", change: "publish" },
  ...{ id, dataRoot: "/var/lib/docker" },
};
const hostConfig = { NetworkMode: "default", PortBindings: null, Memory: 0 };
const config = { Config: { Env: ['A=it\'s "$HOME"'], Image: "web:1" }, ID: id };

/** A folder in place of the data root, and programs in place of those that would stop something. */
let root: string;
let input: PortsInput;
const place = (file: string) => join(root, "containers", id, file);
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ports-"));
  input = { ...usual, dataRoot: root };
  mkdirSync(join(root, "bin"));
  mkdirSync(join(root, "containers", id), { recursive: true });
  writeFileSync(place("hostconfig.json"), JSON.stringify(hostConfig), { mode: 0o644 });
  writeFileSync(place("config.v2.json"), JSON.stringify(config), { mode: 0o600 });
  const logged = `{ printf '%s' "\${0##*/}"; printf ' %s' "$@"; echo; } >> "$LOG"`;
  const programs = {
    sudo: 'exec "$@"',
    systemctl: `${logged}\ncase $1 in is-active) exit 3;; esac`,
    ss: `${logged}\nprintf '%s' "$TAKEN"`,
    docker: `${logged}\ncase $*:$1 in *DockerRootDir*) echo "$ROOT";; *:port) [ "$GONE" ] && exit 1; echo "0.0.0.0:8080";; esac`,
  };
  for (const [name, code] of Object.entries(programs))
    writeFileSync(join(root, "bin", name), `#!/bin/sh\n${code}\n`, { mode: 0o755 });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function run(ids: readonly string[], change: Partial<PortsInput> = {}, env: Record<string, string> = {}) {
  const steps = portsSteps({ ...input, ...change }).filter((step) => ids.includes(step.id));
  const log = join(root, "log");
  writeFileSync(log, "");
  const path = `${root}/bin:/usr/bin:/bin`;
  const full = { NODE_ENV: "test", PATH: path, LOG: log, ROOT: root, TAKEN: "", ...env } as const;
  const out = execFileSync("sh", ["-e", "-c", steps.map(({ code }) => code).join("\n")], {
    ...{ env: full, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
  });
  return { out, log: readFileSync(log, "utf8").trim().split("\n") };
}
const read = (file: string) => JSON.parse(readFileSync(place(file), "utf8"));
const all = ["place", "look", "stop", "copy", "edit", "compare", "start", "verify", "verifyGone"];

test("a port is published in both files, everything else stays, and the undo brings both back", () => {
  const { log, out } = run(all, { hostAddress: "::1" });
  expect(read("hostconfig.json")).toEqual({
    ...hostConfig,
    PortBindings: { "80/tcp": [{ HostIp: "::1", HostPort: "8080" }] },
  });
  expect(read("config.v2.json")).toEqual({
    ...config,
    Config: { ...config.Config, ExposedPorts: { "80/tcp": {} } },
  });
  expect(statSync(place("config.v2.json")).mode & 0o777).toBe(0o600);
  expect(out).toContain('null\n{"80/tcp":[{"HostIp":"::1","HostPort":"8080"}]}\n');
  const order = [
    "docker stop",
    "systemctl stop docker.socket docker.service",
    "systemctl start",
    "docker start",
  ];
  const at = order.map((begin) => log.findIndex((line) => line.startsWith(begin)));
  expect(at).toEqual(at.toSorted((a, b) => a - b));
  expect(at).not.toContain(-1);

  run(["place", "undo"]);
  expect(read("hostconfig.json")).toEqual(hostConfig);
  expect(read("config.v2.json")).toEqual(config);
  expect(existsSync(place("hostconfig.json.before"))).toBe(false);
});

test("a port is withdrawn, and others stay", () => {
  const other = { "443/tcp": [{ HostIp: "", HostPort: "8443" }] };
  const before = { PortBindings: { "80/tcp": [{ HostIp: "", HostPort: "80" }], ...other } };
  writeFileSync(place("hostconfig.json"), JSON.stringify(before));
  run(all, { change: "withdraw" }, { GONE: "yes" });
  expect(read("hostconfig.json")).toEqual({ PortBindings: other });
});

test.each([
  ["the port is taken", {}, { TAKEN: "LISTEN 0 4096" }, null],
  ["the data root is another one", {}, { ROOT: "/data/docker" }, null],
  ["a number would lose digits", {}, {}, '{"Memory":9223372036854771712}'],
])("looking ends before the list of containers where %s", (_, change, env, text) => {
  if (text) writeFileSync(place("hostconfig.json"), text);
  expect(() => run(["place", "look"], change, env)).toThrow();
  expect(readFileSync(join(root, "log"), "utf8")).not.toMatch(/^docker ps|stop/m);
});

test("a file that is not JSON is left as it was, and a copy is never written over", () => {
  writeFileSync(place("hostconfig.json"), "{");
  expect(() => run(["place", "copy", "edit"])).toThrow();
  expect(readFileSync(place("hostconfig.json"), "utf8")).toBe("{");
  expect(() => run(["place", "copy"])).toThrow();
});

test("what is no port, address, id or folder is refused", () => {
  const wrong = (part: Partial<PortsInput>) => portsProblems({ ...usual, ...part });
  expect(wrong({})).toEqual([]);
  for (const hostPort of ["", "0", "65536", "80;reboot", "8000-8010", "08", "-1"])
    expect(wrong({ hostPort })).toEqual(["hostPort"]);
  expect(wrong({ hostPort: "", hostAddress: "x", change: "withdraw" })).toEqual([]);
  for (const hostAddress of ["localhost", "1.2.3", "1.2.3.4 ", "$(id)", "::g"])
    expect(wrong({ hostAddress })).toEqual(["hostAddress"]);
  for (const short of ["", "3", id.slice(0, 12), id.toUpperCase(), `${id}0`, `${id}\n`])
    expect(wrong({ id: short })).toEqual(["id"]);
  for (const dataRoot of ["", "/", "var", "/a/../b", "/a b", "/a/"])
    expect(wrong({ dataRoot })).toEqual(["dataRoot"]);
});
