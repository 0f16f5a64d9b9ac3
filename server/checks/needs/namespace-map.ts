import { type ContainerLabel, labelOf } from "./container-labels.ts";

export const namespaceKinds = ["mnt", "net", "pid", "ipc", "uts", "user", "cgroup", "time"] as const;
export type NamespaceKind = (typeof namespaceKinds)[number];
export type Namespaces = Partial<Record<NamespaceKind, string>>;

/** A process with at least one namespace that is not the host's. */
export type ContainedProcess = {
  pid: number;
  name: string;
  group: string;
  spaces: Namespaces;
  /** in the host's process namespace, and may enter any other */
  mighty: boolean;
};
export type NamespaceMap = {
  host: Namespaces;
  /** of all that could be looked at */
  processes: number;
  /** whose namespaces are root's to know */
  hidden: number;
  contained: ContainedProcess[];
  labels: ContainerLabel[];
};

/**
 * One `ls` tells all links; the shell alone compares them, and names only what is not the host's. It holds no double
 * quote, which sudoers cannot hold.
 */
export const namespaceScript = `exec 2>/dev/null; cd /proc || exit 1; IFS=; n=0; s=; p=; h=; hp=; flush() { [ $p ] || return 0; [ $s ] || return 0; if [ ! $h ]; then h=$s; hp=\${s#*,pid:?}; hp=\${hp%%]*}; printf 'host\\t%s\\n' $h; return; fi; n=$((n+1)); [ $s = $h ] && return; c=; g=; read -r c <$p/comm; read -r g <$p/cgroup; e=; case $s in *,pid:?$hp]*) e=$(grep ^CapEff: $p/status);; esac; e=\${e#CapEff:?}; g=\${g#*:*:}; printf 'in\\t%s\\t%s\\t%s\\t%s\\t%s\\n' $p $s \${e:--} \${g:--} \${c:--}; }; set -- self/ns [0-9]*/ns; set -f; { printf 'self/ns:\\n'; ls -l self/ns/; shift; ls -l $@; printf 'end/ns:\\n'; } | { while read -r a; do case $a in */ns:) flush; p=\${a%/ns:}; s=;; *_for_children*) ;; *' -> '*) s=$s,\${a##* -> };; esac; done; printf 'count\\t%s\\t%s\\n' $n $(($#-1)); }; printf 'names\\n'; ls /var/log/containers | tail -n 2000; :`;

export function parseNamespaces({ stdout }: { stdout: string }): NamespaceMap {
  const map: NamespaceMap = { host: {}, processes: 0, hidden: 0, contained: [], labels: [] };
  for (const line of stdout.split("\n")) {
    const [kind, first = "", ...rest] = line.split("\t");
    if (kind === "host") map.host = spacesOf(first);
    if (kind === "in") map.contained.push(containedOf(first, rest));
    if (kind === "count") {
      map.processes = Number(first);
      map.hidden = Math.max(0, Number(rest[0]) - map.processes);
    }
    map.labels.push(...labelOf(line));
  }
  // One that is just ending has left its namespaces already; kdevtmpfs is the kernel's own.
  map.contained = map.contained.filter(
    ({ name, spaces }) => spaces.mnt && spaces.net && name !== "kdevtmpfs",
  );
  const groups = new Set(map.contained.map(({ group }) => group));
  map.labels = map.labels.filter(({ id }) => [...groups].some((group) => group.includes(id)));
  return map;
}

function spacesOf(words: string): Namespaces {
  const found = [...words.matchAll(/,([a-z]+):\[(\d+)\]/g)];
  const known = found.filter(([, kind]) => namespaceKinds.some((one) => one === kind));
  return Object.fromEntries(known.map(([, kind, id]) => [kind, id]));
}

/** CAP_SYS_ADMIN and CAP_SYS_PTRACE: with both, the namespaces of any process that one can see may be entered. */
const mightyCaps = (1n << 21n) | (1n << 19n);

function containedOf(
  pid: string,
  [spaces = "", caps = "", group = "", name = ""]: string[],
): ContainedProcess {
  const mighty = /^[0-9a-f]{16}$/.test(caps) && (BigInt(`0x${caps}`) & mightyCaps) === mightyCaps;
  return { pid: Number(pid), name, group, spaces: spacesOf(spaces), mighty };
}

/** Namespaces that a mount keeps, with or without a process in them. */
export type KeptNamespace = { id: string; kind: string; path: string };

export function parseKeptNamespaces(text: string): KeptNamespace[] {
  const kept = text.split("\n").flatMap((line): KeptNamespace[] => {
    const [, kind, id, path] = /^\d+ \d+ \S+ ([a-z]+):\[(\d+)\] (\S+) .* - nsfs /.exec(line) ?? [];
    return kind && id && path ? [{ id, kind, path }] : [];
  });
  // /var/run is a link to /run, and mounts below either are told twice.
  return [...new Map(kept.map((one) => [one.id, one])).values()];
}
