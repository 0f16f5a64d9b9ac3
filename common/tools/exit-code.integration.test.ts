import { execFileSync, spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { exitStatus, signalNames } from "./exit-code.ts";

test("the operating system agrees about the wrap", () => {
  for (const argument of [-1, 256, 300])
    expect(spawnSync(process.execPath, ["-e", `process.exit(${argument})`]).status).toBe(
      exitStatus(argument),
    );
});

test.runIf(process.platform === "linux")("the shell agrees about the names of signals", () => {
  const numbers = Object.keys(signalNames);
  const said = execFileSync("bash", ["-c", `for n in ${numbers.join(" ")}; do kill -l $n; done`]).toString();
  expect(
    said
      .trim()
      .split("\n")
      .map((name) => `SIG${name}`),
  ).toEqual(Object.values(signalNames));
});
