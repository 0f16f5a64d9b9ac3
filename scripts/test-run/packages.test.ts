import { expect, test, vi } from "vitest";
import { isStaticProgram } from "#testing/busybox-image.ts";
import { ensureHosts, hosts, missingPackages, services } from "./packages.ts";

test("a package is missing where its program is in no folder of programs", () => {
  expect(missingPackages({ shell: "sh", absent: "weekbook-no-such-program" })).toEqual(["absent"]);
});

test("a program that is there and is not the one that is meant is missing", () => {
  expect(missingPackages({ shell: "sh", "shell-static": () => isStaticProgram("/bin/sh") })).toEqual([
    "shell-static",
  ]);
});

test("no package is asked for that another of them takes the place of", () => {
  const wanted = [...Object.keys(services), ...Object.keys(hosts)];
  expect(wanted).toContain("busybox-static");
  expect(wanted).not.toContain("busybox");
  expect(typeof hosts["busybox-static"]).toBe("function");
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
