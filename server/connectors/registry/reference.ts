import { parseHttpUrl } from "../http/address.ts";
import { readError } from "../read-error.ts";

export type Reference = {
  /** of the registry's API, without the /v2 */
  base: URL;
  /** at the registered registry, whose credential and trust are for it alone */
  isOwn: boolean;
  repository: string;
  /** empty where a digest alone is asked for */
  tag: string;
  digest: string | undefined;
};

const repositoryPattern =
  /^[a-z0-9]+(?:(?:\.|_{1,2}|-{1,10})[a-z0-9]+){0,50}(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-{1,10})[a-z0-9]+){0,50}){0,10}$/;
const hostPattern = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)(:\d{1,5})?$/;
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
export const digestPattern = /^sha256:[a-f0-9]{64}$|^sha512:[a-f0-9]{128}$/;

/** "registry.example:5000/team/app:1.2@sha256:…"; without a registry in it, at the registered one. */
export function parseReference(text: string, own: URL | undefined): Reference {
  const what = `image ${text.slice(0, 300)}`;
  const refuse = (sentence: string) => readError("malformed", what, "bad-reference", sentence);
  const [named = "", digest, ...more] = text.trim().split("@");
  if (more.length > 0 || (digest !== undefined && !digestPattern.test(digest))) {
    throw refuse("the digest is not sha256: or sha512: and its hexadecimal digits");
  }
  const [first = "", ...rest] = named.split("/");
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  if (!hasHost && !own) {
    const sentence = "the reference names no registry, and none is registered here";
    throw readError("not-supplied", what, "no-address", sentence);
  }
  if (hasHost && !hostPattern.test(first)) throw refuse("the registry is no host");
  const path = hasHost ? rest.join("/") : named;
  const colon = path.indexOf(":");
  const repository = colon < 0 ? path : path.slice(0, colon);
  const tag = colon < 0 ? (digest ? "" : "latest") : path.slice(colon + 1);
  if (repository.length > 255 || !repositoryPattern.test(repository)) {
    throw refuse("the repository's name is not in lower-case letters, digits and single separators");
  }
  if ((tag !== "" || colon >= 0) && !tagPattern.test(tag)) throw refuse("the tag is none");
  const isOwn = own !== undefined && (!hasHost || first === own.host);
  const base = isOwn ? own : parseHttpUrl(baseOf(first), what);
  return { base, isOwn, repository: repositoryAt(base, repository), tag, digest };
}

/** As container engines do: https, but for a registry on this very machine. */
function baseOf(host: string): string {
  if (/^(docker\.io|index\.docker\.io)$/.test(host)) return "https://registry-1.docker.io";
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+)(:\d+)?$/.test(host);
  return `${isHere ? "http" : "https"}://${host}`;
}

function repositoryAt({ host }: URL, repository: string): string {
  return host === "registry-1.docker.io" && !repository.includes("/") ? `library/${repository}` : repository;
}
