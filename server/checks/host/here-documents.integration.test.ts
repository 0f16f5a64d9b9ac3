import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runOnThisMachine } from "#testing/host-run.ts";
import { hasPrivateHosts, needsPrivateHost, startPrivateHost } from "#testing/private-host.ts";
import { check } from "./here-documents.ts";

/** The shells of this machine, then other real shells in their place. */

type Outcome = Awaited<ReturnType<typeof runOnThisMachine>>;
const bad = ({ findings }: Outcome) => findings.filter(({ verdict }) => verdict !== "pass");
const codeOf = ({ findings }: Outcome, part: string) =>
  findings.find(({ subject }) => subject.part === part)?.code;

test.skipIf(!existsSync("/bin/bash"))(
  "sh and bash as they are here do as POSIX asks (needs bash)",
  async () => {
    const outcome = await runOnThisMachine(check);
    expect(bad(outcome)).toEqual([]);
    expect(codeOf(outcome, "bash here-string")).toBe("here-string");
  },
);

async function withShells(binds: Record<string, string>): Promise<Outcome> {
  const host = await startPrivateHost({
    binds,
    prepare(folder) {
      // Whoever signs in must not get the shell that is replaced.
      const path = join(folder, "etc/passwd");
      writeFileSync(path, readFileSync(path, "utf8").replaceAll("/bin/bash", "/bin/sh"));
    },
  });
  try {
    return await host.run(check);
  } finally {
    await host.stop();
  }
}

describe.skipIf(!hasPrivateHosts)(`other shells in their place (${needsPrivateHost})`, () => {
  test.skipIf(!existsSync("/bin/busybox"))("BusyBox as sh gives the same (needs busybox)", async () => {
    const outcome = await withShells({ "/bin/busybox": "/bin/sh" });
    expect(bad(outcome)).toEqual([]);
    expect(codeOf(outcome, "sh here-string")).toBe("here-string-unsupported");
  });

  test.skipIf(!existsSync("/bin/dash"))(
    "a bash that is dash knows no here-strings (needs dash)",
    async () => {
      const outcome = await withShells({ "/bin/dash": "/bin/bash" });
      expect(bad(outcome).map(({ code, subject }) => `${code} ${subject.part}`)).toEqual([
        "here-string-differs bash here-string",
      ]);
      expect(outcome.verdict).toBe("fail");
    },
  );

  test("a bash that expands nothing differs in all that it should expand", async () => {
    const outcome = await withShells({ "/bin/echo": "/bin/bash" });
    expect(outcome.verdict).toBe("fail");
    expect(codeOf(outcome, "bash expansion")).toBe("differs");
    expect(codeOf(outcome, "sh expansion")).toBe("as-expected");
  });
});
