import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Outcome } from "#server/engine/execution.ts";
import {
  isInstalled,
  mayMakeHosts,
  type NamespacedHost,
  startNamespacedHost,
} from "#testing/host-namespace.ts";
import { check } from "./overlayfs-d-type.ts";

/** Real XFS file systems with and without types in their directory entries, and what an engine does on them. */

const may = mayMakeHosts && existsSync("/dev/loop-control") && isInstalled("mkfs.xfs", "xfs_db", "xfs_info");
const ofDocker = ({ findings }: Outcome) =>
  findings
    .filter(({ subject }) => subject.part === "/var/lib/docker")
    .map(({ code, observed }) => `${code} ${observed}`);

describe.skipIf(!may)(
  "the file system under overlayfs (as root, with namespaces, loop devices and xfsprogs)",
  () => {
    let host: NamespacedHost;
    beforeAll(async () => {
      host = await startNamespacedHost();
    });
    afterAll(() => host?.stop());
    const make = async (name: string, change = ":") => {
      const file = `/run/scratch/${name}`;
      await host.run(
        `truncate -s 320M ${file} && mkfs.xfs -q ${file} && f=${file} && ${change} && mount -o loop ${file} /var/lib/docker`,
      );
    };
    /** Whether a file of a lower layer can be deleted through overlayfs and stays so. */
    const deletes = () =>
      host.run(`cd /var/lib/docker; mkdir low up work all; touch low/file
      mount -t overlay -o lowerdir=low,upperdir=up,workdir=work overlay all || exit 1; rm all/file
      ls -A all; umount all; rm -rf low up work all`);

    test("XFS as it is made today carries them, and a deletion lasts", async () => {
      await make("new");
      const [found] = ofDocker(await host.ask(check));
      expect(found).toMatch(/^d-type \/dev\/loop\d+ on \/var\/lib\/docker type xfs, ftype=1$/);
      expect(await deletes()).toBe("");
      await host.run("umount /var/lib/docker");
    });

    test("one without them keeps the name of what was deleted", async () => {
      // Kernels of today mount no XFS of the old format, but the feature can be taken from one of the new.
      const strip = `b=$(xfs_db -c 'sb 0' -c 'p features_incompat' $f | cut -d x -f 2) &&
      xfs_db -x -c 'sb 0' -c "write -d features_incompat 0x$(printf %x $((0x$b & ~1)))" $f >&2`;
      await make("old", strip);
      const outcome = await host.ask(check);
      expect(ofDocker(outcome)[0]).toMatch(/^no-d-type .* type xfs, ftype=0$/);
      expect(outcome.verdict).toBe("fail");
      expect(await deletes()).toBe("file\n");
    });

    test.skipIf(!isInstalled("dockerd", "docker"))(
      "an engine that starts there makes full copies (docker.io)",
      async () => {
        await host.run(`dockerd >/var/log/dockerd 2>&1 & i=0
      until docker version >/dev/null 2>&1; do i=$((i + 1)); [ $i -lt 300 ] || exit 1; sleep 0.05; done`);
        expect(ofDocker(await host.ask(check))).toEqual(["vfs-driver vfs"]);
        await host.run("p=$(cat /run/docker.pid); kill $p; while [ -e /proc/$p ]; do sleep 0.05; done");
      },
    );

    test("overlayfs itself is no place for an upper layer", async () => {
      await host.run("umount /var/lib/docker /var/lib/docker");
      expect(ofDocker(await host.ask(check))).toEqual([
        "unsuitable-file-system overlay on /var/lib type overlay",
      ]);
      await expect(deletes()).rejects.toThrow(/wrong fs type|filesystem on .* not supported/);
    });
  },
);
