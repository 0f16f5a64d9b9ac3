import type { HostStat } from "./need.ts";

/** An account with a shell, of /etc/passwd. */
export type ShellUser = { name: string; uid: number; gid: number; home: string; shell: string };

export function parseShellUsers(text: string): ShellUser[] {
  return text.split("\n").flatMap((line) => {
    const [name, , uid, gid, , home, shell = ""] = line.split(":");
    if (!name || !home || !/\/(ba|da|z|k|mk|a|c|tc|fi)?sh$/.test(shell)) return [];
    return [{ name, uid: Number(uid), gid: Number(gid), home, shell }];
  });
}

/** A file or folder that a shell reads or searches. */
export type Place = { path: string; mode: number; uid: number; gid: number };

const names =
  ".bash_profile .bash_login .profile .bashrc .bash_logout .zshenv .zprofile .zshrc .zlogin .kshrc";

/**
 * The files of every account with a shell, each with what stat says; homes that are closed say nothing. Without a
 * double quote, which sudoers cannot hold: an empty IFS keeps words whole instead.
 */
export const homeFilesScript = `set -f; IFS=; grep -E '/(ba|da|z|k|mk|a)?sh$' /etc/passwd | head -n 1000 | while IFS=: read -r name word uid gid comment home shell; do for file in ${names}; do [ -e $home/$file ] && stat -L -c '%f %u %g %n' $home/$file; done; done; :`;

/** The search path a login shell begins with, then what stat says of each of its folders. */
export const loginPathScript = `printf 'path=%s\\n' "$PATH"; IFS=:; for folder in $PATH; do [ -d "$folder" ] && stat -L -c '%f %u %g %n' "$folder"; done; :`;

export function parsePlaces({ stdout }: { stdout: string }): Place[] {
  return stdout.split("\n").flatMap((line) => {
    const [, mode, uid, gid, path] = /^([0-9a-f]{3,8}) (\d+) (\d+) (.+)$/.exec(line) ?? [];
    return mode && path
      ? [{ path, mode: Number.parseInt(mode, 16) & 0o7777, uid: Number(uid), gid: Number(gid) }]
      : [];
  });
}

export type LoginPath = { folders: string[]; places: Place[] };

/** Start-up files may print what they like before; the last line of that form is ours. */
export function parseLoginPath(output: { stdout: string }): LoginPath | null {
  const path = [...output.stdout.matchAll(/^path=(.*)$/gm)].at(-1)?.[1];
  return path === undefined ? null : { folders: path.split(":"), places: parsePlaces(output) };
}

export function placeOf({ path, mode, uid, gid }: HostStat): Place {
  return { path, mode, uid, gid };
}

export type Writable = { by: "everybody" | "group" | "another"; mode: string };

/**
 * Who but root and the owner may change a place. A group of the owner's own, as distributions give to each user, is
 * nobody else; a sticky folder lets nobody replace others' files but takes new ones.
 */
export function writableBy(place: Place, owner: Pick<ShellUser, "uid" | "gid">): Writable | null {
  const mode = place.mode.toString(8).padStart(4, "0");
  if (place.mode & 0o002) return { by: "everybody", mode };
  if (place.uid !== 0 && place.uid !== owner.uid) return { by: "another", mode };
  const ownGroup = place.gid === 0 || (place.gid === owner.gid && owner.gid === owner.uid);
  return place.mode & 0o020 && !ownGroup ? { by: "group", mode } : null;
}
