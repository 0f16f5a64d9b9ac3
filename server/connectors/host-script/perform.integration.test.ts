import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { connectTo, countingContext } from "#testing/ssh-route.ts";
import { type KeyPair, keyMaker, type Sshd, startSshd } from "#testing/sshd.ts";
import type { HostConnector } from "../connector.ts";
import { ReadError } from "../connector.ts";
import { createLocalHostConnector } from "../local-host.ts";

const keys = keyMaker();
let pair: KeyPair;
let sshd: Sshd;
let below: string;
beforeAll(async () => {
  pair = keys.pair();
  sshd = await startSshd({ authorized: [pair.publicKey] });
  below = mkdtempSync(join(tmpdir(), "weekbook work '"));
});
afterAll(async () => {
  await sshd.stop();
  keys[Symbol.dispose]();
  rmSync(below, { recursive: true, force: true });
});

const isAlive = (pid: string) => {
  const stat =
    pid === "" ? "" : existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, "utf8") : "";
  return stat !== "" && !/^\d+ \([^)]*\) Z/.test(stat);
};
const connectors: [string, () => HostConnector][] = [
  ["this machine", () => createLocalHostConnector()],
  ["a host over SSH", () => connectTo(sshd, pair)],
];
const shell = (script: string) => ({
  type: "host.active" as const,
  argv: ["sh", "-c", script, "sh", "{work}"] as const,
  limitSeconds: 20,
});

describe.each(connectors)("something active on %s", (_name, connect) => {
  const perform = async (request: Parameters<HostConnector["perform"]>[0], signal?: AbortSignal) => {
    const connector = connect();
    try {
      return await connector.perform(request, countingContext(signal));
    } finally {
      await connector.close();
    }
  };

  test("runs in a folder of its own, which is gone afterwards, and brings a file back", async () => {
    const request = {
      ...shell('pwd; echo err >&2; printf "a\\000b" > "$1/made"; exit 3'),
      workBelow: below,
      collect: { file: "made", maxBytes: 10 },
    };
    const output = await perform(request);
    expect(output).toMatchObject({ stderr: "err\n", exitCode: 3, timedOut: false });
    expect(output.stdout).toMatch(/\/weekbook\.\w+\n$/);
    expect(Buffer.from(output.collectedBase64 ?? "", "base64").toString("latin1")).toBe("a\0b");
    expect(readdirSync(below)).toEqual([]);
  });

  test("is ended by its time limit, with what it started", async () => {
    const output = await perform({
      ...shell("sleep 1000 & echo $!; wait"),
      limitSeconds: 1,
      workBelow: below,
    });
    expect(output).toMatchObject({ timedOut: true });
    await vi.waitFor(() => expect(isAlive(output.stdout.trim())).toBe(false), { timeout: 30_000 });
    expect(readdirSync(below)).toEqual([]);
  });

  test("is capped, and a file that is too large is no part of one", async () => {
    await expect(perform({ ...shell("yes"), workBelow: below })).rejects.toThrow(/^truncated/);
    const request = {
      ...shell("echo larger > large"),
      workBelow: below,
      collect: { file: "large", maxBytes: 3 },
    };
    await expect(perform(request)).rejects.toThrow(/file-too-large/);
    await vi.waitFor(() => expect(readdirSync(below)).toEqual([]), { timeout: 30_000 });
  });

  test("says what is missing", async () => {
    const missing = { ...shell(""), argv: ["weekbook-no-such-tool"] as const };
    await expect(perform(missing)).rejects.toThrow(/^tool-missing/);
    const noFolder = { ...shell("true"), workBelow: "/proc" };
    await expect(perform(noFolder)).rejects.toThrow(/^not-permitted.*no-folder/);
  });

  test("ends when it is called off, and tidies up", async () => {
    const pidFile = join(keys.folder, `pid-${randomUUID()}`);
    const stop = new AbortController();
    const script = `echo $$ > '${pidFile}'; sleep 1000`;
    const performing = perform({ ...shell(script), workBelow: below }, stop.signal);
    const pid = () => (existsSync(pidFile) ? readFileSync(pidFile, "utf8").trim() : "");
    await vi.waitFor(() => expect(isAlive(pid())).toBe(true), { timeout: 30_000 });
    stop.abort(new Error("enough"));
    await expect(performing).rejects.toThrow("enough");
    await vi.waitFor(() => expect([isAlive(pid()), readdirSync(below)]).toEqual([false, []]), {
      timeout: 8_000,
    });
  });

  test("leaves neither process nor folder when we are killed", async () => {
    const pidFile = join(keys.folder, `pid-${randomUUID()}`);
    const script = `echo $$ > ${pidFile}; sleep 1000`;
    const request = { type: "host.active", argv: ["sh", "-c", script], limitSeconds: 60, workBelow: below };
    const child = spawn(process.execPath, ["--input-type=module", "-"], {
      stdio: ["pipe", "inherit", "inherit"],
      cwd: process.cwd(),
    });
    child.stdin.end(killedScript(_name === "this machine", request));
    const pid = () => (existsSync(pidFile) ? readFileSync(pidFile, "utf8").trim() : "");
    await vi.waitFor(() => expect(isAlive(pid())).toBe(true), { timeout: 30_000 });
    expect(readdirSync(below)).toHaveLength(1);
    child.kill("SIGKILL");
    await once(child, "exit");
    await vi.waitFor(() => expect([isAlive(pid()), readdirSync(below)]).toEqual([false, []]), {
      timeout: 8_000,
    });
  }, 40_000);
});

/** A process of its own that performs `request`, to be killed half-way. */
function killedScript(isLocal: boolean, request: object): string {
  const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const keyFile = join(keys.folder, "material.json");
  writeFileSync(keyFile, JSON.stringify(pair));
  const { port, user, hostKey } = sshd;
  return `
    import { readFileSync } from "node:fs";
    import { createLocalHostConnector } from ${url("../local-host.ts")};
    import { connectTo } from ${url("../../../testing/ssh-route.ts")};
    const material = JSON.parse(readFileSync(${JSON.stringify(keyFile)}, "utf8"));
    const connector = ${isLocal} ? createLocalHostConnector() : connectTo(${JSON.stringify({ port, user, hostKey })}, material);
    const meter = { call() {}, bytes() {}, throttled() {} };
    await connector.perform(${JSON.stringify(request)}, { signal: new AbortController().signal, meter });
  `;
}

test("sudo is refused where the group of hosts does not allow it", async () => {
  const connector = connectTo(sshd, pair);
  const request = { ...shell("true"), sudo: true };
  await expect(connector.perform(request, countingContext())).rejects.toThrow(ReadError);
  const asked = { id: "a", type: "command", argv: ["id"], sudo: true } as const;
  const answers = await connector.read([asked], countingContext());
  expect(answers.get("a")).toMatchObject({ reason: { code: "not-permitted" } });
  await connector.close();
});
