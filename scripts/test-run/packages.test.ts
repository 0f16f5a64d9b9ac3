import { expect, test, vi } from "vitest";
import { ensureHosts, missingPackages } from "./packages.ts";

test("a package is missing where its program is in no folder of programs", () => {
  expect(missingPackages({ shell: "sh", absent: "weekbook-no-such-program" })).toEqual(["absent"]);
});

test("what only some tests need is installed by root, and its absence is no failure", () => {
  const told = vi.spyOn(console, "log").mockReturnValue();
  const install = vi.fn((packages: readonly string[]) => packages.includes("podman"));
  ensureHosts(true, { missing: [], install });
  ensureHosts(false, { missing: ["podman"], install });
  expect(install).not.toHaveBeenCalled();
  ensureHosts(true, { missing: ["podman"], install });
  ensureHosts(true, { missing: ["no-such-package"], install });
  expect(install.mock.calls).toEqual([[["podman"]], [["no-such-package"]]]);
  expect(told.mock.calls.flat().filter((line) => line.includes("are skipped"))).toHaveLength(2);
  told.mockRestore();
});
