import { expect, test } from "vitest";
import { createLog } from "./log.ts";

test("log lines are JSON without the secrets, in fields and in errors", () => {
  const secret = "canary-5f0c9a17";
  const lines: string[] = [];
  const log = createLog({
    ...{ name: "worker", level: "info", secrets: [secret, undefined] },
    stream: { write: (line) => lines.push(line) },
  });
  const error = Object.assign(new Error(`refused: ${secret}`), {
    request: { headers: { secret } },
    code: "E1",
  });
  log.warn({ err: error, url: `https://host/?token=${secret}`, nested: { secret } }, "failed");
  log.child({ runId: "r1" }).info("done");
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { msg: "failed", err: { type: "Error", code: "E1" } },
    { msg: "done", runId: "r1" },
  ]);
  expect(lines.join("")).not.toContain(secret);
});
