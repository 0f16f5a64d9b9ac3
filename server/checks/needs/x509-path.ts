import type { Certificate } from "./x509.ts";

export type CertificatePath = {
  /** from the leaf upwards, as far as issuers are known */
  path: Certificate[];
  /** the path ends in a certificate that signed itself */
  reachesRoot: boolean;
  /** presented, but no part of the path, by their position */
  unused: number[];
  /** presented in the path's order, extra certificates aside */
  inOrder: boolean;
};

/**
 * Follows issuers from `leaf` (the first presented certificate unless told otherwise) through what was presented,
 * then through `known` (a verifier's chain, given roots).
 */
export function buildPath(
  presented: Certificate[],
  known: Certificate[] = [],
  leaf: Certificate | undefined = presented[0],
): CertificatePath {
  if (!leaf) return { path: [], reachesRoot: false, unused: [], inOrder: true };
  const path = [leaf];
  const used = new Set([leaf.sha256]);
  for (let top = leaf; !top.selfIssued; ) {
    const candidates = [...presented, ...known].filter((candidate) => !used.has(candidate.sha256));
    // Of several with the issuer's name, the one whose key identifier fits; a wrong key shows at its signature.
    const issuer =
      candidates.find((candidate) => issued(candidate, top)) ??
      candidates.find((candidate) => candidate.x509.subject === top.x509.issuer);
    if (!issuer) break;
    used.add(issuer.sha256);
    path.push(issuer);
    top = issuer;
  }
  const positions = path
    .map((certificate) => presented.findIndex((one) => one.sha256 === certificate.sha256))
    .filter((position) => position >= 0);
  return {
    path,
    reachesRoot: path.at(-1)?.selfIssued ?? false,
    unused: presented.flatMap((one, index) =>
      positions.includes(index) || used.has(one.sha256) ? [] : [index],
    ),
    inOrder: positions.every((position, index) => index === 0 || position > (positions[index - 1] ?? -1)),
  };
}

/** By name and, where both carry them, key identifiers. Signatures are a step of their own. */
function issued(issuer: Certificate, subject: Certificate): boolean {
  return issuer.x509.subject === subject.x509.issuer && subject.x509.checkIssued(issuer.x509);
}

/** In a shuffled document the leaf need not come first: it is the one that issued none of the others. */
export function findLeaf(certificates: Certificate[]): Certificate | undefined {
  const first = certificates[0];
  if (first && !first.isAuthority) return first;
  return (
    certificates.find((one) => !one.isAuthority) ??
    certificates.find((one) => !certificates.some((other) => other !== one && issued(one, other))) ??
    first
  );
}
