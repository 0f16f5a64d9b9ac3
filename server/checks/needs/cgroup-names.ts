const containerLast = /^(?:(?:cri-containerd|crio|docker|libpod)-)?([0-9a-f]{64})(?:\.scope)?$/;
const podLast = /^(?:kubepods(?:-burstable|-besteffort)?-)?pod([0-9a-f]{8}[-_][0-9a-f_-]{27})(?:\.slice)?$/;

/** "container 311b6326ff9c" for the layouts of containerd, CRI-O and Docker with either cgroup driver. */
export function containerName(group: string): string | null {
  const last = group.split("/").at(-1) ?? "";
  const id = containerLast.exec(last)?.[1];
  if (id) return `container ${id.slice(0, 12)}`;
  const pod = podLast.exec(last)?.[1];
  return pod ? `pod ${pod.replaceAll("_", "-")}` : null;
}

/** The whole id of the container a group is of. */
export function containerIdOf(group: string): string | null {
  const last = group.split("/").findLast((part) => containerLast.test(part));
  return (last && containerLast.exec(last)?.[1]) ?? null;
}

/** The pod a group is of, or inside of. */
export function podUidOf(group: string): string | null {
  const part = group.split("/").findLast((each) => podLast.test(each));
  return (part && podLast.exec(part)?.[1]?.replaceAll("_", "-")) ?? null;
}

/** The unit of systemd a group is of: the deepest service or scope. */
export function unitOf(group: string): string | null {
  return group.split("/").findLast((part) => /\.(service|scope)$/.test(part)) ?? null;
}
