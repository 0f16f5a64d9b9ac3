import { readError } from "../read-error.ts";

/** What would change how the message is framed, whom it is for, or who asks: never taken from a check. */
const reserved = new Set([
  ...["authorization", "proxy-authorization", "cookie", "host", "connection", "content-length"],
  ...["transfer-encoding", "upgrade", "te", "trailer", "expect", "keep-alive", "proxy-connection"],
]);

const secretValues = new Set([
  ...["set-cookie", "set-cookie2", "authorization", "proxy-authorization"],
  ...["authentication-info", "proxy-authentication-info", "cookie"],
]);

/** The headers of a request: ours, and those a check may add. */
export function requestHeaders(
  own: Readonly<Record<string, string>> | undefined,
  what: string,
): Record<string, string> {
  // Never compressed unless the server insists: what is timed and counted is then what was sent.
  const headers: Record<string, string> = {
    accept: "*/*",
    "accept-encoding": "identity",
    "user-agent": "weekbook",
  };
  for (const [name, value] of Object.entries(own ?? {})) {
    const plain = name.toLowerCase();
    const isSound = /^[a-z0-9!#$%&'*+.^_`|~-]{1,100}$/.test(plain) && /^[\x20-\x7e]{0,1000}$/.test(value);
    if (isSound && !reserved.has(plain)) headers[plain] = value;
    else throw readError("malformed", what, "header-refused", `the header ${plain} cannot be sent`);
  }
  return headers;
}

/** Names in lower case, in the order they came; what could be a credential keeps its name alone. */
export function keptHeaders(raw: readonly [name: string, value: string][]): [string, string][] {
  return raw.map(([name, value]) => {
    const plain = name.toLowerCase();
    return [plain, secretValues.has(plain) ? "" : value];
  });
}

export function headerOf(headers: readonly [string, string][], name: string): string | undefined {
  return headers.find(([each]) => each.toLowerCase() === name)?.[1];
}
