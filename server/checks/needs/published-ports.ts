/** One place where a container's port is reached on its host. Port "" is any free one; "8000-8010" one of these. */
export type Binding = { port: string; ip: string; hostPort: string };

/** What a container's own files say. `bindings` is null where hostconfig.json holds none that could be read. */
export type FileContainer = {
  id: string;
  name: string;
  bindings: Binding[] | null;
  publishAll: boolean;
  /** the engine starts it by itself when it starts */
  startsAlone: boolean;
};

/** What the engine says of a container that it knows. */
export type EngineContainer = {
  id: string;
  running: boolean;
  network: string;
  configured: Binding[];
  published: Binding[];
};

export type DockerPorts = {
  /** null: no containers of Docker here */
  root: string | null;
  answers: boolean;
  /** everything was listed */
  whole: boolean;
  files: FileContainer[];
  known: EngineContainer[];
  /** a docker-proxy stands behind each published port; without one, nothing need listen */
  proxies: boolean;
  /** such as "8080/tcp" */
  listening: string[];
};

/** In patterns @ stands for a double quote, which sudoers cannot hold. */
const grep = (pattern: string) => `grep -oE $(printf '${pattern}' | tr @ '\\042')`;
const portMap = "(null|[{]([^{}]*[{][^{}]*[}])*[^{}]*[}])";
const hostKeys = `@PortBindings@:${portMap}|@PublishAllPorts@:(true|false)|@Name@:@(no|always|on-failure|unless-stopped)@`;
const containerKeys = "@Name@:@/[A-Za-z0-9_.-]+@|@HasBeenManuallyStopped@:(true|false)";
const configuredRoot = `tr -d '\\n\\r\\t ' </etc/docker/daemon.json | ${grep("@data-root@:@/[^@]*")} | sed 's,.*:.,,'`;
const inspected =
  "{{.Id}}|{{.State.Running}}|{{.HostConfig.NetworkMode}}|{{json .HostConfig.PortBindings}}|{{json .NetworkSettings.Ports}}";

const keysOf = (file: string, pattern: string) => `tr -d '\\n\\r\\t ' <$place/${file} | ${grep(pattern)}`;

const listeners = (protocol: string, state: string) =>
  `cat /proc/net/${protocol} /proc/net/${protocol}6 | sed -nE 's,^ *[0-9]+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ${state} .*,listen ${protocol} \\1,p' | sort -u`;

/**
 * Of each container's two files a handful of keys leaves the host, found by pattern: environments and labels never do.
 * Files are read first, then the engine is asked, so that a container removed meanwhile is in neither. An engine may
 * hang and never answer.
 */
export const publishedPortsScript = [
  "exec 2>/dev/null; IFS=; set -f",
  "root=$(timeout 5 docker info --format '{{.DockerRootDir}}') || root=",
  `case $root in /*) answers=yes; printf 'answers\\n';; *) answers=; root=$(${configuredRoot});; esac`,
  `root=\${root:-/var/lib/docker}; [ -d $root/containers ] || exit 0; printf 'root %s\\n' $root; set +f`,
  `for place in $root/containers/*; do set -f; [ -f $place/hostconfig.json ] && [ -f $place/config.v2.json ] || continue; printf 'file %s\\n' \${place##*/}; ${keysOf("hostconfig.json", hostKeys)}; ${keysOf("config.v2.json", containerKeys)}; done`,
  `[ -z $answers ] || timeout 5 docker ps -aq --no-trunc | timeout 5 xargs -r docker container inspect --format '${inspected}' | sed 's,^,known ,'`,
  "set +f; cat /proc/[0-9]*/comm | grep -qx docker-proxy && printf 'proxies\\n'",
  listeners("tcp", "0A"),
  listeners("udp", "07"),
  `for place in $root/containers/*; do [ -f $place/hostconfig.json ] && printf 'still %s\\n' \${place##*/}; done`,
  "printf 'whole\\n'",
].join("; ");

export function parseDockerPorts({ stdout }: { stdout: string }): DockerPorts {
  const lines = stdout.split("\n");
  const after = (word: string) =>
    lines.flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1)] : []));
  const still = new Set(after("still"));
  return {
    root: after("root")[0] ?? null,
    answers: lines.includes("answers"),
    whole: lines.includes("whole"),
    files: filesIn(lines).filter(({ id }) => still.has(id)),
    known: after("known").map(knownOf),
    proxies: lines.includes("proxies"),
    listening: after("listen").map((line) => {
      const [protocol = "", port = ""] = line.split(" ");
      return `${Number.parseInt(port, 16)}/${protocol}`;
    }),
  };
}

function filesIn(lines: readonly string[]): FileContainer[] {
  const files: FileContainer[] = [];
  const stopped = new Set<FileContainer>();
  let policy = "";
  for (const line of lines) {
    const id = /^file (\S+)$/.exec(line)?.[1];
    if (id) {
      files.push({ id, name: id.slice(0, 12), bindings: null, publishAll: false, startsAlone: false });
      policy = "";
    }
    const last = files.at(-1);
    const [, key, value = ""] = /^"(\w+)":(.*)$/.exec(line) ?? [];
    if (!last || !key) continue;
    if (key === "PortBindings") last.bindings = bindingsOf(value);
    else if (key === "PublishAllPorts") last.publishAll = value === "true";
    else if (key === "Name" && value.startsWith('"/')) last.name = value.slice(2, -1);
    else if (key === "Name") policy = value.slice(1, -1);
    else if (value === "true") stopped.add(last);
    last.startsAlone = policy === "always" || (policy === "unless-stopped" && !stopped.has(last));
  }
  return files;
}

function knownOf(line: string): EngineContainer {
  const [id = "", running, network = "", configured = "", published = ""] = line.split("|");
  return {
    ...{ id, running: running === "true", network },
    configured: bindingsOf(configured) ?? [],
    published: bindingsOf(published) ?? [],
  };
}

/** Both files and the engine write {"80/tcp": [{"HostIp": "", "HostPort": "8080"}]}; null where it is not that. */
export function bindingsOf(json: string): Binding[] | null {
  try {
    const map: unknown = JSON.parse(json);
    if (map === null) return [];
    return Object.entries(map as Record<string, unknown>).flatMap(([port, places]) =>
      (Array.isArray(places) ? places : []).map((place: { HostIp?: unknown; HostPort?: unknown }) => ({
        port,
        ip: typeof place.HostIp === "string" ? place.HostIp : "",
        hostPort: typeof place.HostPort === "string" ? place.HostPort : "",
      })),
    );
  } catch {
    return null;
  }
}
