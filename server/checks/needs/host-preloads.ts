/** A library that a process is told to load before all others. */
export type PreloadUse = {
  pid: number;
  name: string;
  variable: string;
  library: string;
  /** the process sees another file system than this host's */
  contained: boolean;
};

/** What the host knows of a library: the package it came with, or that there is none. */
export type PreloadLibrary = {
  library: string;
  state: "package" | "no-package" | "missing" | "not-asked";
  package: string | null;
  /** writable by others than root */
  open: boolean;
};

export type Preloads = { uses: PreloadUse[]; libraries: PreloadLibrary[]; processes: number };

const variables = "LD_PRELOAD|LD_AUDIT";

const usesOfAll = `for p; do env=$(tr '\\000' '\\n' <$p/environ) || continue; printf 'seen\\n'; case $env in *LD_PRELOAD=*|*LD_AUDIT=*) ;; *) continue;; esac; read -r name <$p/comm; where=inside; [ $(readlink $p/ns/mnt) = $mine ] && where=host; printf '%s\\n' $env | grep -E '^(${variables})=.' | while read -r line; do printf 'use\\t%s\\t%s\\t%s\\t%s\\n' $p $name $where $line; done; done`;

const namesOfAll = `{ sed 's/#.*//' /etc/ld.so.preload; printf '%s\\n' $uses | grep -E '^use.*	host	' | cut -f 5 | cut -d = -f 2-; } | tr ' :\\t' '\\n\\n\\n' | sort -u`;

const owner = `{ dpkg -S $path || dpkg -S $real || dpkg -S \${real#/usr} || rpm -qf $real || apk info -q --who-owns $real || pacman -Qqo $real; } | grep -vE 'not owned|No such file' | head -n 1`;

/**
 * Names in /etc/ld.so.preload and in the environments of all processes, then for each the package that brought it. It
 * holds no double quote, which sudoers cannot hold; of an environment those two variables alone leave it.
 */
export const preloadScript = `exec 2>/dev/null; cd /proc || exit 1; IFS=; mine=$(readlink self/ns/mnt); set -- [0-9]*; set -f; uses=$(${usesOfAll}); printf '%s\\n' $uses; manager=$(command -v dpkg rpm apk pacman | head -n 1); ${namesOfAll} | while read -r name; do case $name in '') continue;; *'$'*) printf 'lib\\t%s\\tnot-asked\\n' $name; continue;; /*) path=$name;; *) path=$({ ldconfig -p | grep -o '/.*' | grep -F -e /$name; ls -d /lib/$name /usr/lib/$name /usr/local/lib/$name; } | head -n 1);; esac; [ -e \${path:-/nowhere} ] || { printf 'lib\\t%s\\tmissing\\n' $name; continue; }; real=$(readlink -f $path); package=$(${owner}); state=no-package; [ \${package:-none} = none ] || state=package; [ \${manager:-none} = none ] && state=not-asked; printf 'lib\\t%s\\t%s\\t%s\\t%s\\n' $name $state $(stat -L -c '%a/%u' $path) \${package:--}; done; :`;

export function parsePreloads({ stdout }: { stdout: string }): Preloads {
  const lines = stdout.split("\n");
  return {
    uses: lines.flatMap((line) => useOf(line)),
    libraries: lines.flatMap((line) => libraryOf(line)),
    processes: lines.filter((line) => line === "seen").length,
  };
}

function useOf(line: string): PreloadUse[] {
  const [kind, pid, name = "", where, value = ""] = line.split("\t");
  if (kind !== "use") return [];
  const at = value.indexOf("=");
  const rest = { pid: Number(pid), name, variable: value.slice(0, at), contained: where === "inside" };
  return librariesIn(value.slice(at + 1)).map((library) => ({ ...rest, library }));
}

/** Separated by blanks or colons. */
function librariesIn(text: string): string[] {
  return text.split(/[\s:]+/).filter(Boolean);
}

/** /etc/ld.so.preload: the loader takes what follows a # for a comment, wherever in its line. */
export function librariesOfFile(text: string): string[] {
  return librariesIn(text.replaceAll(/#.*/g, ""));
}

const states = ["package", "no-package", "missing", "not-asked"] as const;

function libraryOf(line: string): PreloadLibrary[] {
  const [kind, library = "", word, owned = "", name] = line.split("\t");
  const state = states.find((one) => one === word);
  if (kind !== "lib" || !state) return [];
  const [mode = "0", uid = "0"] = owned.split("/");
  return [
    {
      ...{ library, state },
      package: state === "package" && name ? (name.split(": ")[0] ?? name) : null,
      open: state !== "missing" && ((Number.parseInt(mode, 8) & 0o022) !== 0 || uid !== "0"),
    },
  ];
}
