import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { HostFactAnswer, HostFactRequest } from "./connector.ts";
import { createLocalHostConnector, type LocalHostOptions } from "./local-host.ts";

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A folder that stands for a machine's root. */
async function machine(files: Record<string, string | Buffer>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "weekbook-machine-"));
  folders.push(root);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}

type Question = HostFactRequest extends infer R ? (R extends { id: string } ? Omit<R, "id"> : never) : never;

async function ask(
  question: Question,
  options: LocalHostOptions & { signal?: AbortSignal } = {},
): Promise<HostFactAnswer | undefined> {
  const { signal = AbortSignal.timeout(20_000), ...rest } = options;
  const meter = { call() {}, bytes() {}, throttled() {} };
  const connector = createLocalHostConnector(rest);
  const answers = await connector.read([{ id: "asked", ...question } as HostFactRequest], { signal, meter });
  await connector.close();
  return answers.get("asked");
}

const file = (path: string) => ({ type: "file", path }) as const;
const glob = (pattern: string, limit = 100) => ({ type: "glob", pattern, limit }) as const;
const command = (...argv: [string, ...string[]]) => ({ type: "command", argv }) as const;
/** A shell is only what these tests run; the connector itself starts none. */
const script = (text: string) => command("/bin/sh", "-c", text);

async function refusal(answer: Promise<HostFactAnswer | undefined>): Promise<string> {
  const found = await answer;
  if (found?.type !== "unread") return `answered: ${found?.type}`;
  return `${found.reason.code}/${found.reason.detail?.split(":")[0]}`;
}

describe("on this machine", () => {
  test("reads what the kernel says now, files of no announced size included", async () => {
    const somaxconn = await readFile("/proc/sys/net/core/somaxconn", "utf8");
    expect(await ask(file("/proc/sys/net/core/somaxconn"))).toEqual({ type: "file", text: somaxconn });
    const status = await ask(file("/proc/self/status"));
    expect(status?.type === "file" && status.text).toContain(`Pid:\t${process.pid}\n`);
    const osRelease = await ask(file("/etc/os-release"));
    expect(osRelease?.type === "file" && osRelease.text).toMatch(/^ID=/m);
  });

  test("reads several in one go, each with its answer, and counts them", async () => {
    const counted = { calls: 0, bytes: 0 };
    const meter = {
      call: () => {
        counted.calls += 1;
      },
      bytes: (count: number) => {
        counted.bytes += count;
      },
      throttled() {},
    };
    const requests: HostFactRequest[] = [
      { id: "a", ...file("/proc/loadavg") },
      { id: "b", ...file("/proc/no-such-file") },
      { id: "c", ...command("uname", "-s") },
      { id: "d", ...glob("/proc/sys/net/ipv4/tcp_*mem") },
    ];
    const answers = await createLocalHostConnector().read(requests, {
      signal: AbortSignal.timeout(20_000),
      meter,
    });
    expect([...answers].map(([id, { type }]) => [id, type])).toEqual([
      ["a", "file"],
      ["b", "unread"],
      ["c", "command"],
      ["d", "glob"],
    ]);
    expect(answers.get("c")).toEqual({ type: "command", stdout: "Linux\n", stderr: "", exitCode: 0 });
    expect(counted.calls).toBe(4);
    expect(counted.bytes).toBeGreaterThan(10);
  });

  test("a pattern finds the kernel's files", async () => {
    const found = await ask(glob("/proc/sys/net/ipv4/tcp_*mem"));
    const paths = found?.type === "glob" ? found.files.map(({ path }) => path) : [];
    expect(paths).toEqual(
      expect.arrayContaining(["/proc/sys/net/ipv4/tcp_rmem", "/proc/sys/net/ipv4/tcp_wmem"]),
    );
  });
});

describe("files", () => {
  test.each([
    "/root/.ssh/id_rsa",
    "/home/user/file",
    "/tmp/file",
    "/proc",
    "/etc/../root/file",
    "/proc/./../root/file",
    "/procfile/x",
    "etc/hosts",
    "/etc/hosts\u0000.txt",
    "",
  ])("outside the system folders are not read: %j", async (path) => {
    expect(await refusal(ask(file(path)))).toBe("not-permitted/outside");
  });

  test("that are links out of the system folders are not followed", async () => {
    const root = await machine({ "home/user/secret": "canary", "etc/real": "fine" });
    await symlink(join(root, "home/user/secret"), join(root, "etc/absolute"));
    await symlink("../home/user/secret", join(root, "etc/relative"));
    await symlink("../home/user", join(root, "etc/folder"));
    await symlink("/etc/passwd", join(root, "etc/out-of-the-root"));
    await symlink("real", join(root, "etc/inside"));
    for (const name of ["absolute", "relative", "folder/secret", "out-of-the-root"]) {
      expect(await refusal(ask(file(`/etc/${name}`), { root }))).toBe("not-permitted/outside");
    }
    expect(await ask(file("/etc/inside"), { root })).toEqual({ type: "file", text: "fine" });
    const found = await ask(glob("/etc/*"), { root });
    expect(JSON.stringify(found)).not.toContain("canary");
    expect(found).toMatchObject({ files: [{ path: "/etc/inside" }, { path: "/etc/real" }] });
  });

  test("of a neighbouring root of the same length are not taken for our own", async () => {
    const [root, other] = [await machine({ "etc/own": "fine" }), await machine({ "etc/secret": "canary" })];
    expect(root).toHaveLength(other.length);
    await symlink(join(other, "etc/secret"), join(root, "etc/link"));
    expect(await refusal(ask(file("/etc/link"), { root }))).toBe("not-permitted/outside");
  });

  test("of up to 1 MiB come whole; larger ones are an error, never a part", async () => {
    const root = await machine({ "etc/whole": "x".repeat(1 << 20), "etc/larger": "x".repeat((1 << 20) + 1) });
    const whole = await ask(file("/etc/whole"), { root });
    expect(whole?.type === "file" && whole.text.length).toBe(1 << 20);
    expect(await refusal(ask(file("/etc/larger"), { root }))).toBe("truncated/file-too-large");
  });

  test("that are none say so", async () => {
    const root = await machine({ "etc/folder/file": "" });
    expect(await refusal(ask(file("/etc/nothing"), { root }))).toBe("not-found/not-found");
    expect(await refusal(ask(file("/etc/folder/file/below"), { root }))).toBe("not-found/not-found");
    expect(await refusal(ask(file("/etc/folder"), { root }))).toMatch(/^not-permitted\//);
  });

  test("that would never end are refused, not waited for", async () => {
    const root = await machine({ "etc/folder/file": "" });
    const { execFileSync } = await import("node:child_process");
    execFileSync("mkfifo", [join(root, "etc/pipe")]);
    expect(await refusal(ask(file("/etc/pipe"), { root }))).toBe("not-permitted/not-a-file");
  });
});

describe("a pattern", () => {
  test("finds files segment by segment, hidden ones only where it writes the dot", async () => {
    const root = await machine({
      "sys/block/sda/queue/depth": "1",
      "sys/block/sdb/queue/depth": "2",
      "sys/block/.hidden/queue/depth": "3",
      "sys/block/sda/other": "4",
    });
    expect(await ask(glob("/sys/block/*/queue/depth"), { root })).toEqual({
      type: "glob",
      files: [
        { path: "/sys/block/sda/queue/depth", text: "1" },
        { path: "/sys/block/sdb/queue/depth", text: "2" },
      ],
      truncated: false,
      unreadable: [],
    });
    const hidden = await ask(glob("/sys/block/.*/queue/depth"), { root });
    expect(hidden).toMatchObject({ files: [{ text: "3" }] });
    const one = await ask(glob("/sys/block/*", 1), { root });
    expect(one).toMatchObject({ truncated: true });
  });

  test("says what it could not read", async () => {
    const root = await machine({ "etc/a": "1", "etc/b": "x".repeat((1 << 20) + 1) });
    expect(await ask(glob("/etc/*"), { root })).toMatchObject({
      files: [{ path: "/etc/a" }],
      unreadable: [{ code: "truncated", what: "read /etc/b" }],
    });
  });

  test.each(["/home/*", "/*", "/etc/../home/*"])("outside is refused: %s", async (pattern) => {
    expect(await refusal(ask(glob(pattern)))).toBe("not-permitted/outside");
  });
});

describe("commands", () => {
  test("give their output, their errors and how they ended", async () => {
    expect(await ask(script("echo out; echo err >&2; exit 3"))).toEqual({
      type: "command",
      stdout: "out\n",
      stderr: "err\n",
      exitCode: 3,
    });
  });

  test("take their words as they are: no shell reads them", async () => {
    const words = ["$(id)", "; id", "a b", "*"];
    expect(await ask(command("printf", "%s\n", ...words))).toMatchObject({ stdout: `${words.join("\n")}\n` });
  });

  test("see nothing of our environment and start in /", async () => {
    vi.stubEnv("WEEKBOOK_CANARY", "canary");
    const answer = await ask(script("env; pwd"));
    vi.unstubAllEnvs();
    expect(answer?.type === "command" && answer.stdout).not.toContain("canary");
    expect(answer?.type === "command" && answer.stdout).toMatch(/LC_ALL=C\n[\s\S]*\n\/\n$/);
  });

  test("that are not installed, or may not be run, say so", async () => {
    const root = await machine({ "etc/tool": "#!/bin/sh\n" });
    expect(await refusal(ask(command("weekbook-no-such-tool")))).toBe("tool-missing/tool-missing");
    expect(await refusal(ask(command(join(root, "etc/tool"))))).toBe("not-permitted/not-permitted");
  });

  test("that write more than 1 MiB are an error, never a part", async () => {
    expect(await refusal(ask(command("yes")))).toBe("truncated/output-too-large");
    expect(await refusal(ask(script("yes >&2")))).toBe("truncated/output-too-large");
  });

  test("that are killed say so", async () => {
    expect(await refusal(ask(script("kill -9 $$")))).toBe("server-error/command-killed");
  });

  test("that do not end are ended in time, with what they started", async () => {
    const { pidFile, isAlive } = await grandchild();
    const answer = ask(script(`sleep 1000 & echo $! > ${pidFile}; wait`), { commandTimeoutMs: 300 });
    expect(await refusal(answer)).toBe("timed-out/command-timeout");
    await vi.waitFor(async () => expect(await isAlive()).toBe(false), { timeout: 30_000 });
  });

  test("end with the abort, within a second, with what they started", async () => {
    const { pidFile, isAlive } = await grandchild();
    const stop = new AbortController();
    const running = ask(script(`sleep 1000 & echo $! > ${pidFile}; wait`), { signal: stop.signal });
    await vi.waitFor(async () => expect(await isAlive()).toBe(true), { timeout: 30_000 });
    const abortedAtMs = performance.now();
    stop.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
    expect(performance.now() - abortedAtMs).toBeLessThan(5_000);
    await vi.waitFor(async () => expect(await isAlive()).toBe(false), { timeout: 30_000 });
  });

  test("are not started after the abort", async () => {
    const signal = AbortSignal.abort(new Error("early"));
    await expect(ask(command("true"), { signal })).rejects.toThrow("early");
  });
});

/** A process that the command starts: its number is written to a file, its life asked of the kernel. */
async function grandchild() {
  const pidFile = join(await machine({}), "pid");
  const isAlive = async () => {
    const pid = (await readFile(pidFile, "utf8").catch(() => "")).trim();
    if (pid === "") return false;
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    // A zombie has ended; in a container without an init it may stay in the table.
    return stat !== "" && !/^\d+ \([^)]*\) Z/.test(stat);
  };
  return { pidFile, isAlive };
}
