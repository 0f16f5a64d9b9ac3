import { execFileSync, spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { bufferingOf } from "./stdout-buffering.ts";

/** Programs that print 400 lines of 100 bytes into a pipe and are then killed: what is missing was in the buffer. */
const lines = 400;
const programs = {
  python: ["python3", "-c", `import os\nfor _ in range(${lines}): print("x" * 99)\nos.kill(os.getpid(), 9)`],
  glibc: [
    ...["python3", "-c"],
    `import os, ctypes\nc = ctypes.CDLL(None)\nfor _ in range(${lines}): c.puts(b"x" * 99)\nos.kill(os.getpid(), 9)`,
  ],
  perl: ["perl", "-e", `for (1..${lines}) { print "x" x 99, "\\n" } kill 9, $$`],
  node: [
    "node",
    "-e",
    `for (let i = 0; i < ${lines}; i++) console.log("x".repeat(99)); process.kill(process.pid, 9)`,
  ],
} as const;

/** Through cat, because what Node hands to a child is a socket and no pipe. */
function arrived(words: readonly string[], variables: Record<string, string> = {}): number {
  const env = { NODE_ENV: "test", PATH: process.env.PATH, ...variables } as const;
  return spawnSync("sh", ["-c", '"$@" | cat', "sh", ...words], { env }).stdout.length;
}

const has = (tool: string) => {
  try {
    execFileSync(tool, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};
const here = (Object.keys(programs) as (keyof typeof programs)[]).filter((name) => has(programs[name][0]));

test.each(here)("%s loses no more than its buffer", (runtime) => {
  const { mode, bytes } = bufferingOf({ runtime, stream: "stdout", target: "pipe", switched: false });
  const lost = lines * 100 - arrived(programs[runtime]);
  if (mode === "none") expect(lost).toBe(0);
  else {
    expect(lost).toBeGreaterThan(0);
    expect(lost).toBeLessThanOrEqual(bytes);
  }
});

test("Python's switch leaves nothing behind", () => {
  if (!here.includes("python")) return;
  expect(arrived(programs.python, { PYTHONUNBUFFERED: "1" })).toBe(lines * 100);
});
