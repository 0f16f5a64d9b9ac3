import { ApiError } from "./status.ts";

/** What a client wants of the API's own objects. */
export type Representation =
  | { as: "object" }
  | { as: "metadata" }
  | { as: "table"; include: "None" | "Metadata" | "Object" };

type MediaType = { type: string; parameters: Record<string, string> };

function parseAccept(accept: string): MediaType[] {
  return accept.split(",").map((part) => {
    const [type = "", ...rest] = part.split(";").map((piece) => piece.trim());
    return { type, parameters: Object.fromEntries(rest.map((pair) => pair.split("=", 2))) };
  });
}

const isJson = (type: string) => ["application/json", "application/*", "*/*", ""].includes(type);

/** Picks the first acceptable form; metadata-only and tables are asked for by parameters of application/json. */
export function negotiate(accept: string, kind: "list" | "one", query: URLSearchParams): Representation {
  const wanted = parseAccept(accept);
  for (const { type, parameters } of wanted) {
    if (!isJson(type)) continue;
    const { as, g, v } = parameters;
    if (as === undefined) return { as: "object" };
    if (g !== "meta.k8s.io" || v !== "v1") continue;
    if (as === "Table") return { as: "table", include: includeOf(query) };
    if (as === (kind === "list" ? "PartialObjectMetadataList" : "PartialObjectMetadata"))
      return { as: "metadata" };
  }
  if (wanted.some(({ type }) => isJson(type))) {
    const message = "only the following media types are accepted: application/json";
    throw new ApiError(406, "NotAcceptable", message);
  }
  throw new ApiError(
    406,
    "NotAcceptable",
    "406: Not Acceptable\n\nAvailable representations: application/json",
    {
      details: {},
    },
  );
}

function includeOf(query: URLSearchParams): "None" | "Metadata" | "Object" {
  const asked = query.get("includeObject");
  return asked === "None" || asked === "Object" ? asked : "Metadata";
}

/** Aggregated discovery is asked for by `as=APIGroupDiscoveryList`; the version that was chosen, or none. */
export function discoveryVersion(accept: string): "v2" | null {
  for (const { type, parameters } of parseAccept(accept)) {
    if (!isJson(type)) continue;
    if (parameters.as === undefined) return null;
    if (parameters.as === "APIGroupDiscoveryList" && parameters.v === "v2") return "v2";
  }
  return null;
}
