export type KubeletProcess = {
  /** null: not every process may be seen */
  running: boolean | null;
  endpoint: string | null;
};

/** The command lines of processes named kubelet. No `ps` is asked: that of busybox cannot be, by name. */
export const kubeletScript = `exec 2>/dev/null; cd /proc || exit 1; read -r name <1/comm && printf 'visible\\n'; for f in $(grep -lx kubelet [0-9]*/comm); do printf 'kubelet '; tr '\\000\\n' '  ' <\${f%comm}cmdline; printf '\\n'; done; :`;

export function parseKubeletProcess({ stdout }: { stdout: string }): KubeletProcess {
  const line = stdout.split("\n").find((one) => one.startsWith("kubelet "));
  if (line) return { running: true, endpoint: parseEndpoint(line) };
  return { running: /^visible$/m.test(stdout) ? false : null, endpoint: null };
}

/** The runtime's socket out of kubelet flags or its configuration; null where neither names one. */
export function parseEndpoint(text: string): string | null {
  const flag = /--container-runtime-endpoint[= ]["']?([^\s"']+)/.exec(text)?.[1];
  const field = /^containerRuntimeEndpoint:[ \t]*["']?([^\s"'#]+)/m.exec(text)?.[1];
  return flag ?? field ?? null;
}

export type Version = [major: number, minor: number];

/** The first version in what a program prints about itself. */
export function parseVersion({ stdout }: { stdout: string }): Version | null {
  const found = /(?:^|[\sv])(\d+)\.(\d+)(?:\.\d+)?/m.exec(stdout);
  return found ? [Number(found[1]), Number(found[2])] : null;
}

const atLeast = ([major, minor]: Version, [a, b]: Version) => major > a || (major === a && minor >= b);

export type Helper = "socat" | "nsenter";
type Runtime = "containerd" | "CRI-O" | "cri-dockerd" | "dockershim";

/** Which runtime a kubelet uses: by its endpoint, or by what its version takes without one. */
export function runtimeOf(endpoint: string | null, kubelet: Version | null): Runtime | null {
  if (endpoint) {
    if (/cri-dockerd/.test(endpoint)) return "cri-dockerd";
    if (/dockershim/.test(endpoint)) return "dockershim";
    if (/crio/.test(endpoint)) return "CRI-O";
    return /containerd/.test(endpoint) ? "containerd" : null;
  }
  if (!kubelet) return null;
  return atLeast(kubelet, [1, 24]) ? "containerd" : "dockershim";
}

/** The programs a runtime calls on the node for each forwarded port. Without its version: those it ever called. */
export function helpersOf(runtime: Runtime, version: Version | null): Helper[] {
  if (runtime === "cri-dockerd" || runtime === "dockershim") return ["socat", "nsenter"];
  if (runtime === "CRI-O") return version && atLeast(version, [1, 19]) ? [] : ["socat", "nsenter"];
  if (!version) return ["socat", "nsenter"];
  if (atLeast(version, [1, 4])) return [];
  return atLeast(version, [1, 1]) ? ["socat"] : ["socat", "nsenter"];
}
