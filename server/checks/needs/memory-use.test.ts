import { expect, test } from "vitest";
import { pickMemoryPod } from "./memory-use.ts";

test("containers without a limit are kept: the kernel kills in them as well", () => {
  const containers = [{ name: "app" }, { name: "proxy", resources: { limits: { memory: "1Mi" } } }];
  expect(pickMemoryPod({ metadata: { namespace: "demo", name: "one" }, spec: { containers } })).toMatchObject(
    {
      containers: [
        { name: "app", limitBytes: null },
        { name: "proxy", limitBytes: 1_048_576 },
      ],
    },
  );
  expect(pickMemoryPod({ metadata: { name: "none" } })).toBeUndefined();
});
