/** A release of Kubernetes as servers and images write it: "v1.33.4", "1.29.3-eks-ae9a62a", "v1.31.2+k3s1". */
export type Version = { minor: number; text: string };

/** Null where it is no version of Kubernetes 1. */
export function parseVersion(text: string | undefined): Version | null {
  const parts = /^v?1\.(\d{1,3})(?:[.+-].*)?$/.exec(text ?? "");
  return parts ? { minor: Number(parts[1]), text: text ?? "" } : null;
}

/** The tag of an image, which the components of Kubernetes name after their release. */
export function imageTag(image: string | undefined): string | undefined {
  const [named = ""] = (image ?? "").split("@");
  const last = named.slice(named.lastIndexOf("/") + 1);
  return last.includes(":") ? last.slice(last.indexOf(":") + 1) : undefined;
}

/** How many minor releases a kubelet, or kube-proxy, may be older than the API server: two before 1.25. */
export const mostBehind = ({ minor }: Version): number => (minor < 25 ? 2 : 3);
