import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { checkIds, checksRegistry, findChecks } from "./checks.ts";
import { faultsRegistry, findFaults } from "./faults.ts";
import { findTools, toolsRegistry } from "./tools.ts";

const root = mkdtempSync(join(tmpdir(), "weekbook-gen-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

put("server/checks/kubernetes/host-ports.ts", 'export const check = { id: "kubernetes/host-ports" };');
put("server/checks/kubernetes/host-ports.test.ts", "throw new Error();");
put("server/checks/host/misnamed.ts", 'export const check = { id: "host/other" };');
put("server/checks/host/empty.ts", "export {};");
put("server/checks/needs/host.ts", "export const host = 1;");
put("sandbox/faults/host-ports.ts", "export const fault: Fault = {};");
put("sandbox/faults/planting.ts", "export function planted() {}");
put("components/tools/raid.tsx", '"use client";\nexport default function Raid() {}');
put("components/tools/server-side.tsx", "export default function Raid() {}");
put("components/tools/axis.tsx", '"use client";\nexport function Axis() {}');

it("takes every file of a target's folder for a check, and nothing else", () => {
  expect(checkIds(root)).toEqual(["host/empty", "host/misnamed", "kubernetes/host-ports"]);
});

it("says which file is no check, or one under another name", async () => {
  const { checks, problems } = await findChecks(root);
  expect(checks.map(({ id }) => id)).toEqual(["kubernetes/host-ports"]);
  expect(problems).toEqual([
    'server/checks/host/empty.ts does not export a const named "check".',
    'server/checks/host/misnamed.ts calls itself "host/other"; its id is its path, "host/misnamed".',
  ]);
});

it("writes names that JavaScript accepts", () => {
  const { text } = checksRegistry(["host/tcp-accept-queues"]);
  expect(text).toContain('import { check as hostTcpAcceptQueues } from "./host/tcp-accept-queues.ts";');
});

it("takes components with a default export for tools, which must run in the browser", () => {
  const { ids, problems } = findTools(root);
  expect(ids).toEqual(["raid"]);
  expect(problems).toEqual(['components/tools/server-side.tsx is a tool and must begin with "use client".']);
  expect(toolsRegistry(ids).text).toContain('"raid": lazy(() => import("./raid.tsx"))');
});

it("takes a file that exports a fault for one, and its parts for none", () => {
  expect(findFaults(root)).toEqual(["host-ports"]);
  expect(faultsRegistry(["host-ports"]).text).toContain(
    'import { fault as hostPorts } from "./host-ports.ts";',
  );
});
