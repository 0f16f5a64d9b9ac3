import { type HostStat, isUnread, type Unread } from "./need.ts";

/** A mounted file system that may hold somebody's data. */
export type Mounted = { point: string; type: string; source: string };

const passing = /\/(merged|rootfs)$|^\/(proc|sys|dev|run)(\/|$)|^\/var\/lib\/kubelet\/pods\//;

/** Without what containers mount for themselves: a node of many pods has thousands of those. */
export function parseMounts(mountinfo: string): Mounted[] {
  return mountinfo.split("\n").flatMap((line) => {
    const point = plain(line.split(" ")[4] ?? "");
    const [, type, source] = / - (\S+) (\S+)/.exec(line) ?? [];
    return !type || !source || passing.test(point) ? [] : [{ point, type, source }];
  });
}

const plain = (text: string) =>
  text.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));

/** The longest mount point that holds a path, and the last mounted there. */
export function mountedAt(mounts: readonly Mounted[], path: string): Mounted | undefined {
  const holding = mounts.filter(
    ({ point }) => point === "/" || path === point || path.startsWith(`${point}/`),
  );
  const longest = Math.max(...holding.map(({ point }) => point.length));
  return holding.findLast(({ point }) => point.length === longest);
}

/** What xfs_info said of each XFS mount: 0, 1, or null where it did not say. */
export type Ftypes = { point: string; ftype: number | null }[];

/** For every XFS mount of /proc/self/mountinfo a line with its place, then xfs_info's own words. */
export const xfsInfoOfAll = [
  "sh",
  "-c",
  `grep ' - xfs ' /proc/self/mountinfo | cut -d ' ' -f 5 | grep -v '^/var/lib/kubelet/pods/' | sort -u | while IFS= read -r place; do printf 'mount %s\\n' "$place"; xfs_info "$place"; done`,
] as const;

export function parseXfsInfo({ stdout }: { stdout: string }): Ftypes {
  const found: Ftypes = [];
  for (const line of stdout.split("\n")) {
    const place = /^mount (\S+)$/.exec(line)?.[1];
    if (place) found.push({ point: plain(place), ftype: null });
    const ftype = /^naming .*\bftype=(\d)/.exec(line)?.[1];
    const last = found.at(-1);
    if (ftype && last) last.ftype = Number(ftype);
  }
  return found;
}

/** Where an engine's own configuration puts its data, and with which driver; null where it is silent. */
export type EngineConfig = { root: string | null; driver: string | null } | "malformed";

export function parseDockerConfig(text: string): EngineConfig {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== "object" || json === null) return "malformed";
    const said = (key: string) => {
      const value = (json as Record<string, unknown>)[key];
      return typeof value === "string" ? value : null;
    };
    return { root: said("data-root") ?? said("graph"), driver: said("storage-driver") };
  } catch {
    return "malformed";
  }
}

/** containerd's config.toml and containers' storage.conf: the few lines that matter, without a reader of TOML. */
export function parseTomlConfig(text: string): EngineConfig {
  const value = (key: string) =>
    new RegExp(`^\\s*${key}\\s*=\\s*["']([^"']+)["']`, "m").exec(text)?.[1] ?? null;
  const head = text.split(/^\s*\[/m)[0] ?? "";
  const ownRoot = /^\s*root\s*=\s*["']([^"']+)["']/m.exec(head)?.[1] ?? null;
  return { root: ownRoot ?? value("graphroot"), driver: value("driver") ?? value("snapshotter") };
}

/** `docker info`: its driver, and whether it found that directory entries carry their type. */
export type DockerInfo = { driver: string; dType: boolean | null } | null;

export function parseDockerInfo({ stdout, exitCode }: { stdout: string; exitCode: number }): DockerInfo {
  const [driver] = stdout.trim().split(" ");
  if (exitCode !== 0 || !driver) return null;
  const said = /"Supports d_type","(true|false)"/.exec(stdout)?.[1];
  return { driver, dType: said === undefined ? null : said === "true" };
}

export type DataRoot = { engine: string; path: string; driver: string | null };

type Sources = {
  folders: HostStat[];
  links: { path: string; value: string }[];
  docker: EngineConfig | Unread;
  containerd: EngineConfig | Unread;
  containers: EngineConfig | Unread;
};

const usual = [
  { engine: "docker", path: "/var/lib/docker" },
  { engine: "containerd", path: "/var/lib/containerd" },
  { engine: "containers", path: "/var/lib/containers" },
] as const;

/** The folders in which engines of this host keep layers, links followed. */
export function dataRoots(sources: Sources): DataRoot[] {
  return usual.flatMap(({ engine, path }) => {
    const config = sources[engine];
    const { root, driver } =
      isUnread(config) || config === "malformed" ? { root: null, driver: null } : config;
    if (!root && !sources.folders.some((folder) => folder.path === path)) return [];
    const target = sources.links.find((link) => link.path === (root ?? path))?.value;
    const real = !target ? (root ?? path) : target.startsWith("/") ? target : `/var/lib/${target}`;
    return [{ engine, path: real, driver }];
  });
}
