import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codesOf } from "#testing/endpoint-run.ts";
import {
  hasPrivateHosts,
  needsPrivateHost,
  type PrivateHost,
  startPrivateHost,
} from "#testing/private-host.ts";
import { check } from "./shell-startup-files.ts";

/** A host with an /etc and a user of its own; what its bash really reads is what the check must say. */

const dev = 5001;
const says = (path: string) => `[ -z "$STARTUP_LOG" ] || echo ${path} >> "$STARTUP_LOG"\n`;

/** The system's own files and what a new user gets, each of which now says that it is read. */
function prepare(folder: string): void {
  const [etc, home] = [join(folder, "etc"), join(folder, "dev")];
  appendFileSync(join(etc, "passwd"), `dev:x:${dev}:${dev}::${home}:/bin/bash\n`);
  appendFileSync(join(etc, "group"), `dev:x:${dev}:\n`);
  mkdirSync(home, { mode: 0o755 });
  rmSync(join(etc, "profile.d"), { recursive: true, force: true });
  mkdirSync(join(etc, "profile.d"));
  writeFileSync(join(etc, "profile.d/one.sh"), says("/etc/profile.d/one.sh"));
  for (const name of ["profile", "bash.bashrc"]) {
    const text = readFileSync(join("/etc", name), "utf8");
    writeFileSync(join(etc, name), `${says(`/etc/${name}`)}${text}`);
  }
  for (const name of [".bash_profile", ".bash_login", ".profile", ".bashrc"]) {
    const path = join(home, name);
    const skeleton = join("/etc/skel", name);
    writeFileSync(path, says(path) + (existsSync(skeleton) ? readFileSync(skeleton, "utf8") : ""));
    chownSync(path, dev, dev);
  }
  chownSync(home, dev, dev);
}

const isDebian = existsSync("/etc/bash.bashrc") && existsSync("/etc/skel/.profile");
describe.skipIf(!hasPrivateHosts || !isDebian)(
  `start-up files (${needsPrivateHost}, with Debian's files)`,
  () => {
    let host: PrivateHost;
    beforeAll(async () => {
      host = await startPrivateHost({ prepare });
    });
    afterAll(() => host?.stop());
    const at = (path: string) => join(host.folder, path);

    /** The files that such a bash has written into its log, in their order. */
    function readBy(...flags: string[]): string {
      const log = at("log");
      host.inside(["bash", ...flags, "-c", ":"], {
        HOME: at("dev"),
        PATH: "/usr/bin:/bin",
        STARTUP_LOG: log,
      });
      try {
        return readFileSync(log, "utf8").trim().replaceAll("\n", ", ");
      } catch {
        return "none";
      } finally {
        rmSync(log, { force: true });
      }
    }

    test.each(["all of a home's files", "the second and the third", "the third alone"])(
      "each kind of bash reads what the check says: %s",
      async (title) => {
        if (title !== "all of a home's files") rmSync(at("dev/.bash_profile"), { force: true });
        if (title === "the third alone") rmSync(at("dev/.bash_login"), { force: true });
        const { findings } = await host.run(check, { user: "dev" });
        const said = (part: string) => findings.find(({ subject }) => subject.part === part)?.observed;
        expect(said("login, interactive")).toBe(readBy("-l", "-i"));
        expect(said("login, not interactive")).toBe(readBy("-l"));
        expect(said("not login, interactive")).toBe(readBy("-i"));
        expect(said("not login, not interactive")).toBe(readBy());
      },
    );

    test("files that nobody else may change, and a PATH of root's own", async () => {
      const codes = codesOf(await host.run(check));
      const about = codes.filter((code) => !code.includes("files-read"));
      expect(about.toSorted()).toEqual(["pass files-safe files", "pass path-safe PATH"]);
    });

    test("files open to everybody, to a group and owned by another, and a PATH that begins here", async () => {
      chmodSync(at("etc/profile.d/one.sh"), 0o666);
      chownSync(at("dev/.profile"), 65534, 65534);
      chmodSync(at("etc/bash.bashrc"), 0o664);
      chownSync(at("etc/bash.bashrc"), 0, dev);
      mkdirSync(at("open"));
      chmodSync(at("open"), 0o777);
      appendFileSync(at("etc/profile"), `PATH=.:${at("open")}:$PATH\n`);
      const outcome = await host.run(check);
      expect(outcome.verdict).toBe("fail");
      expect(
        codesOf(outcome)
          .filter((code) => !code.startsWith("pass"))
          .toSorted(),
      ).toEqual(
        [
          `fail file-writable ${at("dev/.profile")}`,
          "fail file-writable /etc/profile.d/one.sh",
          "warn file-group-writable /etc/bash.bashrc",
          "warn path-current-folder PATH",
          `warn path-folder-writable PATH ${at("open")}`,
        ].toSorted(),
      );
    });

    test("without root, closed homes stay unread, and that is said", async () => {
      const outcome = await host.run(check, { user: "dev" }, { user: "dev", sudo: false });
      expect(codesOf(outcome)).toContain("unknown homes-unread homes");
      expect(codesOf(outcome)).toContain("fail file-writable /etc/profile.d/one.sh");
    });
  },
);
