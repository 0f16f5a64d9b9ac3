import type { Endpoint } from "../dialler.ts";
import { readError } from "../read-error.ts";

const maxUrlLength = 4096;

/** An absolute http or https address without a user in it. `what` is who asks, for the message. */
export function parseHttpUrl(text: string, what: string, base?: URL): URL {
  const isUrl = text.length <= maxUrlLength && URL.canParse(text, base);
  if (!isUrl) throw readError("malformed", what, "not-a-url", "the address is not a whole http or https URL");
  const url = new URL(text, base);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    const sentence = `${url.protocol} addresses are not opened, only http: and https:`;
    throw readError("refused-address", what, "not-http", sentence);
  }
  if (url.username !== "" || url.password !== "") {
    const sentence = "the address holds a user or a password; register the endpoint with its credential";
    throw readError("refused-address", what, "user-in-url", sentence);
  }
  url.hash = "";
  return url;
}

/** `path` below the registered address: it cannot lead to another server, nor above it. */
export function belowBase(base: URL, path: string | undefined, what: string): URL {
  if (path === undefined || path === "") return new URL(base);
  const prefix = base.pathname.replace(/\/$/, "");
  const url = parseHttpUrl(`${base.origin}${prefix}${path.startsWith("/") ? "" : "/"}${path}`, what);
  if (url.origin === base.origin && (url.pathname === prefix || url.pathname.startsWith(`${prefix}/`))) {
    return url;
  }
  const sentence = "the path leads out of the registered address";
  throw readError("refused-address", what, "outside-base", sentence);
}

export function endpointOf(url: URL): Endpoint {
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port || (url.protocol === "https:" ? 443 : 80)),
  };
}
