import { execFileSync } from "node:child_process";
import { appendFileSync, chmodSync, copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { codesOf } from "#testing/endpoint-run.ts";
import {
  hasPrivateHosts,
  needsPrivateHost,
  type PrivateHost,
  startPrivateHost,
} from "#testing/private-host.ts";
import { check } from "./ld-preload.ts";

/** Real libraries that real processes of a host of its own load first, by the variables and by the loader's file. */

const isDebian = execFileSync("sh", ["-c", "command -v dpkg ldconfig || :"], { encoding: "utf8" }).includes(
  "/dpkg",
);
const library = "libresolv.so.2";
const skipped = !hasPrivateHosts || !isDebian;
const title = (text: string) => `${text} (${needsPrivateHost}, with dpkg)`;

function libraries(folder: string): void {
  const found = execFileSync("sh", ["-c", `PATH=$PATH:/sbin ldconfig -p | grep -m 1 ${library}`], {
    encoding: "utf8",
  });
  const path = found.trim().split(" ").at(-1) ?? "";
  for (const name of ["agent.so", "open.so"]) {
    copyFileSync(path, join(folder, name));
    chmodSync(join(folder, name), 0o644);
  }
  chmodSync(join(folder, "open.so"), 0o666);
}

describe.skipIf(skipped)(title("processes that were told to load a library first"), () => {
  let host: PrivateHost;
  beforeAll(async () => {
    host = await startPrivateHost({
      prepare(folder) {
        libraries(folder);
        appendFileSync(join(folder, "etc/passwd"), "dev:x:5001:5001::/:/bin/bash\n");
      },
      start: (folder) =>
        [
          `LD_PRELOAD=${folder}/agent.so sleep 1000 &`,
          `LD_PRELOAD=${folder}/agent.so sleep 1000 &`,
          `LD_PRELOAD=${folder}/open.so:${library} tail -f /dev/null &`,
          `LD_AUDIT=${folder}/gone.so sleep 1000 2>/dev/null &`,
          `LD_PRELOAD='/usr/$LIB/${library}' sleep 1000 2>/dev/null &`,
        ].join("\n"),
    });
    // A shell that has only just forked does not have the variable yet.
    await vi.waitFor(() =>
      expect(host.inside(["ps", "-eo", "comm"]).match(/^(sleep|tail)$/gm)).toHaveLength(5),
    );
  });
  afterAll(() => host?.stop());

  test("each is found with its owner, and the loader's own view agrees", async () => {
    const { folder } = host;
    const outcome = await host.run(check);
    expect(codesOf(outcome).toSorted()).toEqual([
      `fail preload-unknown-library sleep ${folder}/agent.so`,
      `fail preload-writable tail ${folder}/open.so`,
      `unknown preload-not-asked sleep /usr/$LIB/${library}`,
      `warn preload tail ${library}`,
      `warn preload-missing sleep LD_AUDIT ${folder}/gone.so`,
    ]);
    const [agent] = outcome.findings.filter(({ code }) => code === "preload-unknown-library");
    expect(agent?.affected?.count).toBe(2);
    const ids = agent?.affected?.sample.map(({ name }) => name) ?? [];
    for (const id of ids) expect(host.inside(["cat", `/proc/${id}/maps`])).toContain(`${folder}/agent.so`);
    expect(outcome.findings.find(({ code }) => code === "preload")?.message.en).toContain("of package libc6");
  });

  test("an agent that is allowed passes, one that others may change does not", async () => {
    const codes = codesOf(await host.run(check, { allow: `${host.folder}/` }));
    expect(codes).toContain(`pass preload-allowed sleep ${host.folder}/agent.so`);
    expect(codes).toContain(`fail preload-writable tail ${host.folder}/open.so`);
  });

  test("without root, others' processes stay unseen, and that is said", async () => {
    const outcome = await host.run(check, {}, { user: "dev", sudo: false });
    expect(codesOf(outcome)).toContain("unknown processes-in-part /proc");
    expect(codesOf(outcome).filter((code) => code.startsWith("fail"))).toEqual([]);
  });
});

describe.skipIf(skipped)(title("the file that makes every program load a library"), () => {
  let host: PrivateHost;
  beforeAll(async () => {
    host = await startPrivateHost({
      prepare(folder) {
        libraries(folder);
        writeFileSync(join(folder, "etc/ld.so.preload"), `# ours\n${folder}/agent.so # an agent of ours\n`);
      },
    });
  });
  afterAll(() => host?.stop());

  test("a library without a package fails; what the loader takes for a comment is none", async () => {
    expect(host.inside(["cat", "/proc/self/maps"])).toContain(`${host.folder}/agent.so`);
    expect(codesOf(await host.run(check))).toEqual([
      `fail preload-unknown-library /etc/ld.so.preload ${host.folder}/agent.so`,
    ]);
  });

  test("once it is empty, nothing is preloaded", async () => {
    writeFileSync(join(host.folder, "etc/ld.so.preload"), "# nothing\n");
    expect(codesOf(await host.run(check))).toEqual(["pass preload-none preload"]);
  });
});
