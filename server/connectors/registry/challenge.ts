export type Challenge = { scheme: "bearer" | "basic"; params: Map<string, string> };

const maxLength = 4096;

/** The first challenge of a WWW-Authenticate header that we can meet; Bearer before Basic. */
export function parseChallenge(header: string | undefined): Challenge | undefined {
  if (header === undefined || header.length > maxLength) return undefined;
  // What stands in quotes names no scheme, whatever it says.
  const bare = header.replace(/"[^"]*"/g, (quoted) => "_".repeat(quoted.length));
  const found = [...bare.matchAll(/(?:^|,)\s{0,10}(bearer|basic)(?:\s+|$)/gi)].map((match, index, all) => {
    const end = all[index + 1]?.index ?? header.length;
    const scheme = match[1]?.toLowerCase() === "bearer" ? ("bearer" as const) : ("basic" as const);
    return { scheme, params: paramsOf(header.slice(match.index + match[0].length, end)) };
  });
  return found.find(({ scheme }) => scheme === "bearer") ?? found[0];
}

function paramsOf(text: string): Map<string, string> {
  const params = new Map<string, string>();
  for (const [, name, quoted, plain] of text.matchAll(
    /([a-z_]{1,30})=(?:"([^"]{0,2000})"|([^\s",]{1,2000}))/gi,
  )) {
    if (name) params.set(name.toLowerCase(), quoted ?? plain ?? "");
  }
  return params;
}
