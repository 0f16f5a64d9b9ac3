/** What qemu-img says of an image, or its complaint. */
export type DiskImage =
  | { error: string }
  | {
      format: string;
      virtualBytes: number;
      backingFile: string | null;
      corrupt: boolean;
      dirty: boolean;
      snapshots: number;
    };

export type ImageUsers = { open: { pid: number; name: string; file: string }[]; hidden: number };

/** Not given: nothing is opened. -U, because an image in use is locked against reading. */
export function imageCommand(path: string): readonly [string, ...string[]] {
  return path === "" ? ["qemu-img", "--version"] : ["qemu-img", "info", "-U", "--output=json", path];
}

export function parseImage(output: { stdout: string; stderr: string; exitCode: number }): DiskImage {
  if (output.exitCode !== 0) return { error: output.stderr.trim().slice(0, 300) };
  if (!output.stdout.startsWith("{")) return { error: "" };
  const said = JSON.parse(output.stdout);
  return {
    format: String(said.format ?? "?"),
    virtualBytes: Number(said["virtual-size"] ?? 0),
    backingFile: said["full-backing-filename"] ?? said["backing-filename"] ?? null,
    corrupt: said["format-specific"]?.data?.corrupt === true,
    dirty: said["dirty-flag"] === true,
    snapshots: Array.isArray(said.snapshots) ? said.snapshots.length : 0,
  };
}

/** The files that QEMU's programs hold open. It has no double quote, which sudoers cannot hold. */
export const imageUsersScript = `cd /proc || exit 1; IFS=; set -- [0-9]*; for p; do read -r name <$p/comm || continue; case $name in qemu*|kvm) ;; *) continue;; esac; [ -r $p/fd ] || { printf 'hidden\\t%s\\n' $p; continue; }; set +f; set -- $p/fd/*; set -f; for f; do file=$(readlink $f) || continue; case $file in /dev/null|/proc/*|/sys/*) ;; /*) printf 'open\\t%s\\t%s\\t%s\\n' $p $name $file;; esac; done; done 2>/dev/null; :`;

export function parseImageUsers({ stdout }: { stdout: string }): ImageUsers {
  const rows = stdout.split("\n").map((line) => line.split("\t"));
  const open = rows.flatMap(([kind, pid, name = "", file]) =>
    kind === "open" && file ? [{ pid: Number(pid), name, file }] : [],
  );
  return { open, hidden: rows.filter(([kind]) => kind === "hidden").length };
}
