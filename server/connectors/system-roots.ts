import { getCACertificates } from "node:tls";

let roots: string[] | undefined;

/** Node's own roots and those this machine trusts. */
export function systemRoots(): string[] {
  roots ??= [...new Set([...getCACertificates("default"), ...getCACertificates("system")])];
  return roots;
}
