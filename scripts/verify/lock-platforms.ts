type Entry = {
  version?: string;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  dev?: boolean;
  optional?: boolean;
  optionalDependencies?: Record<string, string>;
};
export type Lock = { packages: Record<string, Entry> };
export type Missing = { name: string; range: string; wantedBy: string; dev: boolean };

/** Where Node would look for `name` from the package at `path`, nearest first. */
function candidates(path: string, name: string): string[] {
  const parts = path === "" ? [] : path.split("/node_modules/");
  const found: string[] = [];
  for (let depth = parts.length; depth > 0; depth -= 1)
    found.push(`${parts.slice(0, depth).join("/node_modules/")}/node_modules/${name}`);
  return [...found, `node_modules/${name}`];
}

export function missingOptional({ packages }: Lock): Missing[] {
  const missing = new Map<string, Missing>();
  for (const [path, { optionalDependencies = {}, dev = false }] of Object.entries(packages))
    for (const [name, range] of Object.entries(optionalDependencies)) {
      if (candidates(path, name).some((place) => packages[place])) continue;
      const known = missing.get(name);
      missing.set(name, { name, range, wantedBy: path, dev: dev && (known?.dev ?? true) });
    }
  return [...missing.values()];
}

const systems = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const processors = [
  "arm64",
  "arm",
  "ia32",
  "loong64",
  "mips64el",
  "ppc64",
  "riscv64",
  "s390x",
  "wasm32",
  "x64",
];

/** What a package is for, told by its name, as these packages are named everywhere. */
export function platformOf(name: string): Pick<Entry, "os" | "cpu" | "libc"> {
  if (name === "fsevents") return { os: ["darwin"] };
  const words = name.split(/[-/]/).map((word) => (word === "windows" ? "win32" : word));
  const os =
    systems.find((system) => words.includes(system)) ??
    (words.some((word) => word.startsWith("linuxmusl")) ? "linux" : undefined);
  const cpu = processors.find((processor) => words.includes(processor));
  const musl = words.some((word) => /musl/.test(word));
  const glibc = words.some((word) => /^gnu/.test(word));
  return {
    ...(cpu ? { cpu: [cpu] } : {}),
    ...(musl ? { libc: ["musl"] } : glibc ? { libc: ["glibc"] } : {}),
    ...(os ? { os: [os] } : {}),
  };
}

/** Adds an entry for each missing package. It has no checksum: npm adds that where it can see the package. */
export function completeLock(lock: Lock): void {
  for (let missing = missingOptional(lock); missing.length > 0; missing = missingOptional(lock))
    for (const { name, range, dev } of missing)
      lock.packages[`node_modules/${name}`] = {
        version: range.replace(/^[~^]/, ""),
        ...platformOf(name),
        ...(dev ? { dev: true } : {}),
        optional: true,
      };
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
  lock.packages = Object.fromEntries(sorted);
}
