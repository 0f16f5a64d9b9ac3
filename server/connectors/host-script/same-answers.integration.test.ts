import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { countingContext } from "#testing/ssh-route.ts";
import type { HostFactAnswer, HostFactRequest } from "../connector.ts";
import { createLocalHostConnector } from "../local-host.ts";
import { readAnswers } from "./read-answers.ts";
import { readScript } from "./read-script.ts";
import { environment } from "./roots.ts";

/** The script in a real shell, and the connector that reads by itself, asked the same of the same machine. */

type Question = HostFactRequest extends infer R ? (R extends { id: string } ? Omit<R, "id"> : never) : never;

const installed = (name: string) => {
  try {
    return execFileSync("/bin/sh", ["-c", 'command -v "$0"', name], { encoding: "utf8" }).trim() !== "";
  } catch {
    return false;
  }
};
const shells = [
  ["sh", "-s"],
  ["dash", "-s"],
  ["bash", "-s"],
  ["busybox", "sh", "-s"],
].filter(([name = ""]) => installed(name));
const hostile = [
  "plain",
  "with space",
  "new\nline",
  "$(id)",
  "`id`",
  "'quoted'",
  '"',
  "-rf",
  "a\\b",
  "*",
  "[x]",
  "世界",
  ".hidden",
];
/** what a file would have to hold to end a frame, were it to know the boundary */
const forged = "\n00112233445566778899aabbccddeeff z\n";
let folder: string;

beforeAll(() => {
  folder = mkdtempSync("/run/lock/weekbook-");
  const file = (name: string, content: string | Buffer) => writeFileSync(join(folder, name), content);
  mkdirSync(join(folder, "sub"));
  for (const [index, name] of hostile.entries()) {
    file(name, `content ${index}`);
    file(join("sub", name), index % 2 === 0 ? "" : forged);
  }
  file("binary", Buffer.from([0, 1, 2, 255, 10, 0, 10]));
  file("whole", "x".repeat(1 << 20));
  file("larger", "x".repeat((1 << 20) + 1));
  mkdirSync(join(folder, "folder", "deep"), { recursive: true });
  file("folder/deep/file", "deep");
  symlinkSync("plain", join(folder, "link-inside"));
  symlinkSync("/root/.profile", join(folder, "link-outside"));
  symlinkSync("nowhere", join(folder, "link-dangling"));
  symlinkSync("link-loop", join(folder, "link-loop"));
  symlinkSync("/usr", join(folder, "link-folder"));
  execFileSync("mkfifo", [join(folder, "pipe")]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function inShell(shell: string[], requests: HostFactRequest[]): Promise<Map<string, HostFactAnswer>> {
  const [name = "sh", ...args] = shell;
  const boundary = randomBytes(16).toString("hex");
  const child = spawn("env", ["-i", `PATH=${environment.PATH}`, "LC_ALL=C", name, ...args]);
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  child.stdout.on("data", (chunk: Buffer) => chunks.stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.stderr.push(chunk));
  child.stdin.end(readScript(requests, boundary));
  await new Promise((fulfil) => child.once("close", fulfil));
  const [stdout, stderr] = [Buffer.concat(chunks.stdout), Buffer.concat(chunks.stderr)];
  const { answers, whole } = readAnswers(requests, { stdout, stderr, boundary });
  expect(whole, stderr.toString()).toBe(true);
  return answers;
}

/** Reasons by code and token: each says it in its own words. */
function comparable(answer: HostFactAnswer | undefined): unknown {
  const short = ({ code, what, detail = "" }: { code: string; what: string; detail?: string }) =>
    `${code} ${detail.split(":")[0]} ${what}`;
  if (answer?.type === "unread") return short(answer.reason);
  // Long texts by their length: a difference should stay readable.
  const shorten = (text: string) => (text.length > 1_000 ? `${text.length} of ${text[0]}` : text);
  if (answer?.type === "file") return shorten(answer.text);
  if (!answer || !("unreadable" in answer)) return answer;
  const { unreadable, ...rest } = answer;
  const files = "files" in rest ? rest.files.map(({ path, text }) => [path, shorten(text)]) : rest;
  return { files, truncated: rest.truncated, unreadable: unreadable.map(short).sort() };
}

async function expectSame(questions: Question[]): Promise<void> {
  const requests = questions.map((question, index) => ({ id: `${index}`, ...question }) as HostFactRequest);
  const local = await createLocalHostConnector().read(requests, countingContext());
  for (const shell of shells) {
    const remote = await inShell(shell, requests);
    for (const request of requests) {
      const label = `${shell.join(" ")}: ${JSON.stringify(request)}`;
      expect(comparable(remote.get(request.id)), label).toEqual(comparable(local.get(request.id)));
    }
  }
}

describe("a shell and we ourselves say the same of", () => {
  test("files, whatever their names and contents", async () => {
    const names = [...hostile, "binary", "whole", "larger", "folder", "nothing", "plain/below", "pipe"];
    const links = ["link-inside", "link-outside", "link-dangling", "link-loop", "link-folder/bin/env"];
    await expectSame([...names, ...links].map((name) => ({ type: "file", path: `${folder}/${name}` })));
    await expectSame(
      [
        "/proc/sys/kernel/hostname",
        "/proc/net/netstat",
        "/etc/os-release",
        "/proc/version",
        "/etc/passwd",
      ].map((path) => ({ type: "file", path })),
    );
  });

  test("patterns", async () => {
    const patterns = [
      "/*",
      "/.*",
      "/sub/*",
      "/*/*",
      "/l*r",
      "/*deep*",
      "/*/deep/file",
      "/li*-i*",
      "/none*",
      "/none/*",
    ];
    await expectSame(
      patterns.flatMap((pattern) => [
        { type: "glob", pattern: folder + pattern, limit: 1_000 },
        { type: "links", pattern: folder + pattern, limit: 1_000 },
        { type: "stats", pattern: folder + pattern, limit: 1_000 },
        { type: "glob", pattern: folder + pattern, limit: 3 },
        { type: "stats", pattern: folder + pattern, limit: 3 },
      ]),
    );
    await expectSame([
      { type: "glob", pattern: "/proc/sys/net/ipv4/tcp_*mem", limit: 100 },
      { type: "glob", pattern: "/sys/class/net/*/mtu", limit: 100 },
      { type: "links", pattern: "/sys/class/net/*", limit: 100 },
      { type: "stats", pattern: "/etc/*", limit: 1_000 },
    ]);
  });

  test("commands", async () => {
    const sh = (script: string, timeoutMs?: number) =>
      ({ type: "command", argv: ["sh", "-c", script], timeoutMs }) as const;
    await expectSame(
      [
        sh("echo out; echo err >&2; exit 3"),
        sh("printf 'no end of line'"),
        sh("printf 'a\\000b'; printf '\\377' >&2; pwd"),
        sh("cat; exit 124"),
        sh("sleep 30", 1_000),
        sh("sleep 30 & wait", 1_000),
        sh("yes", 5_000),
        sh("yes >&2", 5_000),
        sh("kill -9 $$"),
        { type: "command", argv: ["weekbook-no-such-tool"] },
        { type: "command", argv: [`${folder}/plain`] },
        { type: "command", argv: ["printf", "%s|", ...hostile, "%", "", "a\tb"] },
      ].map((question) => question as Question),
    ).catch((error) => {
      throw error;
    });
  });

  test("any words of a command and any path, none of which a shell ever reads", async () => {
    const text = fc.string({ unit: "binary", maxLength: 20 }).map((value) => value.replaceAll("\0", ""));
    const tricky = fc.constantFrom(
      "'",
      "$(touch /tmp/weekbook-injected)",
      "';id;'",
      "\n",
      "\\",
      "`id`",
      ["$", "{x}"].join(""),
      "!!",
    );
    const word = fc.array(fc.oneof(text, tricky), { maxLength: 4 }).map((parts) => parts.join(""));
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 10 }), async (words) => {
        const usable = words.filter((each) => Buffer.from(each).toString() === each);
        await expectSame([
          { type: "command", argv: ["printf", "%s\\n", ...usable] },
          ...usable.map(
            (each): Question => ({ type: "file", path: `/etc/${each.replaceAll("/", "")}-none` }),
          ),
        ]);
      }),
      { numRuns: 15 },
    );
    expect(installed("/tmp/weekbook-injected")).toBe(false);
  });
});
