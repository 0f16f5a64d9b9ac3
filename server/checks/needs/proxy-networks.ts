import { type ContainerLabel, labelOf } from "./container-labels.ts";

/** A proxy, and what holds for its network: the kernel keeps these parameters for each network namespace. */
export type Proxy = {
  pid: number;
  name: string;
  /** its network namespace; null where only root may see it */
  network: string | null;
  group: string;
  /** the soft limit of open files */
  nofile: number | null;
  /** 0 where only root may count them */
  open: number;
};
export type NetworkSettings = Record<string, string>;
export type ProxyNetworks = {
  /** the host's own */
  host: string | null;
  proxies: Proxy[];
  settings: Record<string, NetworkSettings>;
  labels: ContainerLabel[];
};

/** The parameters below net. that the judgement is about, as files below /proc/sys. */
export const networkKeys = [
  "net.core.somaxconn",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.tcp_tw_reuse",
  "net.ipv4.tcp_timestamps",
  "net.ipv4.tcp_tw_recycle",
] as const;

const proxyNames = "nginx|openresty|haproxy|envoy|traefik|caddy|apache2|httpd|squid|varnishd";
const files = networkKeys.map((key) => `/proc/sys/${key.replaceAll(".", "/")}`).join(" ");
const inside = `for f in ${files}; do [ -r $f ] && echo set $f $(cat $f); done; grep ^TCP: /proc/net/sockstat`;

/**
 * Every proxy, and once for each network that one of them is in, what holds there: /proc/sys/net shows the network of
 * whoever reads it, so each is entered. It holds no double quote, which sudoers cannot hold.
 */
export const proxyScript = `exec 2>/dev/null; cd /proc || exit 1; IFS=; s='${inside}'; h=$(readlink self/ns/net); printf 'host\\t%s\\n' \${h:--}; set -- [0-9]*; set -f; seen=; for p; do read -r n <$p/comm || continue; case $n in ${proxyNames}) ;; *) continue;; esac; net=$(readlink $p/ns/net); g=; read -r g <$p/cgroup; l=$(grep '^Max open files' $p/limits); printf 'proxy\\t%s\\t%s\\t%s\\t%s\\t%s\\t%s\\n' $p $n \${net:--} \${g#*:*:} \${l#Max open files} $(ls $p/fd | wc -l); d=\${net#net:?}; d=\${d%?}; case ,$seen, in *,\${d:-,},*) continue;; esac; seen=$seen,$d; printf 'in\\t%s\\n' $net; nsenter -t $p -n sh -c $s; done; printf 'names\\n'; ls /var/log/containers | tail -n 2000; :`;

export function parseProxyNetworks({ stdout }: { stdout: string }): ProxyNetworks {
  const found: ProxyNetworks = { host: null, proxies: [], settings: {}, labels: [] };
  let current: NetworkSettings | undefined;
  for (const line of stdout.split("\n")) {
    const [kind, first = "", ...rest] = line.split("\t");
    if (kind === "host") found.host = known(first);
    if (kind === "proxy") found.proxies.push(proxyOf(first, rest));
    if (kind === "in") found.settings[first] = current = {};
    const [, file, value] = /^set \/proc\/sys\/(\S+) ?(.*)$/.exec(line) ?? [];
    if (current && file) current[file.replaceAll("/", ".")] = value ?? "";
    const waiting = /^TCP: .*\btw (\d+)/.exec(line)?.[1];
    if (current && waiting) current.timeWait = waiting;
    found.labels.push(...labelOf(line));
  }
  const named = new Set(found.proxies.map(({ group }) => group));
  found.labels = found.labels.filter(({ id }) => [...named].some((group) => group.includes(id)));
  return found;
}

function known(word: string): string | null {
  return /^net:\[\d+\]$/.test(word) ? word : null;
}

function proxyOf(pid: string, [name = "?", network = "", group = "", limits = "", open]: string[]): Proxy {
  const soft = limits.trim().split(/\s+/)[0] ?? "";
  const nofile = soft === "unlimited" ? Number.MAX_SAFE_INTEGER : /^\d+$/.test(soft) ? Number(soft) : null;
  return { pid: Number(pid), name, network: known(network), group, nofile, open: Number(open) || 0 };
}

/** One group of proxies: same program, same network. Its workers stand for it. */
export type ProxyGroup = {
  name: string;
  network: string | null;
  group: string;
  pids: number[];
  nofile: number | null;
  open: number;
};

export function proxyGroups(proxies: readonly Proxy[]): ProxyGroup[] {
  const groups = Map.groupBy(proxies, ({ name, network, group }) => `${name}\t${network ?? group}`);
  return [...groups.values()].flatMap((all) => {
    const [first] = all;
    // The master keeps the limit that it was started with; what counts is that of the workers, which may be raised.
    const limits = all.flatMap(({ nofile }) => nofile ?? []);
    return first
      ? [
          {
            ...{ name: first.name, network: first.network, group: first.group },
            pids: all.map(({ pid }) => pid),
            nofile: limits.length > 0 ? Math.max(...limits) : null,
            open: Math.max(...all.map(({ open }) => open)),
          },
        ]
      : [];
  });
}
