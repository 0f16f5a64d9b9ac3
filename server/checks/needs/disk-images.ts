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

/** A file that QEMU holds; `identity` is its device and inode, since a path may mean another file elsewhere. */
export type OpenFile = { pid: number; name: string; identity: string; file: string };
/** `hidden` counts processes whose files were not shown; `blind`: others may run that were not shown at all */
export type ImageUsers = { open: OpenFile[]; hidden: number; blind: boolean };

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

/** "device:inode" of the file that a path leads to, or null. */
export function parseIdentity({ stdout, exitCode }: { stdout: string; exitCode: number }): string | null {
  const said = stdout.trim();
  return exitCode === 0 && /^\d+:\d+$/.test(said) ? said : null;
}

/** The kernel's first process namespace has this number: elsewhere the host's processes are not to be seen. */
const wholeMachine = "pid:[4026531836]";

const openFilesOfAll =
  "for p; do read -r name <$p/comm || { [ -d $p ] && printf 'hidden\\t%s\\n' $p; continue; }; case $name in qemu*|kvm) ;; *) continue;; esac; [ -r $p/fd ] || { printf 'hidden\\t%s\\n' $p; continue; }; set +f; set -- $p/fd/*; set -f; for f; do file=$(readlink $f) || continue; case $file in /dev/null|/proc/*|/sys/*) ;; /*) printf 'open\\t%s\\t%s\\t%s\\t%s\\n' $p $name $(stat -L -c '%d:%i' $f || printf '-') $file;; esac; done; done";

/**
 * The files that QEMU's programs hold open, and whether all processes of the machine were there to be seen: /proc may
 * be mounted with hidepid, and a container has processes of its own. No double quote: sudoers cannot hold it.
 */
export const imageUsersScript = `exec 2>/dev/null; cd /proc || exit 1; IFS=; [ -r 1/comm ] && [ $(readlink self/ns/pid) = ${wholeMachine.replace("[", "'['").replace("]", "']'")} ] || printf 'blind\\n'; set -- [0-9]*; ${openFilesOfAll}; printf 'whole\\n'`;

export function parseImageUsers({ stdout }: { stdout: string }): ImageUsers {
  const rows = stdout.split("\n").map((line) => line.split("\t"));
  const open = rows.flatMap(([kind, pid, name = "", identity = "-", file]) =>
    kind === "open" && file ? [{ pid: Number(pid), name, identity, file }] : [],
  );
  const has = (word: string) => rows.some(([kind]) => kind === word);
  const hidden = rows.filter(([kind]) => kind === "hidden").length;
  return { open, hidden, blind: has("blind") || !has("whole") };
}

/** Who holds the image, and whether "nobody" could be believed. */
export function imageUse(
  path: string,
  image: { identity: string | null; real: string | null },
  users: ImageUsers | null,
): { holders: OpenFile[]; sure: boolean } {
  if (!users) return { holders: [], sure: false };
  const paths = new Set([path, image.real ?? path]);
  const holders = users.open.filter(({ identity, file }) =>
    image.identity === null || identity === "-" ? paths.has(file) : identity === image.identity,
  );
  const compared = image.identity !== null && users.open.every(({ identity }) => identity !== "-");
  return { holders, sure: compared && !users.blind && users.hidden === 0 };
}
